import { expect } from "chai";
import { mergeIntoPage } from "../../conformance/support/matrix.js";
import type { Environment, TestResult } from "../../conformance/support/matrix.js";

const NODE: Environment = { name: "local node", date: "2026-01-02", kubernetes: "v1.34.4", driver: "v1.6.0" };
const KIND: Environment = { name: "kind", date: "2026-02-03", kubernetes: "v1.35.0", driver: "v1.6.0" };

function result(title: string, outcome: TestResult["outcome"] = "passed", durationMs = 1400): TestResult {
  return { suite: "mounts", title, outcome, durationMs };
}

describe("the page of conformance runs", () => {
  const first = mergeIntoPage("", NODE, [result("reads"), result("breaks", "failed")], 125_000);

  it("lists the run and each of its tests", () => {
    expect(first).to.contain("| local node | 2026-01-02 | v1.34.4 | v1.6.0 | 1 | 1 | 0 | 2 min 5 s |");
    expect(first).to.contain("### mounts\n\n| Test | local node |\n| --- | --- |\n| reads | 1.4 s |");
    expect(first).to.contain("| breaks | **failed** |");
  });

  it("keeps what another environment has shown", () => {
    const both = mergeIntoPage(first, KIND, [result("reads", "passed", 20_000), result("only here")], 1000);
    expect(both).to.contain("| Test | kind | local node |");
    expect(both).to.contain("| reads | 20 s | 1.4 s |");
    expect(both).to.contain("| only here | 1.4 s | – |");
    expect(both).to.contain("| breaks | – | **failed** |");
    expect(both).to.contain("| kind | 2026-02-03 | v1.35.0 |").and.to.contain("| local node | 2026-01-02 |");
  });

  it("forgets what the same environment no longer runs", () => {
    const again = mergeIntoPage(first, { ...NODE, date: "2026-01-09" }, [result("reads")], 1000);
    expect(again).to.not.contain("breaks");
    expect(again).to.not.contain("2026-01-02");
  });

  it("is the same when the same is merged twice", () => {
    const results = [result("a | b\nc"), result("skipped here", "skipped")];
    const once = mergeIntoPage(first, KIND, results, 1000);
    expect(mergeIntoPage(once, KIND, results, 1000)).to.equal(once);
    expect(once).to.contain("| a / b c | 1.4 s |").and.to.contain("| skipped here | **skipped** |");
  });
});
