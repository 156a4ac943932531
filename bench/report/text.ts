import { letterOf, type Report } from "./report.js";
import { ceilingTable } from "./ceiling-table.js";
import { mountTable } from "./mount-table.js";
import { notes } from "./notes.js";
import { ratioTable } from "./ratio-table.js";
import { startTable } from "./start-table.js";

/** The report as people read it: Markdown tables with notes under them. */
export function reportText(report: Report): string {
  const { machine, providers, scale, repeat, results } = report;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}; ` +
      `load generator and vault on Node ${machine.nodeVersion}`,
    ...providers.map((template, index) => `${letterOf(index)} = ${template}${runtimeOf(report, index)}`),
    scale === "quick"
      ? "QUICK: few pods and short times. These numbers show that all works; do not quote them."
      : `each scenario run ${repeat} times for each provider`,
    "",
    "The bench's own ceiling",
    "",
    ceilingTable(report),
    "",
    "Start, rest and peak",
    "",
    startTable(report),
    "",
    "Scenarios",
    "",
    ...results.map(({ scenario: { name, title }, delayMs }) => `- ${name}: ${title}; vault at ${delayMs} ms`),
    "",
    "Mounts; counts are per run",
    "",
    mountTable(results),
    ...(providers.length < 2
      ? []
      : ["", "B by A: median of the pairs, and their range", "", ratioTable(results)]),
    "",
    ...results.flatMap(notes).map((note) => `- ${note}`),
  ].join("\n");
}

/** What the provider called itself. */
function runtimeOf({ results }: Report, index: number): string {
  const starts = results.flatMap(({ providers }) =>
    (providers[index]?.runs ?? []).flatMap(({ start }) => start ?? []),
  );
  return starts[0] === undefined ? "" : ` (${starts[0].runtime})`;
}
