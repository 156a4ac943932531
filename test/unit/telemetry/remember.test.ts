import { expect } from "chai";
import { rememberFor } from "../../../src/telemetry/remember.js";

interface Pending {
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
}

function setUp(): { read: () => Promise<string>; pending: Pending[]; passTime: (ms: number) => void } {
  let nowMs = 0;
  const pending: Pending[] = [];
  const read = rememberFor(
    1000,
    async () =>
      await new Promise<string>((resolve, reject) => {
        pending.push({ resolve, reject });
      }),
    () => nowMs,
  );
  return { read, pending, passTime: (ms) => (nowMs += ms) };
}

async function settle(): Promise<void> {
  await new Promise(setImmediate);
}

describe("telemetry/remember rememberFor", () => {
  it("lets callers share a read that runs, however long it takes", async () => {
    const { read, pending, passTime } = setUp();
    const first = read();
    passTime(60_000);
    const second = read();
    pending[0]?.resolve("a");
    expect(await Promise.all([first, second])).to.deep.equal(["a", "a"]);
    expect(pending).to.have.length(1);
  });

  for (const [age, reads] of [
    [999, 1],
    [1000, 2],
    [1001, 2],
  ] as const) {
    it(`${reads === 1 ? "answers from memory" : "reads again"} after ${age} ms`, async () => {
      const { read, pending, passTime } = setUp();
      const first = read();
      pending[0]?.resolve("a");
      await first;
      await settle();
      passTime(age);
      void read();
      await settle();
      expect(pending).to.have.length(reads);
    });
  }

  it("remembers a failure alike, and then reads again", async () => {
    const { read, pending, passTime } = setUp();
    const first = read();
    pending[0]?.reject(new Error("down"));
    await first.catch(() => undefined);
    await settle();
    let message = "";
    await read().catch((error: unknown) => (message = (error as Error).message));
    expect(message).to.equal("down");
    expect(pending).to.have.length(1);
    passTime(1000);
    const again = read();
    pending[1]?.resolve("up");
    expect(await again).to.equal("up");
  });

  it("keeps an answer for as long as what its read took makes of it", async () => {
    let nowMs = 0;
    let reads = 0;
    const read = rememberFor(
      (tookMs) => 10 * tookMs,
      () => {
        reads += 1;
        nowMs += 50;
        return Promise.resolve(reads);
      },
      () => nowMs,
    );
    expect(await read()).to.equal(1);
    nowMs = 549;
    expect(await read()).to.equal(1);
    nowMs = 550;
    expect(await read()).to.equal(2);
  });

  it("is not stuck after a read that throws at once", async () => {
    let calls = 0;
    const read = rememberFor(
      0,
      () => {
        calls += 1;
        if (calls === 1) throw new Error("at once");
        return Promise.resolve(calls);
      },
      () => 0,
    );
    await read().catch(() => undefined);
    await settle();
    expect(await read()).to.equal(2);
  });
});
