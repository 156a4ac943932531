import { readFileSync } from "node:fs";
import { expect } from "chai";
import { DASHBOARD } from "../../scripts/monitoring/manifests.js";
import { queryProblems, resultLabels } from "../support/check-query.js";
import { baseName, exportedMetrics } from "../support/exported-metrics.js";
import { parsePromql } from "../support/promql.js";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: unknown;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}

const dashboard = JSON.parse(readFileSync(DASHBOARD, "utf8")) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
};
const panels = dashboard.panels.filter(({ type }) => type !== "row");
/** Metrics that say nothing which a panel could draw. */
const NOT_DRAWN = ["target_info", "otel_scope_info"];

describe("the dashboard", () => {
  let exported: ReadonlyMap<string, ReadonlySet<string>>;
  before(async () => {
    exported = await exportedMetrics();
  });

  for (const panel of panels) {
    const targets = panel.targets ?? [];

    it(`"${panel.title}" asks for metrics, labels and values that exist`, () => {
      expect(targets).to.not.be.empty;
      const problems = targets.flatMap(({ expr }) => queryProblems(withoutMacros(expr), exported));
      expect(problems).to.deep.equal([]);
    });

    it(`"${panel.title}" heeds the namespaces and nodes that were chosen`, () => {
      for (const { expr } of targets) {
        for (const { metric, matchers } of parsePromql(withoutMacros(expr)).selectors) {
          const chosen = matchers.filter(({ value }) => value.startsWith("$"));
          expect(
            chosen.map(({ label, op, value }) => `${label}${op}${value}`),
            metric,
          ).to.have.members(["namespace=~$namespace", "node=~$node"]);
        }
      }
    });

    it(`"${panel.title}" has a unit, a description, a legend of labels that its series have`, () => {
      expect(panel.fieldConfig?.defaults.unit).to.be.a("string");
      expect(panel.description).to.have.length.above(10);
      expect(panel.datasource).to.deep.equal({ type: "prometheus", uid: "${datasource}" });
      for (const { expr, legendFormat } of targets) {
        const labels = resultLabels(withoutMacros(expr), exported);
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
        expect(named.filter((label) => !labels.has(label))).to.deep.equal([]);
      }
    });
  }

  it("draws every metric of the provider", () => {
    const drawn = new Set(
      panels.flatMap(({ targets = [] }) =>
        targets.flatMap(({ expr }) =>
          parsePromql(withoutMacros(expr)).selectors.map(({ metric }) => baseName(metric)),
        ),
      ),
    );
    const all = new Set([...exported.keys()].map(baseName).filter((name) => !NOT_DRAWN.includes(name)));
    expect([...drawn].sort()).to.deep.equal([...all].sort());
  });

  it("offers data source, namespace and node, from series that exist", () => {
    const variables = dashboard.templating.list;
    expect(variables.map(({ name, type }) => `${name}: ${type}`)).to.deep.equal([
      "datasource: datasource",
      "namespace: query",
      "node: query",
    ]);
    for (const { definition = "" } of variables.slice(1)) {
      const [, selector = ""] = /^label_values\((.+), \w+\)$/.exec(definition) ?? [];
      expect(queryProblems(selector, exported), definition).to.deep.equal([]);
    }
  });

  it("gives each panel an id and a place of its own, on 24 columns", () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).to.equal(dashboard.panels.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).to.be.at.most(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x},${y}`), `below ${title}`).to.equal(undefined);
          taken.set(`${x},${y}`, title);
        }
      }
    }
  });
});

/** Grafana puts durations in their place before Prometheus sees the query. */
function withoutMacros(expression: string): string {
  return expression.replaceAll("$__rate_interval", "5m").replaceAll("$__range", "6h");
}
