import { letterOf, type Report } from "./report.js";
import { ceilingTable } from "./ceiling-table.js";
import { mountTable, ratioTable } from "./mount-table.js";
import { notes } from "./notes.js";
import { startTable } from "./start-table.js";

/** The report as people read it: Markdown tables with notes under them. */
export function reportText(report: Report): string {
  const { machine, providers, scale, repeat, results } = report;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}; ` +
      `load generator and vault on Node ${machine.nodeVersion}`,
    ...providers.map((template, index) => `${letterOf(index)} = ${template}`),
    scale === "quick"
      ? "QUICK: few pods and short times. These numbers show that all works; do not quote them."
      : `each scenario run ${repeat} times for each provider`,
    "",
    "The bench's own ceiling (bare HTTPS client through the proxy)",
    "",
    ceilingTable(report),
    "",
    "Start and rest",
    "",
    startTable(report),
    "",
    "Mounts; counts are per run",
    "",
    mountTable(results),
    ...(providers.length < 2 ? [] : ["", "B by A", "", ratioTable(results)]),
    "",
    ...results.flatMap(notes),
  ].join("\n");
}
