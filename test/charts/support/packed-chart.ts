import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { CHART } from "../../../scripts/docs/chart.js";
import { copyDriverChart } from "./driver-chart.js";

/** The notes as an object, for `helm template` does not print them. */
const NOTES = `apiVersion: v1
kind: ConfigMap
metadata:
  name: notes
data:
  text: {{ include "provider.notes" . | toJson }}
`;

/** Copies the chart, with the driver's in it, into a folder; with the notes among its objects if wanted. */
export async function copyChart(folder: string, { notes = false } = {}): Promise<string> {
  const chart = path.join(folder, path.basename(CHART));
  await cp(CHART, chart, { recursive: true });
  await mkdir(path.join(chart, "charts"), { recursive: true });
  await copyDriverChart(path.join(chart, "charts"));
  if (notes) await writeFile(path.join(chart, "templates/notes-for-tests.yaml"), NOTES);
  return chart;
}
