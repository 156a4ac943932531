import { expect } from "chai";
import { row } from "../../contract/row.js";
import { judgeRun, type RanTest } from "../../contract/verdict.js";

const SECTION = {
  title: "Flags",
  rows: [row("--a|b", ["unit/x", "x takes `a`"], ["x", "on", "off"])],
};
const TEST: RanTest = { file: "test/unit/x.test.ts", title: "x takes `a`", state: "passed" };

describe("contract/verdict judgeRun", () => {
  it("fills the cell of a row whose test passed", () => {
    const { table, problems } = judgeRun([SECTION], [{ ...TEST, title: "another" }, TEST]);
    expect(problems).to.deep.equal([]);
    expect(table).to.contain("## Flags");
    expect(table).to.contain(
      "| `--a\\|b` | `` x takes `a` `` in [test/unit/x.test.ts](../test/unit/x.test.ts) | `src/x.ts` |",
    );
  });

  const unproven: [name: string, tests: RanTest[], says: string][] = [
    ["failed", [{ ...TEST, state: "failed" }], "failed"],
    ["is pending", [{ ...TEST, state: "pending" }], "pending"],
    ["does not exist", [], "does not exist"],
    ["stands in another file", [{ ...TEST, file: "test/unit/y.test.ts" }], "does not exist"],
    ["has a title that another has too", [TEST, TEST], "is the title of several tests"],
  ];
  for (const [name, tests, says] of unproven) {
    it(`leaves the cell of a row empty whose test ${name}`, () => {
      const { table, problems } = judgeRun([SECTION], tests);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.contain("--a|b").and.contain(says);
      expect(table).to.contain("| `--a\\|b` |  | `src/x.ts` |");
    });
  }
});
