import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { expect } from "chai";
import type http from "node:http";
import https from "node:https";
import tls from "node:tls";
import { gzipSync } from "node:zlib";
import {
  createHttpClient,
  type ClosableHttpClient,
  type HttpClientOptions,
} from "../../../src/network/http-client.js";
import { NetworkError } from "../../../src/network/network-error.js";
import { createAuthority, startHttpsServer, startTcpServer, type TestServer } from "./https-server.js";

const MIB = 1024 * 1024;

/** The error that a promise rejects with; fails the test when it is no NetworkError. */
async function failureOf(promise: Promise<PipelineResponse>): Promise<NetworkError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(NetworkError);
    return error as NetworkError;
  }
  throw new Error("the request succeeded");
}

/** Resolves when the server sees that every connection has gone. */
async function allClosed(server: TestServer): Promise<void> {
  while (server.connections.size > 0) await new Promise((resolve) => setImmediate(resolve));
}

describe("network/http-client createHttpClient", () => {
  const authority = createAuthority();
  const context = tls.createSecureContext({ ca: authority.authorityPem });
  const trust = (): Promise<tls.SecureContext> => Promise.resolve(context);
  const clients: ClosableHttpClient[] = [];
  const servers: TestServer[] = [];

  const client = (options: Partial<HttpClientOptions> = {}): ClosableHttpClient => {
    const made = createHttpClient({ trust, ...options });
    clients.push(made);
    return made;
  };
  const serve = async (
    handler: http.RequestListener,
    options: https.ServerOptions = {},
  ): Promise<TestServer> => {
    const server = await startHttpsServer(authority, handler, options);
    servers.push(server);
    return server;
  };
  const serveTcp = async (...args: Parameters<typeof startTcpServer>): Promise<TestServer> => {
    const server = await startTcpServer(...args);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    for (const made of clients.splice(0)) made.close();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  describe("requests and answers", () => {
    it("sends method, path, query, headers and body, and gives status, headers and text back", async () => {
      let seen = "";
      const server = await serve((request, response) => {
        request.on("data", (chunk: Buffer) => (seen += chunk.toString()));
        request.on("end", () => {
          seen += ` ${String(request.headers["x-mine"])} ${String(request.headers["content-length"])}`;
          response.writeHead(429, { "retry-after": "7", "set-cookie": ["a=1", "b=2"] }).end("täglich");
        });
      });
      const response = await client().sendRequest(
        createPipelineRequest({
          url: `${server.origin}/token?x=1%202`,
          method: "POST",
          headers: createHttpHeaders({ "X-Mine": "yes" }),
          body: "grant=ü",
        }),
      );
      expect(server.requests).to.deep.equal(["POST /token?x=1%202"]);
      expect(seen).to.equal("grant=ü yes 8");
      expect(response.status).to.equal(429);
      expect(response.headers.get("Retry-After")).to.equal("7");
      expect(response.headers.get("set-cookie")).to.equal("a=1");
      expect(response.bodyAsText).to.equal("täglich");
    });

    it("keeps the connection for the next request", async () => {
      const server = await serve((_request, response) => response.end("{}"));
      const http1 = client();
      for (let i = 0; i < 5; i += 1) await http1.sendRequest(createPipelineRequest({ url: server.origin }));
      expect(server.connectionCount()).to.equal(1);
    });

    it("opens no more connections to a host than allowed; the others wait", async () => {
      const server = await serve((_request, response) => setTimeout(() => response.end("{}"), 5));
      const http1 = client({ maxSocketsPerOrigin: 2 });
      const request = createPipelineRequest({ url: server.origin });
      await Promise.all(Array.from({ length: 12 }, () => http1.sendRequest(request)));
      expect(server.requests).to.have.length(12);
      expect(server.connectionCount()).to.equal(2);
    });

    it("when all connections together are too many, a host still has two", async () => {
      const hanging = await serve(() => undefined);
      const good = await serve((_request, response) => response.end("{}"));
      const http1 = client({ maxSocketsTogether: 4, tryTimeoutMs: 5_000 });
      const stuck = Array.from({ length: 10 }, () =>
        failureOf(http1.sendRequest(createPipelineRequest({ url: hanging.origin }))),
      );
      await Promise.all(
        Array.from({ length: 10 }, () => http1.sendRequest(createPipelineRequest({ url: good.origin }))),
      );
      expect(hanging.connectionCount()).to.equal(4);
      expect(good.connectionCount()).to.equal(2);
      http1.close();
      await hanging.close();
      servers.splice(servers.indexOf(hanging), 1);
      await Promise.all(stuck);
    });

    it("does not follow a redirect", async () => {
      const server = await serve((_request, response) => response.writeHead(307, { location: "/b" }).end());
      const response = await client().sendRequest(createPipelineRequest({ url: server.origin }));
      expect(response.status).to.equal(307);
      expect(server.requests).to.deep.equal(["GET /"]);
    });

    it("overrules what a request says of encoding, host, agent and TLS", async () => {
      let headers: http.IncomingHttpHeaders = {};
      const server = await serve((request, response) => {
        headers = request.headers;
        response.end("{}");
      });
      await client().sendRequest(
        createPipelineRequest({
          url: server.origin,
          headers: createHttpHeaders({
            "Accept-Encoding": "gzip,deflate",
            Host: "elsewhere.example",
            "Proxy-Authorization": "Basic eA==",
          }),
          agent: new https.Agent({ ca: [] }),
          tlsSettings: { ca: [] },
          proxySettings: { host: "http://localhost", port: 1 },
        }),
      );
      expect(headers["accept-encoding"]).to.equal("identity");
      expect(headers.host).to.equal(`localhost:${String(server.port)}`);
      expect(headers).to.not.have.property("proxy-authorization");
    });
  });

  describe("caps", () => {
    for (const { size, framing } of [
      { size: 999, framing: "length" },
      { size: 1_000, framing: "length" },
      { size: 999, framing: "chunks" },
      { size: 1_000, framing: "chunks" },
    ]) {
      it(`takes ${String(size)} of at most 1000 bytes, sent with ${framing}`, async () => {
        const server = await serve((_request, response) => {
          if (framing === "chunks") response.write("x");
          response.end("x".repeat(framing === "chunks" ? size - 1 : size));
        });
        const http1 = client({ maxResponseBytes: 1_000 });
        const response = await http1.sendRequest(createPipelineRequest({ url: server.origin }));
        expect(response.bodyAsText).to.have.length(size);
      });
    }

    for (const framing of ["length", "chunks"]) {
      it(`refuses 1001 bytes, sent with ${framing}, and closes the connection`, async () => {
        const server = await serve((_request, response) => {
          if (framing === "length") response.writeHead(200, { "content-length": "1001" });
          response.write("x".repeat(1_001)); // and never ends
        });
        const http1 = client({ maxResponseBytes: 1_000 });
        const failure = await failureOf(http1.sendRequest(createPipelineRequest({ url: server.origin })));
        expect(failure.kind).to.equal("too-large");
        expect(failure.message).to.equal(
          `the answer of localhost:${String(server.port)} is larger than 1000 bytes`,
        );
        await allClosed(server);
      });
    }

    it("ends an endless body at the cap, with the memory of the cap", async () => {
      const server = await serve((_request, response) => {
        const chunk = Buffer.alloc(64 * 1024, "x");
        const pump = (): void => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on("drain", pump);
        pump();
      });
      const failure = await failureOf(client().sendRequest(createPipelineRequest({ url: server.origin })));
      expect(failure.kind).to.equal("too-large");
      expect(failure.message).to.include(`${String(MIB)} bytes`);
    });

    it("refuses a compressed body instead of inflating it", async () => {
      const server = await serve((_request, response) =>
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(50 * MIB))),
      );
      const failure = await failureOf(client().sendRequest(createPipelineRequest({ url: server.origin })));
      expect(failure.kind).to.equal("invalid-answer");
      expect(failure.status).to.equal(200);
    });

    it("takes one interim answer, and ends a request that gets them without end", async () => {
      const server = await serve((request, response) => {
        const pump = (): void => {
          while (!response.destroyed && response.writable) {
            response.writeProcessing();
            if (request.url === "/one") break;
            if (response.socket?.writableNeedDrain === true) return;
          }
          response.end("{}");
        };
        request.socket.on("drain", pump);
        pump();
      });
      const http1 = client();
      const one = await http1.sendRequest(createPipelineRequest({ url: `${server.origin}/one` }));
      expect(one.bodyAsText).to.equal("{}");
      const failure = await failureOf(
        http1.sendRequest(createPipelineRequest({ url: `${server.origin}/endless` })),
      );
      expect(failure.kind).to.equal("invalid-answer");
      expect(failure.message).to.equal(`localhost:${String(server.port)} sends interim answers without end`);
      await allClosed(server);
    });

    it("refuses a body in more than 4096 pieces: each is work, however small", async () => {
      let pieces = 4_096;
      const server = await serveTcp((socket) => {
        socket.once("data", () => {
          const chunks = "1\r\nx\r\n".repeat(pieces);
          socket.end(
            `HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`,
          );
        });
      });
      const url = server.origin.replace("https:", "http:");
      const http1 = client({ plainHttpOrigins: [url] });
      const request = (): PipelineRequest => createPipelineRequest({ url, allowInsecureConnection: true });
      expect((await http1.sendRequest(request())).bodyAsText).to.have.length(4_096);
      pieces = 4_097;
      const failure = await failureOf(http1.sendRequest(request()));
      expect(failure.kind).to.equal("invalid-answer");
      expect(failure.message).to.contain("more than 4096 pieces");
    });

    it("counts what comes before an answer: empty lines, which the parser passes over", async () => {
      const lines = Buffer.from("\r\n".repeat(32_000));
      const server = await serveTcp((socket) => {
        const pump = (): void => {
          while (!socket.destroyed && socket.write(lines));
        };
        socket.on("error", () => undefined);
        socket.on("drain", pump);
        socket.once("data", pump);
      });
      const origin = server.origin.replace("https:", "http:");
      const http1 = client({ plainHttpOrigins: [origin], maxResponseBytes: 1_000 });
      const failure = await failureOf(
        http1.sendRequest(createPipelineRequest({ url: origin, allowInsecureConnection: true })),
      );
      expect(failure.kind).to.equal("too-large");
      expect(failure.message).to.contain(`more than ${String(1_000 + 256 * 1024)} bytes`);
      await allClosed(server);
    });

    it("counts each answer of a kept connection by itself", async () => {
      const server = await serve((_request, response) => response.end("x".repeat(200_000)));
      const http1 = client({ maxResponseBytes: 200_000, maxSocketsPerOrigin: 1 });
      for (let i = 0; i < 5; i += 1) {
        const { bodyAsText } = await http1.sendRequest(createPipelineRequest({ url: server.origin }));
        expect(bodyAsText).to.have.length(200_000);
      }
      expect(server.connectionCount()).to.equal(1);
    });

    it("refuses headers beyond Node's limit", async () => {
      const server = await serve((_request, response) =>
        response.writeHead(200, { "x-long": "x".repeat(40_000) }).end(),
      );
      const failure = await failureOf(client().sendRequest(createPipelineRequest({ url: server.origin })));
      expect(failure.kind).to.equal("too-large");
      expect(failure.systemCode).to.equal("HPE_HEADER_OVERFLOW");
    });
  });

  describe("time limit of one try", () => {
    const hangingServers: { name: string; stage: string; start: () => Promise<TestServer> }[] = [
      {
        name: "a server that never speaks TLS",
        stage: "during the TLS handshake",
        start: () => serveTcp((socket) => socket.resume()),
      },
      {
        name: "a server that never answers",
        stage: "while waiting for the answer",
        start: () => serve(() => undefined),
      },
      {
        name: "a body that drips for ever",
        stage: "while reading the answer",
        start: () =>
          serve((_request, response) => {
            const drip = setInterval(() => response.write("x"), 5);
            response.on("close", () => {
              clearInterval(drip);
            });
          }),
      },
    ];
    for (const { name, stage, start } of hangingServers) {
      it(`cuts ${name}, and says where it was`, async () => {
        const server = await start();
        const http1 = client({ tryTimeoutMs: 120 });
        const failure = await failureOf(http1.sendRequest(createPipelineRequest({ url: server.origin })));
        expect(failure.kind).to.equal("timeout");
        expect(failure.message).to.equal(`localhost:${String(server.port)} took longer than 120 ms ${stage}`);
        await allClosed(server);
      });

      it(`an abort ends ${name} at once`, async () => {
        const server = await start();
        const controller = new AbortController();
        const running = failureOf(
          client().sendRequest(createPipelineRequest({ url: server.origin, abortSignal: controller.signal })),
        );
        setTimeout(() => {
          controller.abort();
        }, 60);
        const failure = await running;
        expect(failure.kind).to.equal("aborted");
        await allClosed(server);
      });
    }

    it("covers a name that is never resolved", async () => {
      const http1 = client({ tryTimeoutMs: 50, lookup: () => undefined });
      const failure = await failureOf(
        http1.sendRequest(createPipelineRequest({ url: "https://hole.example/" })),
      );
      expect(failure.message).to.equal("hole.example took longer than 50 ms while connecting");
    });

    it("covers the wait for a free connection", async () => {
      const server = await serve(() => undefined);
      const http1 = client({ tryTimeoutMs: 60, maxSocketsPerOrigin: 1 });
      const request = createPipelineRequest({ url: server.origin });
      const failures = await Promise.all([1, 2].map(() => failureOf(http1.sendRequest(request))));
      expect(failures.map((failure) => failure.kind)).to.deep.equal(["timeout", "timeout"]);
    });

    it("is the request's own timeout where that is shorter", async () => {
      const server = await serve(() => undefined);
      const request = createPipelineRequest({ url: server.origin, timeout: 40 });
      const failure = await failureOf(client().sendRequest(request));
      expect(failure.message).to.include("took longer than 40 ms");
    });

    it("sends nothing when the caller has given up already", async () => {
      const server = await serve((_request, response) => response.end());
      const request = createPipelineRequest({ url: server.origin, abortSignal: AbortSignal.abort() });
      expect((await failureOf(client().sendRequest(request))).kind).to.equal("aborted");
      expect(server.connectionCount()).to.equal(0);
    });

    it("one hanging host does not hold another up", async () => {
      const hanging = await serve(() => undefined);
      const good = await serve((_request, response) => response.end("{}"));
      const http1 = client({ tryTimeoutMs: 5_000, maxSocketsPerOrigin: 2 });
      const stuck = Array.from({ length: 10 }, () =>
        failureOf(http1.sendRequest(createPipelineRequest({ url: hanging.origin }))),
      );
      expect((await http1.sendRequest(createPipelineRequest({ url: good.origin }))).status).to.equal(200);
      http1.close();
      await hanging.close();
      servers.splice(servers.indexOf(hanging), 1);
      expect((await Promise.all(stuck)).every(({ kind }) => kind === "reset" || kind === "connect")).to.equal(
        true,
      );
    });
  });

  describe("broken connections", () => {
    it("trusts nothing but what it was given", async () => {
      const server = await serve((_request, response) => response.end());
      const strange = client({ trust: () => Promise.resolve(tls.createSecureContext()) });
      const failure = await failureOf(strange.sendRequest(createPipelineRequest({ url: server.origin })));
      expect(failure.kind).to.equal("tls");
      expect(failure.message).to.equal(
        `the certificate of localhost:${String(server.port)} is signed by an authority that is not trusted here ` +
          "(UNABLE_TO_VERIFY_LEAF_SIGNATURE); add the authority's certificate by SSL_CERT_FILE, SSL_CERT_DIR or " +
          "NODE_EXTRA_CA_CERTS",
      );
      expect(server.requests).to.deep.equal([]);
    });

    it("when the trust changes, the next request trusts anew, and idle connections go", async () => {
      const server = await serve((_request, response) => response.end("{}"));
      let now = context;
      const http1 = client({ trust: () => Promise.resolve(now) });
      const request = createPipelineRequest({ url: server.origin });
      await http1.sendRequest(request);
      now = tls.createSecureContext();
      expect((await failureOf(http1.sendRequest(request))).kind).to.equal("tls");
      await allClosed(server);
      now = context;
      await http1.sendRequest(request);
    });

    it("checks certificates whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
      const server = await serve((_request, response) => response.end());
      const strange = client({ trust: () => Promise.resolve(tls.createSecureContext()) });
      const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
      try {
        const failure = await failureOf(strange.sendRequest(createPipelineRequest({ url: server.origin })));
        expect(failure.kind).to.equal("tls");
      } finally {
        if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
        else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
      }
    });

    it("refuses a certificate for another name", async () => {
      const other = createAuthority(["other.example"]);
      const server = await startHttpsServer(other, (_request, response) => response.end());
      servers.push(server);
      const trusting = client({
        trust: () => Promise.resolve(tls.createSecureContext({ ca: other.authorityPem })),
      });
      const failure = await failureOf(trusting.sendRequest(createPipelineRequest({ url: server.origin })));
      expect(failure.kind).to.equal("tls");
      expect(failure.message).to.equal(
        `the certificate of localhost:${String(server.port)} is not accepted (ERR_TLS_CERT_ALTNAME_INVALID)`,
      );
    });

    it("does not speak TLS below 1.2", async () => {
      const options = { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" } as const;
      const server = await serve((_request, response) => response.end(), options);
      const failure = await failureOf(client().sendRequest(createPipelineRequest({ url: server.origin })));
      expect(failure.kind).to.equal("tls");
    });

    const refused: { name: string; url: string; kind: string; options?: Partial<HttpClientOptions> }[] = [
      { name: "a closed port", url: "https://localhost:1/", kind: "connect" },
      { name: "plain http", url: "http://localhost:1/", kind: "off-origin" },
      { name: "another scheme", url: "file:///etc/passwd", kind: "off-origin" },
      { name: "no URL", url: "vault", kind: "off-origin" },
      { name: "credentials in the URL", url: "https://user:hunter2@localhost/", kind: "off-origin" },
      {
        name: "a name that does not exist",
        url: "https://absent.example/",
        kind: "dns",
        options: {
          lookup: (_name, _options, callback) => {
            callback(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }), "");
          },
        },
      },
    ];
    for (const { name, url, kind, options } of refused) {
      it(`${name} is ${kind}`, async () => {
        const failure = await failureOf(client(options).sendRequest(createPipelineRequest({ url })));
        expect(failure.kind).to.equal(kind);
        expect(failure.message).to.not.include("hunter2");
      });
    }

    const torn: { name: string; kind: string; start: () => Promise<TestServer> }[] = [
      {
        name: "a connection closed before the handshake",
        kind: "reset",
        start: () => serveTcp((socket) => socket.destroy()),
      },
      {
        name: "a connection closed instead of an answer",
        kind: "reset",
        start: () => serve((request) => request.socket.destroy()),
      },
      {
        name: "a body shorter than announced",
        kind: "reset",
        start: () =>
          serve((request, response) => {
            response.writeHead(200, { "content-length": "100" }).write("short");
            setTimeout(() => request.socket.destroy(), 20);
          }),
      },
      {
        name: "text instead of HTTP",
        kind: "invalid-answer",
        start: () => serve((request) => request.socket.end("SSH-2.0-OpenSSH_9.6\r\n\r\n")),
      },
    ];
    for (const { name, kind, start } of torn) {
      it(`${name} is ${kind}`, async () => {
        const server = await start();
        const failure = await failureOf(client().sendRequest(createPipelineRequest({ url: server.origin })));
        expect(failure.kind).to.equal(kind);
        expect(failure.message).to.not.include("SSH");
      });
    }

    it("a token that HTTP cannot carry is an error without the token", async () => {
      const request = createPipelineRequest({
        url: "https://localhost:1/",
        headers: createHttpHeaders({ authorization: "Bearer TOP\u2028SECRET" }),
      });
      const failure = await failureOf(client().sendRequest(request));
      expect(failure.kind).to.equal("invalid-request");
      expect(failure.message).to.equal("the request to localhost:1 holds characters that HTTP forbids");
    });

    it("asks listed origins over plain http, and no other", async () => {
      const server = await serve(() => undefined);
      const origin = `http://localhost:${String(server.port)}`;
      const http1 = client({ plainHttpOrigins: [origin] });
      expect((await failureOf(http1.sendRequest(createPipelineRequest({ url: origin })))).kind).to.not.equal(
        "off-origin",
      );
      const other = createPipelineRequest({ url: "http://localhost:1/" });
      expect((await failureOf(http1.sendRequest(other))).kind).to.equal("off-origin");
    });
  });
});
