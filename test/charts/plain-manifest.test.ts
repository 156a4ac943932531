import { expect } from "chai";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { objectsOf, RELEASE, render, type Tree } from "./support/objects.js";
import { copyChart } from "./support/packed-chart.js";

/** What Helm adds to every object, and what kubectl's --namespace does. */
function withoutHelms(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutHelms);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key, value]) =>
      !/^(app\.kubernetes\.io|helm\.sh)\//.test(key) && !(key === "namespace" && value === "kube-system"),
  );
  const inside = kept.map(([key, value]) => [key, withoutHelms(value)] as const);
  return Object.fromEntries(
    inside.filter(([key, value]) => key !== "labels" || Object.keys(value as Tree).length > 0),
  );
}

describe("chart and plain manifest", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "chart-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("are the same but for Helm's own labels", async () => {
    const manifest = objectsOf(await readFile("manifests/provider-azure-installer.yaml", "utf8"));
    const chart = await copyChart(folder);
    const rendered = await render(chart, { "secrets-store-csi-driver": { install: false } });
    expect([...rendered.keys()].sort()).to.deep.equal([...manifest.keys()].sort());
    const daemonSet = `DaemonSet/${RELEASE}`;
    expect(withoutHelms(rendered.get(daemonSet))).to.deep.equal(withoutHelms(manifest.get(daemonSet)));
  });
});
