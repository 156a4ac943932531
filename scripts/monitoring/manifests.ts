import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";

/** Where the rules and the dashboard stand once; the chart reads them there. */
export const ALERTS = "manifests/charts/csi-secrets-store-provider-azure/files/alerts.yaml";
export const DASHBOARD = "manifests/charts/csi-secrets-store-provider-azure/files/dashboard.json";

const LABELS = { app: "csi-secrets-store-provider-azure" };

/**
 * What people without Helm apply, made of the chart's files: path → text.
 * @returns a PrometheusRule and the ConfigMap that Grafana's sidecar looks for
 */
export function monitoringManifests(): ReadonlyMap<string, string> {
  const rules = parse(readFileSync(ALERTS, "utf8")) as { groups: unknown };
  return new Map([
    [
      "manifests/monitoring/prometheusrule.yaml",
      document("alerts.yaml", {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name: "csi-secrets-store-provider-azure", labels: LABELS },
        spec: { groups: rules.groups },
      }),
    ],
    [
      "manifests/monitoring/dashboard.yaml",
      document("dashboard.json", {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: "csi-secrets-store-provider-azure-dashboard",
          // The label that Grafana's sidecar selects by unless told otherwise.
          labels: { ...LABELS, grafana_dashboard: "1" },
        },
        data: { "secrets-store-azure.json": readFileSync(DASHBOARD, "utf8") },
      }),
    ],
  ]);
}

function document(source: string, content: unknown): string {
  return `# Made by scripts/monitoring.ts from the chart's files/${source}; change it there.\n${stringify(content, { lineWidth: 0 })}`;
}
