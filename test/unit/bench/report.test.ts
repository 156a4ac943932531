import { expect } from "chai";
import type { PhaseSummary } from "../../../bench/measure/phase.js";
import { ratiosOf } from "../../../bench/report/ratios.js";
import { makeTable, percent, shortNumber } from "../../../bench/report/table.js";

describe("bench/report/table makeTable", () => {
  it("aligns its columns as Markdown and as text", () => {
    const table = makeTable(
      [
        { heading: "what", align: "left", cell: ({ what }: { what: string; ms: string }) => what },
        { heading: "ms", cell: ({ ms }) => ms },
      ],
      [
        { what: "first", ms: "12345" },
        { what: "a|b", ms: "1" },
      ],
    );
    expect(table).to.equal(
      ["| what  |    ms |", "|-------|------:|", "| first | 12345 |", "| a\\|b  |     1 |"].join("\n"),
    );
  });

  it("has a head without rows", () => {
    expect(makeTable([{ heading: "x", cell: () => "" }], [])).to.equal("|   x |\n|----:|");
  });
});

describe("bench/report/table shortNumber", () => {
  const cases = [
    { value: 0, text: "0" },
    { value: 5, text: "5" },
    { value: 1234, text: "1234" },
    { value: 1234.56, text: "1235" },
    { value: 99.94, text: "99.9" },
    { value: 12.345, text: "12.3" },
    { value: 1.234, text: "1.23" },
    { value: -12.345, text: "-12.3" },
    { value: 0.004, text: "0.00" },
    { value: Number.NaN, text: "–" },
    { value: Number.NEGATIVE_INFINITY, text: "–" },
  ];
  for (const { value, text } of cases) {
    it(`writes ${value} as ${text}`, () => {
      expect(shortNumber(value)).to.equal(text);
    });
  }
});

describe("bench/report/table percent", () => {
  it("rounds to whole per cent", () => {
    expect([0, 0.005, 0.849, 1].map(percent)).to.deep.equal(["0 %", "1 %", "85 %", "100 %"]);
  });
});

describe("bench/report/ratios ratiosOf", () => {
  const summary = (changes: Partial<PhaseSummary>): PhaseSummary => ({
    mounts: 1,
    failedCalls: 0,
    neverMounted: 0,
    p50Ms: 10,
    p99Ms: 20,
    mountsPerSecond: 100,
    seconds: 1,
    reads: 1_000,
    signIns: 100,
    discovery: 200,
    challenges: 100,
    throttled: 0,
    cpuMsPerMount: 2,
    rssMiB: 50,
    peakMiB: 60,
    ...changes,
  });

  it("puts the second in relation to the first", () => {
    const ratios = ratiosOf(summary({}), summary({ p50Ms: 5, reads: 50, signIns: 0, mountsPerSecond: 400 }));
    expect(ratios).to.deep.equal({
      p50Ms: 0.5,
      p99Ms: 1,
      mountsPerSecond: 4,
      seconds: 1,
      reads: 0.05,
      signIns: 0,
      cpuMsPerMount: 1,
      peakMiB: 1,
    });
  });

  it("is 1 when both have none, and unknown when only the first has none", () => {
    expect(ratiosOf(summary({ reads: 0 }), summary({ reads: 0 })).reads).to.equal(1);
    expect(ratiosOf(summary({ reads: 0 }), summary({ reads: 5 })).reads).to.be.NaN;
  });

  it("is unknown when the first has no value", () => {
    expect(ratiosOf(summary({ p50Ms: Number.NaN }), summary({})).p50Ms).to.be.NaN;
  });
});
