import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { ALERTS } from "../../scripts/monitoring/manifests.js";

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** As Prometheus writes a duration: `5m`. */
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

/** All alert rules of the chart, in their order. */
export function readRules(): AlertRule[] {
  const file = parse(readFileSync(ALERTS, "utf8")) as { groups: { rules: AlertRule[] }[] };
  return file.groups.flatMap(({ rules }) => rules);
}
