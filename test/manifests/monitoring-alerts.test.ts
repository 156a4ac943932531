import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { parse } from "yaml";
import { ALERTS } from "../../scripts/monitoring/manifests.js";
import { ERROR_CODES } from "../../src/errors/codes.js";
import { MOUNT_METHOD } from "../../src/rpc/mount-calls.js";
import { goStatusName } from "../../src/rpc/status.js";
import { readRules, type AlertRule } from "../support/alert-rules.js";
import { queryProblems, resultLabels } from "../support/check-query.js";
import { exportedMetrics } from "../support/exported-metrics.js";
import { isMatched, parsePromql } from "../support/promql.js";

const RULES = readRules();

describe("alert rules", () => {
  let exported: ReadonlyMap<string, ReadonlySet<string>>;
  let documented: string;
  before(async () => {
    exported = await exportedMetrics();
    documented = await readFile("docs/monitoring.md", "utf8");
  });

  it("have names of their own", () => {
    const names = RULES.map(({ alert }) => alert);
    expect(new Set(names).size).to.equal(names.length).and.above(10);
  });

  for (const rule of RULES) {
    describe(rule.alert, () => {
      it("asks for metrics, labels and values that exist", () => {
        expect(queryProblems(rule.expr, exported)).to.deep.equal([]);
      });

      it("has a severity, a summary, a description, and nothing else to tell apart", () => {
        expect(["info", "warning", "critical"]).to.include(rule.labels.severity);
        expect(Object.keys(rule.annotations).sort()).to.deep.equal(["description", "runbook_url", "summary"]);
        expect(rule.annotations.summary).to.have.length.within(10, 120);
        // The cause stands in the summary; so a description is one text for all series, and is grouped.
        expect(rule.annotations.description).to.have.length.above(40).and.not.include("{{");
      });

      it("names labels that its series have", () => {
        const named = [...rule.annotations.summary.matchAll(/\$labels\.([a-z_]+)/g)].map(
          ([, label]) => label,
        );
        const labels = resultLabels(rule.expr, exported);
        expect(named.filter((label = "") => !labels.has(label))).to.deep.equal([]);
      });

      it("leads to its section of docs/monitoring.md, which says what to do", () => {
        expect(rule.annotations.runbook_url).to.equal(`docs/monitoring.md#${rule.alert.toLowerCase()}`);
        const [, section = ""] = documented.split(`\n### ${rule.alert}\n`);
        const [text = ""] = section.split(/\n##/);
        expect(text).to.match(/\*\*Means:\*\* \S/);
        expect(text).to.match(/\*\*Do:\*\* \S/);
      });
    });
  }

  it("are all that docs/monitoring.md explains", () => {
    const explained = [...documented.matchAll(/^### (AzureProvider\w+)$/gm)].map(([, name]) => name);
    expect(explained).to.deep.equal(RULES.map(({ alert }) => alert));
  });

  for (const code of Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[]) {
    // Nobody needs to do anything about these.
    const isQuiet = ERROR_CODES[code].mender === "nobody";
    it(`${isQuiet ? "are quiet about" : "tell of"} mounts that fail with ${code}`, () => {
      const series = {
        provider: "azure",
        grpc_method: MOUNT_METHOD,
        grpc_code: goStatusName(ERROR_CODES[code].status),
        grpc_message: code,
      };
      expect(RULES.some((rule) => isCause(rule) && selects(rule, series))).to.equal(!isQuiet);
    });
  }

  it("tell each code once", () => {
    const causes = RULES.filter(isCause);
    const twice = Object.entries(ERROR_CODES).filter(([code, { status }]) => {
      const series = { grpc_code: goStatusName(status), grpc_message: code };
      return causes.filter((rule) => selects(rule, series)).length > 1;
    });
    expect(twice.map(([code]) => code)).to.deep.equal([]);
  });

  it("are a rule file as Prometheus reads it, with nothing beside the groups", async () => {
    expect(Object.keys(parse(await readFile(ALERTS, "utf8")) as object)).to.deep.equal(["groups"]);
  });
});

/** Whether an alert names the code that mounts fail with. */
function isCause({ expr }: AlertRule): boolean {
  return parsePromql(expr).groupings.some(({ labels }) => labels.includes("grpc_message"));
}

function selects({ expr }: AlertRule, series: Readonly<Record<string, string>>): boolean {
  return parsePromql(expr).selectors.some(({ matchers }) =>
    matchers.every((matcher) => {
      const value = series[matcher.label];
      return value === undefined || isMatched(matcher, value);
    }),
  );
}
