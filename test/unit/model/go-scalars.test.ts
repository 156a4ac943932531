import { expect } from "chai";
import { parseGoBoolean, parseGoInteger } from "../../../src/model/go-scalars.js";

describe("model/go-scalars parseGoBoolean", () => {
  for (const text of ["1", "t", "T", "TRUE", "true", "True"]) {
    it(`reads ${text} as true`, () => {
      expect(parseGoBoolean(text)).to.equal(true);
    });
  }
  for (const text of ["0", "f", "F", "FALSE", "false", "False"]) {
    it(`reads ${text} as false`, () => {
      expect(parseGoBoolean(text)).to.equal(false);
    });
  }
  for (const text of ["", "yes", "no", "on", "tRUE", "2", " true", "true\n", "constructor"]) {
    it(`reads ${JSON.stringify(text)} as no boolean`, () => {
      expect(parseGoBoolean(text)).to.equal(undefined);
    });
  }
});

describe("model/go-scalars parseGoInteger", () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["0", 0],
    ["-0", 0],
    ["+5", 5],
    ["-5", -5],
    ["0x1F", 31],
    ["-0X1f", -31],
    ["0o17", 15],
    ["017", 15],
    ["0b101", 5],
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", undefined],
    ["0x20000000000000", undefined],
    ["08", undefined],
    ["0o8", undefined],
    ["0b2", undefined],
    ["0x", undefined],
    ["", undefined],
    ["-", undefined],
    ["1.0", undefined],
    ["1e3", undefined],
    ["1_000", undefined],
    [" 1", undefined],
    ["1\n", undefined],
    ["١", undefined],
    ["9".repeat(100_000), undefined],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text.slice(0, 20))} as ${String(expected)}`, () => {
      expect(parseGoInteger(text)).to.equal(expected);
    });
  }
});
