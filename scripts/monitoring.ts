import { writeFile } from "node:fs/promises";
import { monitoringManifests } from "./monitoring/manifests.js";

/** Writes manifests/monitoring/ from the chart's rules and dashboard; a test holds them equal. */
for (const [path, text] of monitoringManifests()) await writeFile(path, text);
