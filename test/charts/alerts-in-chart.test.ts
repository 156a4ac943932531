import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { goTools } from "../support/go-tools.js";
import { readManifests, type Manifest } from "../support/kubernetes.js";
import { copyChart } from "./support/packed-chart.js";

const SETTINGS = ["podMonitor", "prometheusRule", "grafanaDashboard"].flatMap((name) => [
  "--set",
  `${name}.enabled=true`,
]);

describe("monitoring, by Helm and by kubectl", () => {
  let folder: string | undefined;
  let rendered: Manifest[];
  before(async function () {
    const run = goTools(this, "helm");
    folder = mkdtempSync(path.join(tmpdir(), "monitoring-"));
    const chart = await copyChart(folder);
    const { status, stdout, stderr } = run("helm", ["template", "csi", chart, ...SETTINGS]);
    expect(status, stderr).to.equal(0);
    rendered = readManifests(stdout);
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const byHelm = (kind: string): unknown => rendered.find((one) => one.kind === kind);
  const byKubectl = (name: string): unknown =>
    parse(readFileSync(`manifests/monitoring/${name}.yaml`, "utf8"));

  it("bring the same rules", () => {
    const { spec } = byKubectl("prometheusrule") as { spec: unknown };
    expect(byHelm("PrometheusRule")).to.have.property("spec").deep.equal(spec);
  });

  it("bring the same dashboard, where Grafana looks for it", () => {
    const dashboards = rendered.filter(({ metadata }) => metadata.labels?.["grafana_dashboard"] === "1");
    const texts = [...dashboards, byKubectl("dashboard")].flatMap((one) =>
      Object.values((one as { data: Readonly<Record<string, string>> }).data),
    );
    expect(dashboards).to.have.length(1);
    expect(texts).to.have.length(2);
    expect(texts[0]).to.equal(texts[1]);
  });

  it("scrape the same port, and name job and node alike", () => {
    const wanted = byKubectl("podmonitor") as { spec: { podMetricsEndpoints: object[] } };
    const { spec } = byHelm("PodMonitor") as typeof wanted;
    const [endpoint = {}] = wanted.spec.podMetricsEndpoints;
    const { port, path: at, relabelings } = endpoint as Record<string, unknown>;
    expect(spec.podMetricsEndpoints[0]).to.deep.include({ port, path: at, relabelings });
    expect({ ...spec, podMetricsEndpoints: [] }).to.deep.equal({ ...wanted.spec, podMetricsEndpoints: [] });
  });
});
