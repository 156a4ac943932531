import { expect } from "chai";
import { join } from "node:path";
import { openHealthPort, type HealthPortOptions } from "../../../src/rpc/health-port.js";
import { ProviderServer } from "../../../src/rpc/provider-server.js";
import { SocketFile } from "../../../src/rpc/socket-file.js";
import { createMetrics } from "../../../src/telemetry/metrics.js";
import { captureLog, withFolder } from "./support.js";

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Harness {
  readonly path: string;
  readonly get: (path: string) => Promise<Answer>;
}

describe("rpc/health-port openHealthPort", () => {
  async function open(
    run: (harness: Harness) => Promise<void>,
    options: Partial<HealthPortOptions> = {},
  ): Promise<void> {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const port = openHealthPort({
        endpoint: { kind: "unix", path },
        host: "127.0.0.1",
        port: 0,
        path: "/healthz",
        timeoutMs: 300,
        unreadyBecause: () => undefined,
        log: captureLog().log,
        ...options,
      });
      try {
        await port.tried;
        const get = async (target: string): Promise<Answer> => {
          const response = await fetch(`http://127.0.0.1:${String(port.port)}${target}`);
          return { status: response.status, body: await response.text() };
        };
        await run({ path, get });
      } finally {
        await port.close();
      }
    });
  }

  async function serve(
    path: string,
  ): Promise<{ checks: () => number; stop: () => Promise<void>; server: ProviderServer }> {
    let connections = 0;
    const server = new ProviderServer({
      mount: () => Promise.reject(new Error("unused")),
      log: captureLog().log,
      metrics: createMetrics({ version: "1" }),
      version: "1",
    });
    const file = await SocketFile.bind(path, (socket) => {
      connections += 1;
      server.accept(socket);
    });
    return {
      checks: () => connections,
      server,
      stop: async () => {
        file.stopAccepting();
        await server.drain(0, AbortSignal.abort());
      },
    };
  }

  it("answers ok while the socket is served, asking once for all who come within a second", async () => {
    await open(async ({ path, get }) => {
      const { stop, checks } = await serve(path);
      const answers = await Promise.all(Array.from({ length: 5 }, () => get("/healthz")));
      answers.push(await get("/healthz"));
      expect(answers).to.deep.equal(Array.from({ length: 6 }, () => ({ status: 200, body: "ok" })));
      expect(checks()).to.equal(1);
      await stop();
    });
  });

  it("answers 503 when there is no socket", async () => {
    await open(async ({ get }) => {
      expect(await get("/healthz")).to.deep.equal({ status: 503, body: "the endpoint is unreachable" });
    });
  });

  it("answers 503 within its time when the socket accepts but does not answer", async () => {
    await open(async ({ path, get }) => {
      const file = await SocketFile.bind(path, (socket) => socket.on("error", () => undefined).resume());
      const startedAt = performance.now();
      expect(await get("/healthz")).to.deep.equal({ status: 503, body: "the endpoint is silent" });
      expect(performance.now() - startedAt).to.be.within(280, 1000);
      file.stopAccepting();
    });
  });

  it("serves the path that it is told", async () => {
    await open(
      async ({ get }) => {
        expect((await get("/live")).status).to.equal(503);
        expect((await get("/healthz")).status).to.equal(404);
      },
      { path: "/live" },
    );
  });

  it("says on /readyz why it is not ready", async () => {
    let reason: string | undefined = "waiting for the endpoint";
    await open(
      async ({ get }) => {
        expect(await get("/readyz")).to.deep.equal({ status: 503, body: "waiting for the endpoint" });
        reason = undefined;
        expect(await get("/readyz")).to.deep.equal({ status: 200, body: "ok" });
      },
      { unreadyBecause: () => reason },
    );
  });
});
