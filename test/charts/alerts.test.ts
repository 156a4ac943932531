import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { ALERTS } from "../../scripts/monitoring/manifests.js";
import { readRules } from "../support/alert-rules.js";
import { goTools, type Ran } from "../support/go-tools.js";
import { ALERT_CASES, type AlertCase } from "./alerts/cases.js";

const RULES = readRules();

describe("alert rules, as Prometheus evaluates them", () => {
  let promtool: (...args: string[]) => Ran;
  let folder: string | undefined;
  before(function () {
    const run = goTools(this, "promtool");
    promtool = (...args) => run("promtool", args);
    folder = mkdtempSync(path.join(tmpdir(), "alerts-"));
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("are valid, and promtool has no advice", () => {
    const { status, stdout, stderr } = promtool("check", "rules", "--lint=all", "--lint-fatal", ALERTS);
    expect(status, stderr + stdout).to.equal(0);
    expect(stdout).to.include(`${RULES.length} rules found`);
  });

  for (const [i, alertCase] of ALERT_CASES.entries()) {
    const { alert, when, fires } = alertCase;
    it(`${alert} ${fires === undefined ? "is quiet" : "fires"} when ${when}`, () => {
      const file = path.join(folder ?? "", `${i}.yaml`);
      writeFileSync(file, stringify(promtoolTest(alertCase)));
      const { status, stdout, stderr } = promtool("test", "rules", file);
      expect(status, stderr + stdout).to.equal(0);
    });
  }

  for (const { alert } of RULES) {
    it(`${alert} has a case that fires and one that does not`, () => {
      const cases = ALERT_CASES.filter((one) => one.alert === alert);
      expect(cases.map(({ fires }) => fires !== undefined)).to.include.members([true, false]);
    });
  }
});

/** One case as promtool reads it; only the summary of an alert depends on its series. */
function promtoolTest({ alert, series, at, fires }: AlertCase): unknown {
  const rule = RULES.find((one) => one.alert === alert);
  if (rule === undefined) throw new Error(`no rule ${alert}`);
  const expected = fires && {
    exp_labels: { ...rule.labels, ...fires.labels },
    exp_annotations: { ...rule.annotations, summary: fires.summary },
  };
  return {
    rule_files: [path.resolve(ALERTS)],
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected ? [expected] : [] }],
      },
    ],
  };
}
