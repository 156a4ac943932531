import { expect } from "chai";
import { once } from "node:events";
import { rename, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { HealthAnswer } from "../../../src/rpc/ask-health.js";
import { Occupant } from "../../../src/rpc/occupant.js";
import { ProviderServer } from "../../../src/rpc/provider-server.js";
import { SocketFile } from "../../../src/rpc/socket-file.js";
import { createMetrics } from "../../../src/telemetry/metrics.js";
import { captureLog, withFolder } from "./support.js";

const TIMES = { answerGoodForMs: 10_000, askTimeoutMs: 200, silenceMs: 20_000 };

/** An occupant whose answers and clock are the test's. */
function scripted(
  path: string,
  answers: HealthAnswer[],
): { occupant: Occupant; asked: () => number; passTime: (ms: number) => void } {
  let nowMs = 0;
  let asked = 0;
  const ask = (): Promise<HealthAnswer> =>
    Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? "silent");
  return {
    occupant: new Occupant(path, TIMES, () => nowMs, ask),
    asked: () => asked,
    passTime: (ms) => (nowMs += ms),
  };
}

async function withListener(run: (path: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "azure.sock");
    const file = await SocketFile.bind(path, (socket) => {
      socket.on("error", () => undefined).resume();
    });
    try {
      await run(path);
    } finally {
      file.stopAccepting();
    }
  });
}

describe("rpc/occupant Occupant", () => {
  const nobody: { name: string; put: (path: string) => Promise<unknown> }[] = [
    { name: "nothing is there", put: () => Promise.resolve() },
    { name: "a regular file is there", put: (path) => writeFile(path, "x") },
    { name: "a link into nowhere is there", put: (path) => symlink("/nonexistent", path) },
    {
      name: "a stale socket is there",
      put: async (path) => {
        const server = createServer().listen(`${path}.t`);
        await once(server, "listening");
        await rename(`${path}.t`, path);
        server.close();
      },
    },
  ];
  for (const { name, put } of nobody) {
    it(`finds nobody alive when ${name}`, async () => {
      await withFolder(async (folder) => {
        const path = join(folder, "azure.sock");
        await put(path);
        expect(await new Occupant(path).isAlive()).to.equal(false);
      });
    });
  }

  it("finds nobody in a folder that is not there", async () => {
    expect(await new Occupant("/nonexistent/azure.sock").isAlive()).to.equal(false);
  });

  it("finds a real provider alive, and dead once it has stopped accepting", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "azure.sock");
      const { log } = captureLog();
      const mount = (): Promise<never> => Promise.reject(new Error("unused"));
      const server = new ProviderServer({
        mount,
        log,
        metrics: createMetrics({ version: "1" }),
        version: "1",
      });
      const file = await SocketFile.bind(path, server.accept);
      const occupant = new Occupant(path);
      expect(await occupant.isAlive()).to.equal(true);
      file.stopAccepting();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await occupant.isAlive()).to.equal(false);
      await server.drain(0, AbortSignal.abort());
    });
  });

  for (const answer of ["serving", "not-serving", "answers"] as const) {
    it(`takes ${answer} for a life sign, and asks again only after ten seconds`, async () => {
      await withListener(async (path) => {
        const { occupant, asked, passTime } = scripted(path, [answer]);
        for (const [ms, times] of [
          [0, 1],
          [9_999, 1],
          [1, 2],
        ] as const) {
          passTime(ms);
          expect(await occupant.isAlive()).to.equal(true);
          expect(asked()).to.equal(times);
        }
      });
    });
  }

  for (const answer of ["silent", "unreachable"] as const) {
    it(`believes one that accepts but is ${answer} to be alive for twenty seconds`, async () => {
      await withListener(async (path) => {
        const { occupant, passTime } = scripted(path, [answer]);
        expect(await occupant.isAlive()).to.equal(true);
        passTime(19_999);
        expect(await occupant.isAlive()).to.equal(true);
        passTime(1);
        expect(await occupant.isAlive()).to.equal(false);
      });
    });
  }

  it("begins to count anew when a silent one answers", async () => {
    await withListener(async (path) => {
      const { occupant, passTime } = scripted(path, ["silent", "serving", "silent"]);
      await occupant.isAlive();
      passTime(19_000);
      expect(await occupant.isAlive()).to.equal(true);
      passTime(10_000);
      expect(await occupant.isAlive()).to.equal(true);
      passTime(19_999);
      expect(await occupant.isAlive()).to.equal(true);
      passTime(1);
      expect(await occupant.isAlive()).to.equal(false);
    });
  });

  it("finds one silent that speaks no gRPC", async () => {
    await withListener(async (path) => {
      let nowMs = 0;
      const occupant = new Occupant(path, { ...TIMES, silenceMs: 1 }, () => nowMs);
      expect(await occupant.isAlive()).to.equal(true);
      nowMs = 1;
      expect(await occupant.isAlive()).to.equal(false);
    });
  });
});
