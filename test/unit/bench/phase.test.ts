import { expect } from "chai";
import { mergePhases, type Phase, summarize } from "../../../bench/measure/phase.js";
import { trendOf } from "../../../bench/measure/trend.js";

function phase(changes: Partial<Phase> = {}): Phase {
  return {
    name: "remount",
    runs: 1,
    latenciesMs: [1, 2, 3, 4],
    waitsMs: [],
    failedCalls: 0,
    neverMounted: 0,
    durationMs: 2_000,
    requests: { reads: 40, signIns: 4, discovery: 8, challenges: 4, throttled: 0 },
    cpuMs: 20,
    rssMiB: 60,
    peakMiB: 70,
    busy: { loadGenerator: 0.1, emulator: 0.2 },
    ...changes,
  };
}

describe("bench/measure/phase summarize", () => {
  it("counts per mount and per second", () => {
    expect(summarize(phase())).to.deep.include({
      mounts: 4,
      p50Ms: 2,
      p99Ms: 4,
      mountsPerSecond: 2,
      seconds: 2,
      reads: 40,
      cpuMsPerMount: 5,
      peakMiB: 70,
    });
  });

  it("counts per run when several were merged", () => {
    const [merged] = mergePhases([phase(), phase({ failedCalls: 2, latenciesMs: [5, 6, 7, 8] })]);
    expect(summarize(merged ?? phase())).to.deep.include({
      mounts: 4,
      failedCalls: 1,
      p50Ms: 4,
      p99Ms: 8,
      mountsPerSecond: 2,
      seconds: 2,
      reads: 40,
      signIns: 4,
    });
  });

  it("tells how long volumes waited, where they were tried until they were mounted", () => {
    const [merged] = mergePhases([phase({ waitsMs: [1, 9] }), phase({ waitsMs: [5] })]);
    expect(summarize(merged ?? phase())).to.deep.include({ waitP50Ms: 5, waitP99Ms: 9 });
    expect(summarize(phase()).waitP50Ms).to.be.NaN;
  });

  it("has no latencies and no cost per mount when nothing was mounted", () => {
    const { p50Ms, cpuMsPerMount, mountsPerSecond } = summarize(phase({ latenciesMs: [], cpuMs: 0 }));
    expect([p50Ms, cpuMsPerMount]).to.deep.equal([Number.NaN, Number.NaN]);
    expect(mountsPerSecond).to.equal(0);
  });
});

describe("bench/measure/phase mergePhases", () => {
  it("joins those of one name, in the order in which the names appeared", () => {
    const merged = mergePhases([phase({ name: "a" }), phase({ name: "b" }), phase({ name: "a" })]);
    expect(merged.map(({ name, runs }) => ({ name, runs }))).to.deep.equal([
      { name: "a", runs: 2 },
      { name: "b", runs: 1 },
    ]);
  });

  it("keeps the highest memory, the highest share of time, the lowest heap and the first failure", () => {
    const [merged] = mergePhases([
      phase({ rssMiB: 50, peakMiB: 90, busy: { loadGenerator: 0.9, emulator: 0.1 }, lowestHeapMiB: 12 }),
      phase({ rssMiB: 55, peakMiB: 80, lowestHeapMiB: 11, firstFailure: "first" }),
      phase({ firstFailure: "second" }),
    ]);
    expect(merged).to.deep.include({
      rssMiB: 60,
      peakMiB: 90,
      busy: { loadGenerator: 0.9, emulator: 0.2 },
      lowestHeapMiB: 11,
      firstFailure: "first",
    });
  });

  it("has nothing to show for nothing", () => {
    expect(mergePhases([])).to.deep.equal([]);
  });
});

describe("bench/measure/trend trendOf", () => {
  const growing = (count: number, heap?: number, mounts = 500): Phase[] =>
    Array.from({ length: count }, (_, index) =>
      phase({
        name: String(index),
        latenciesMs: Array.from({ length: mounts }, () => 1),
        // A jump at the start, then 1 MiB for 500 mounts.
        rssMiB: index < 2 ? index * 30 : 60 + index,
        lowestHeapMiB: heap,
      }),
    );

  it("is the growth for a thousand mounts, without the first third", () => {
    expect(trendOf(growing(9, 20))?.rssKiB).to.be.closeTo(2048, 1e-6);
    expect(trendOf(growing(9, 20))?.heapKiB).to.be.closeTo(0, 1e-6);
  });

  it("knows nothing of a heap that is not shown", () => {
    expect(trendOf(growing(9))?.heapKiB).to.be.NaN;
  });

  it("is not made of fewer than six phases", () => {
    expect(trendOf(growing(5, 20))).to.equal(undefined);
    expect(trendOf(growing(6, 20))).not.to.equal(undefined);
  });

  it("is not made of fewer than 2,000 mounts", () => {
    expect(trendOf(growing(10, 20, 199))).to.equal(undefined);
    expect(trendOf(growing(10, 20, 200))).not.to.equal(undefined);
  });
});
