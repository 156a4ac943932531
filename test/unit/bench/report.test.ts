import { expect } from "chai";
import type { PhaseSummary } from "../../../bench/measure/phase.js";
import { withRange } from "../../../bench/report/ratio-table.js";
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
  const summary = (changes: Partial<PhaseSummary> = {}): PhaseSummary => ({
    mounts: 1,
    failedCalls: 0,
    neverMounted: 0,
    p50Ms: 10,
    p99Ms: 20,
    waitP50Ms: Number.NaN,
    waitP99Ms: Number.NaN,
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
  const alike = (value: number) => ({ median: value, lowest: value, highest: value });

  it("puts the second in relation to the first", () => {
    const second = summary({ p50Ms: 5, reads: 50, signIns: 0, mountsPerSecond: 400 });
    expect(ratiosOf([[summary(), second]])).to.deep.equal({
      p50Ms: alike(0.5),
      p99Ms: alike(1),
      mountsPerSecond: alike(4),
      seconds: alike(1),
      reads: alike(0.05),
      signIns: alike(0),
      cpuMsPerMount: alike(1),
      peakMiB: alike(1),
    });
  });

  it("compares pair by pair: a slow machine slows both of a pair", () => {
    const pair = (a: number, b: number) => [summary({ p50Ms: a }), summary({ p50Ms: b })] as const;
    const { p50Ms } = ratiosOf([pair(10, 5), pair(1_000, 600), pair(20, 14)]);
    expect(p50Ms).to.deep.equal({ median: 0.6, lowest: 0.5, highest: 0.7 });
  });

  const none = { median: Number.NaN, lowest: Number.NaN, highest: Number.NaN };
  const edges = [
    { name: "1 when both have none", first: 0, second: 0, expected: alike(1) },
    { name: "unknown when only the first has none", first: 0, second: 5, expected: none },
    { name: "unknown when the first has no value", first: Number.NaN, second: 5, expected: none },
    { name: "unknown when the second has no value", first: 5, second: Number.NaN, expected: none },
  ];
  for (const { name, first, second, expected } of edges) {
    it(`is ${name}`, () => {
      const { reads } = ratiosOf([[summary({ reads: first }), summary({ reads: second })]]);
      expect(reads).to.deep.equal(expected);
    });
  }

  it("leaves out the pairs that say nothing", () => {
    const { reads } = ratiosOf([
      [summary({ reads: 0 }), summary({ reads: 5 })],
      [summary({ reads: 10 }), summary({ reads: 5 })],
    ]);
    expect(reads).to.deep.equal(alike(0.5));
  });
});

describe("bench/report/ratio-table withRange", () => {
  const cases = [
    { ratio: { median: 0.52, lowest: 0.48, highest: 0.6 }, text: "0.52 (0.48 to 0.60)" },
    { ratio: { median: 0.5, lowest: 0.501, highest: 0.502 }, text: "0.50" },
    { ratio: { median: 0, lowest: 0, highest: 0 }, text: "0" },
    { ratio: { median: Number.NaN, lowest: Number.NaN, highest: Number.NaN }, text: "–" },
  ];
  for (const { ratio, text } of cases) {
    it(`writes ${text}`, () => {
      expect(withRange(ratio)).to.equal(text);
    });
  }
});
