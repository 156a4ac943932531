import { createPipelineRequest } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import tls from "node:tls";
import { createHttpClient, type ClosableHttpClient } from "../../../src/network/http-client.js";
import { NetworkError } from "../../../src/network/network-error.js";
import { readProxySettings } from "../../../src/network/proxy-settings.js";
import {
  createAuthority,
  startHttpsServer,
  startProxy,
  startTcpServer,
  type TestServer,
} from "./https-server.js";

/** A name that only the proxy can reach: its test double connects to 127.0.0.1, whatever name is asked. */
const VAULT = "name.vault.example";

describe("network/tunnel-agent", () => {
  const authority = createAuthority([VAULT, "localhost"]);
  const context = tls.createSecureContext({ ca: authority.authorityPem });
  const trust = (): Promise<tls.SecureContext> => Promise.resolve(context);
  let target: TestServer;
  const clients: ClosableHttpClient[] = [];
  const proxies: TestServer[] = [];

  const clientThrough = (proxyUrl: string, tryTimeoutMs = 5_000): ClosableHttpClient => {
    const made = createHttpClient({
      trust,
      tryTimeoutMs,
      proxy: readProxySettings({ HTTPS_PROXY: proxyUrl }),
    });
    clients.push(made);
    return made;
  };
  const proxyWith = async (...args: Parameters<typeof startProxy>): Promise<TestServer> => {
    const proxy = await startProxy(...args);
    proxies.push(proxy);
    return proxy;
  };
  const request = (): ReturnType<typeof createPipelineRequest> =>
    createPipelineRequest({ url: `https://${VAULT}:${String(target.port)}/secrets/a` });
  const failureOf = async (client: ClosableHttpClient, abortSignal?: AbortSignal): Promise<NetworkError> => {
    try {
      await client.sendRequest(Object.assign(request(), abortSignal === undefined ? {} : { abortSignal }));
    } catch (error) {
      expect(error).to.be.instanceOf(NetworkError);
      return error as NetworkError;
    }
    throw new Error("the request succeeded");
  };

  before(async () => {
    target = await startHttpsServer(authority, (_request, response) => response.end("through"));
  });
  after(() => target.close());
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  });

  it("reaches the target through an http proxy, checks its certificate, and keeps the tunnel", async () => {
    const proxy = await proxyWith(() => 200);
    const client = clientThrough(`http://127.0.0.1:${String(proxy.port)}`);
    for (let i = 0; i < 3; i += 1) {
      expect((await client.sendRequest(request())).bodyAsText).to.equal("through");
    }
    expect(proxy.requests).to.deep.equal([`CONNECT ${VAULT}:${String(target.port)}`]);
  });

  it("trusts the same authorities for an https proxy", async () => {
    const proxy = await proxyWith(() => 200, authority);
    const client = clientThrough(`https://localhost:${String(proxy.port)}`);
    expect((await client.sendRequest(request())).bodyAsText).to.equal("through");
  });

  it("refuses an https proxy that it does not trust", async () => {
    const proxy = await proxyWith(() => 200, createAuthority());
    const failure = await failureOf(clientThrough(`https://localhost:${String(proxy.port)}`));
    expect(failure.kind).to.equal("proxy");
    expect(failure.message).to.match(
      /^the proxy of HTTPS_PROXY cannot be used: the certificate of localhost/,
    );
    expect(proxy.requests).to.deep.equal([]);
  });

  it("refuses a target that it does not trust, behind a proxy as without one", async () => {
    const proxy = await proxyWith(() => 200);
    const strange = await startHttpsServer(createAuthority([VAULT]), (_request, response) => response.end());
    proxies.push(strange);
    const client = clientThrough(`http://127.0.0.1:${String(proxy.port)}`);
    const url = `https://${VAULT}:${String(strange.port)}/`;
    const failure = await client.sendRequest(createPipelineRequest({ url })).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(NetworkError).and.have.property("kind", "tls");
    expect(strange.requests).to.deep.equal([]);
  });

  it("gives the proxy its user and password, decoded", async () => {
    let authorization: string | undefined;
    const proxy = await proxyWith((connect) => {
      authorization = connect.headers["proxy-authorization"];
      return 200;
    });
    await clientThrough(`http://us%40er:p%3Aw@127.0.0.1:${String(proxy.port)}`).sendRequest(request());
    expect(authorization).to.equal(`Basic ${Buffer.from("us@er:p:w").toString("base64")}`);
  });

  describe("a refusal names the proxy and the remedy, never the password", () => {
    const cases = [
      { status: 407, remedy: "it wants other credentials: check user and password in HTTPS_PROXY" },
      { status: 403, remedy: "allow the target in the proxy, or name it in NO_PROXY" },
      { status: 502, remedy: "allow the target in the proxy, or name it in NO_PROXY" },
    ];
    for (const { status, remedy } of cases) {
      it(String(status), async () => {
        const proxy = await proxyWith(() => status);
        const host = `127.0.0.1:${String(proxy.port)}`;
        const failure = await failureOf(clientThrough(`http://user:hunter2@${host}`));
        expect(failure.kind).to.equal("proxy");
        expect(failure.status).to.equal(status);
        expect(failure.message).to.equal(
          `the proxy ${host} refused the tunnel with HTTP ${String(status)}; ${remedy}`,
        );
        expect(JSON.stringify(failure) + String(failure.stack)).to.not.include("hunter2");
      });
    }

    it("a closed port", async () => {
      const failure = await failureOf(clientThrough("http://user:hunter2@127.0.0.1:1"));
      expect(failure.message).to.equal(
        "the proxy of HTTPS_PROXY cannot be used: cannot connect to 127.0.0.1:1 (ECONNREFUSED); " +
          "check firewall, route and proxy settings",
      );
    });

    it("a kind that is not supported", async () => {
      const failure = await failureOf(clientThrough("socks5://user:hunter2@127.0.0.1:1"));
      expect(failure.kind).to.equal("proxy");
      expect(failure.message).to.not.include("hunter2");
    });

    it("a server that is no proxy", async () => {
      const odd = await startTcpServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
      proxies.push(odd);
      const failure = await failureOf(clientThrough(`http://127.0.0.1:${String(odd.port)}`));
      expect(failure.kind).to.equal("proxy");
      expect(failure.message).to.not.include("SSH");
    });

    it("a proxy that speaks before the tunnel is open", async () => {
      const odd = await startTcpServer((socket) => socket.write("HTTP/1.1 200 OK\r\n\r\nearly"));
      proxies.push(odd);
      expect((await failureOf(clientThrough(`http://127.0.0.1:${String(odd.port)}`))).kind).to.equal("proxy");
    });
  });

  describe("a proxy that never answers", () => {
    const gone = async (proxy: TestServer): Promise<void> => {
      while (proxy.connections.size > 0) await new Promise((resolve) => setImmediate(resolve));
    };

    it("is cut by the time limit, and its socket closed", async () => {
      const proxy = await proxyWith(() => 0);
      const failure = await failureOf(clientThrough(`http://127.0.0.1:${String(proxy.port)}`, 80));
      expect(failure.kind).to.equal("timeout");
      await gone(proxy);
    });

    it("is left at once when the caller gives up", async () => {
      const proxy = await proxyWith(() => 0);
      const controller = new AbortController();
      setTimeout(() => {
        controller.abort();
      }, 50);
      const failure = await failureOf(
        clientThrough(`http://127.0.0.1:${String(proxy.port)}`),
        controller.signal,
      );
      expect(failure.kind).to.equal("aborted");
      await gone(proxy);
    });
  });
});
