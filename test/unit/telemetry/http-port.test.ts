import { expect } from "chai";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { AddressLimit } from "../../../src/telemetry/address-limit.js";
import { createLogger } from "../../../src/telemetry/create-logger.js";
import {
  openHttpPort,
  plainText,
  type HttpPort,
  type HttpPortOptions,
  type HttpRoute,
} from "../../../src/telemetry/http-port.js";
import { createMetrics } from "../../../src/telemetry/metrics.js";
import { openMetricsPort } from "../../../src/telemetry/metrics-port.js";

describe("telemetry/http-port openHttpPort", () => {
  const ports: HttpPort[] = [];
  const lines: string[] = [];
  const log = createLogger({
    verbosity: 1,
    json: false,
    write: { out: (line) => lines.push(line), err: (line) => lines.push(line) },
  });

  afterEach(async () => {
    await Promise.all(ports.splice(0).map((port) => port.close()));
    lines.length = 0;
  });

  async function open(options: Partial<HttpPortOptions> = {}): Promise<string> {
    const port = openHttpPort({
      name: "tests",
      host: "127.0.0.1",
      port: 0,
      log,
      routes: new Map([
        ["/ok", () => Promise.resolve(plainText(200, "ok"))],
        ["/broken", () => Promise.reject(new Error("s3cret"))],
      ]),
      ...options,
    });
    ports.push(port);
    await port.tried;
    return `http://127.0.0.1:${String(port.port)}`;
  }

  const cases = [
    { method: "GET", path: "/ok", status: 200, body: "ok" },
    { method: "GET", path: "/ok?a=/broken", status: 200, body: "ok" },
    { method: "HEAD", path: "/ok", status: 200, body: "" },
    { method: "POST", path: "/ok", status: 405, body: "only GET and HEAD" },
    { method: "DELETE", path: "/ok", status: 405, body: "only GET and HEAD" },
    { method: "GET", path: "/", status: 404, body: "not found" },
    { method: "GET", path: "/ok/", status: 404, body: "not found" },
    { method: "GET", path: "/OK", status: 404, body: "not found" },
    { method: "GET", path: "/__proto__", status: 404, body: "not found" },
    { method: "GET", path: "/broken", status: 500, body: "internal error" },
  ];
  for (const { method, path, status, body } of cases) {
    it(`answers ${method} ${path} with ${status}`, async () => {
      const response = await fetch((await open()) + path, { method });
      expect(response.status).to.equal(status);
      expect(await response.text()).to.equal(body);
      expect(response.headers.get("connection")).to.equal("close");
      expect(response.headers.get("allow")).to.equal(status === 405 ? "GET, HEAD" : null);
    });
  }

  it("gives a route the query, and tells it when the caller goes", async () => {
    let gone: Promise<unknown> = Promise.resolve();
    const asked = new Promise<string | null>((resolve) => {
      const route: HttpRoute = async ({ query, signal }) => {
        gone = once(signal, "abort");
        resolve(query.get("a"));
        await gone;
        return plainText(200, "late");
      };
      void open({ routes: new Map([["/slow", route]]) }).then((url) => {
        const caller = new AbortController();
        fetch(`${url}/slow?a=b%20c&a=d`, { signal: caller.signal }).catch(() => undefined);
        void asked.then(() => {
          caller.abort();
        });
      });
    });
    expect(await asked).to.equal("b c");
    await gone;
  });

  it("takes only the methods and the hosts that it is told to", async () => {
    const url = await open({ methods: ["GET"], mayBeHost: (host) => host.startsWith("127.0.0.1:") });
    const head = await fetch(`${url}/ok`, { method: "HEAD" });
    expect([head.status, head.headers.get("allow")]).to.deep.equal([405, "GET"]);
    expect((await fetch(`${url}/ok`)).status).to.equal(200);
    const other = await fetch(`${url.replace("127.0.0.1", "localhost")}/ok`);
    expect([other.status, await other.text()]).to.deep.equal([403, "not under this name"]);
  });

  it("sends bytes as they are", async () => {
    const body = Uint8Array.of(0, 255, 10);
    const url = await open({
      routes: new Map([["/b", () => Promise.resolve({ status: 200, contentType: "a/b", body })]]),
    });
    expect(new Uint8Array(await (await fetch(`${url}/b`)).arrayBuffer())).to.deep.equal(body);
  });

  it("refuses headers beyond 8 KiB and goes on", async () => {
    const url = await open();
    const response = await fetch(`${url}/ok`, { headers: { "x-long": "x".repeat(9000) } });
    expect(response.status).to.equal(431);
    expect((await fetch(`${url}/ok`)).status).to.equal(200);
  });

  it("survives junk instead of HTTP", async () => {
    const url = await open();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x0a, 0x0a]));
    socket.resume();
    await once(socket, "close");
    expect((await fetch(`${url}/ok`)).status).to.equal(200);
  });

  it("drops the connections of an address beyond its limit", async () => {
    const url = await open({ limit: new AddressLimit({ maxOpen: 9, burst: 2, perSecond: 0 }) });
    expect((await fetch(`${url}/ok`)).status).to.equal(200);
    expect((await fetch(`${url}/ok`)).status).to.equal(200);
    const outcome = await fetch(`${url}/ok`).then(
      () => "answered",
      () => "dropped",
    );
    expect(outcome).to.equal("dropped");
  });

  it("goes on listening when a connection could not be accepted", async () => {
    const channel = "http.server.request.start";
    let server: Server | undefined;
    const see = (message: unknown): void => {
      ({ server } = message as { server: Server });
    };
    const url = await open({ retryMs: 1 });
    subscribe(channel, see);
    await fetch(`${url}/ok`);
    unsubscribe(channel, see);
    server?.emit("error", Object.assign(new Error("accept"), { code: "EMFILE" }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await fetch(`${url}/ok`)).status).to.equal(200);
    expect(lines.join("")).to.include('"A connection for tests could not be accepted" error="EMFILE"');
    expect(lines.join("")).to.not.include("Could not listen");
  });

  it("answers a probe while connections that say nothing fill the port", async () => {
    const url = await open({ limit: new AddressLimit({ maxOpen: 1_000, burst: 1_000, perSecond: 1_000 }) });
    const silent = Array.from({ length: 300 }, () => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.on("error", () => undefined);
      return socket;
    });
    for (const socket of silent) await once(socket, "connect");
    for (let i = 0; i < 3; i++) expect((await fetch(`${url}/ok`)).status).to.equal(200);
    for (const socket of silent) socket.destroy();
  });

  it("lets go of an answer that is read too slowly, however steadily", async () => {
    const large = { status: 200, contentType: "text/plain", body: Buffer.alloc(32 * 1024 * 1024) };
    const url = await open({ answerLimitMs: 300, routes: new Map([["/", () => Promise.resolve(large)]]) });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    const drip = setInterval(() => {
      socket.read(1);
    }, 20);
    socket.on("readable", () => undefined);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const startedAt = performance.now();
    // The end is seen only behind what the kernel holds already.
    setTimeout(() => {
      clearInterval(drip);
      socket.removeAllListeners("readable").resume();
    }, 600);
    await once(socket, "close");
    expect(performance.now() - startedAt).to.be.below(10_000);
    expect(socket.bytesRead).to.be.below(large.body.length);
  });

  it("frees an address's place when its connection closes", async () => {
    const url = await open({ limit: new AddressLimit({ maxOpen: 1, burst: 100, perSecond: 0 }) });
    for (let i = 0; i < 5; i++) {
      const response = await fetch(`${url}/ok`);
      await response.text();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(response.status).to.equal(200);
    }
  });

  it("goes on without a port that another holds, and takes it once it is free", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    await open({ port, retryMs: 10 });
    expect(ports[0]?.port).to.equal(undefined);
    expect(lines.join("")).to.contain("Could not listen for tests").and.to.contain('error="EADDRINUSE"');
    holder.close();
    await once(holder, "close");
    for (let i = 0; ports[0]?.port === undefined && i < 500; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await fetch(`http://127.0.0.1:${port}/ok`)).status).to.equal(200);
    expect(lines.filter((line) => line.startsWith("E"))).to.have.length(1);
  });

  it("stops trying once it is closed", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    await open({ port, retryMs: 1 });
    await ports[0]?.close();
    holder.close();
    await once(holder, "close");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ports[0]?.port).to.equal(undefined);
  });
});

