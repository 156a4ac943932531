import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { helm } from "./support/helm.js";
import { copyChart } from "./support/packed-chart.js";

/**
 * `HELM="$(tools/build.sh helm)/helm" tsx test/charts/package.ts FOLDER` packs the chart with the driver's in it, as
 * `helm dependency build && helm package` does where the driver's repository can be reached, and prints the archive's path.
 */
const target = process.argv[2];
if (target === undefined) throw new Error("usage: package.ts FOLDER");
const folder = await mkdtemp(path.join(tmpdir(), "chart-"));
try {
  const chart = await copyChart(folder);
  const said = await helm(["package", chart, "--destination", target]);
  process.stdout.write(`${said.replace(/^.*saved it to: /s, "").trim()}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
