import { expect } from "chai";
import { parseFileMode } from "../../../src/parameters/file-mode.js";

describe("parameters/file-mode parseFileMode", () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["0644", 0o644],
    ["644", 0o644],
    ["+0644", 0o644],
    ["0", 0],
    ["-0", 0],
    ["0000", 0],
    ["7", 7],
    ["00000000644", 0o644],
    ["776", 0o776],
    ["0777", 0o777],
    ["01000", undefined],
    ["1777", undefined],
    ["7777", undefined],
    ["7".repeat(64), undefined],
    ["0".repeat(64), 0],
    ["0".repeat(65), undefined],
    ["-1", undefined],
    ["-644", undefined],
    ["", undefined],
    ["+", undefined],
    ["0899", undefined],
    ["0o644", undefined],
    ["0x1a4", undefined],
    ["rw-r--r--", undefined],
    ["u=rw", undefined],
    ["64.4", undefined],
    ["6e2", undefined],
    ["6_44", undefined],
    [" 644", undefined],
    ["644\n", undefined],
    ["٦٤٤", undefined],
  ];
  for (const [text, mode] of cases) {
    it(`reads ${JSON.stringify(text.slice(0, 20))} as ${mode === undefined ? "no mode" : `0${mode.toString(8)}`}`, () => {
      expect(parseFileMode(text)).to.equal(mode);
    });
  }
});
