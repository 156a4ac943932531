import { expect } from "chai";
import { parseHistoryCount } from "../../../src/parameters/history-count.js";

/** As yaml.v3 decodes it into a Go int32. */
describe("parameters/history-count parseHistoryCount", () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["", 0],
    ["0", 0],
    ["-0", 0],
    ["1", 1],
    ["2", 2],
    ["+3", 3],
    ["-1", -1],
    ["2.0", 2],
    ["5.9", 5],
    ["-5.9", -5],
    [".9", 0],
    ["-.9", 0],
    ["1e2", 100],
    ["0x1F", 31],
    ["0b101", 5],
    ["0o17", 15],
    ["017", 15],
    ["08", 8],
    ["1_000", 1000],
    ["2147483647", 2147483647],
    ["2147483648", undefined],
    ["-2147483648", -2147483648],
    ["-2147483649", undefined],
    ["1e10", undefined],
    ["9".repeat(64), undefined],
    ["0".repeat(64), 0],
    ["0".repeat(65), undefined],
    ["_5", undefined],
    ["five", undefined],
    ["true", undefined],
    ["2020-01-01", undefined],
    [".inf", undefined],
    [".nan", undefined],
    ["1:30", undefined],
    ["5 ", undefined],
    ["5,0", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["e5", undefined],
    [".", undefined],
    ["0x", undefined],
  ];
  for (const [text, count] of cases) {
    it(`reads ${JSON.stringify(text.slice(0, 20))} of ${text.length} characters as ${String(count)}`, () => {
      expect(parseHistoryCount(text)).to.equal(count);
    });
  }
});