describe("telemetry/metrics-port openMetricsPort", () => {
  const log = createLogger({
    verbosity: 0,
    json: false,
    write: { out: () => undefined, err: () => undefined },
  });

  it("serves the metrics, and reads them once for all who scrape within a second", async () => {
    const metrics = createMetrics({ version: "1" });
    let renders = 0;
    const counted = { ...metrics, render: async () => (renders++, await metrics.render()) };
    const port = openMetricsPort({ metrics: counted, host: "127.0.0.1", port: 0, log });
    try {
      await port.tried;
      const url = `http://127.0.0.1:${String(port.port)}/metrics`;
      const responses = await Promise.all([fetch(url), fetch(url), fetch(url)]);
      expect(responses.map((response) => response.status)).to.deep.equal([200, 200, 200]);
      expect(responses[0].headers.get("content-type")).to.match(/^text\/plain; version=0\.0\.4/);
      expect(await responses[0].text()).to.contain("azure_provider_build_info");
      expect(renders).to.equal(1);
    } finally {
      await port.close();
    }
  });

  it("listens on all addresses unless told otherwise", async () => {
    const port = openMetricsPort({ metrics: createMetrics({ version: "1" }), port: 0, log });
    try {
      await port.tried;
      for (const host of ["127.0.0.1", "127.0.0.2"]) {
        expect((await fetch(`http://${host}:${String(port.port)}/metrics`)).status).to.equal(200);
      }
    } finally {
      await port.close();
    }
  });
});
