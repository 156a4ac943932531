import { expect } from "chai";
import { retryDelayMs, untilMounted } from "../../../bench/load/kubelet.js";

describe("bench/load/kubelet retryDelayMs", () => {
  it("doubles from half a second up to two minutes and two seconds", () => {
    expect(Array.from({ length: 10 }, (_, index) => retryDelayMs(index + 1))).to.deep.equal([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 122_000, 122_000,
    ]);
  });
});

describe("bench/load/kubelet untilMounted", () => {
  /** A clock that only sleeping moves. */
  function makeSetting(untilMs: number) {
    const sleeps: number[] = [];
    let nowMs = 1_000;
    return {
      sleeps,
      setting: {
        now: () => nowMs,
        sleep: (ms: number) => {
          sleeps.push(ms);
          nowMs += ms;
          return Promise.resolve();
        },
        untilMs,
      },
    };
  }
  const failing = (times: number) => {
    let calls = 0;
    return () => Promise.resolve(++calls > times);
  };

  const cases = [
    { failures: 0, untilMs: 1_000, mounted: true, sleeps: [] },
    { failures: 1, untilMs: 1_500, mounted: true, sleeps: [500] },
    { failures: 1, untilMs: 1_499, mounted: false, sleeps: [] },
    { failures: 3, untilMs: 10_000, mounted: true, sleeps: [500, 1_000, 2_000] },
    { failures: 9, untilMs: 10_000, mounted: false, sleeps: [500, 1_000, 2_000, 4_000] },
  ];
  for (const { failures, untilMs, mounted, sleeps } of cases) {
    it(`${mounted ? "mounts" : "gives up"} after ${failures} failures with time until ${untilMs}`, async () => {
      const clock = makeSetting(untilMs);
      expect(await untilMounted(failing(failures), clock.setting)).to.equal(mounted);
      expect(clock.sleeps).to.deep.equal(sleeps);
    });
  }
});
