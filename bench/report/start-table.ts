import { percentile } from "../measure/statistics.js";
import type { ProviderResult } from "../run.js";
import { letterOf, type Report } from "./report.js";
import { makeTable, shortNumber } from "./table.js";

interface StartRow {
  readonly name: string;
  readonly starts: number;
  readonly servingMs: readonly number[];
  readonly cpuMs: readonly number[];
  readonly idle: readonly { readonly rssMiB: number; readonly anonymousMiB: number }[];
}

/** Every provider's start beside that of a Node which runs nothing. */
export function startTable({ bareNodes, results, providers }: Report): string {
  const rows: StartRow[] = bareNodes.map((node) => ({
    name: `bare Node ${node.nodeVersion} (first line of a program)`,
    starts: 1,
    servingMs: [node.firstLineMs],
    cpuMs: [],
    idle: [node],
  }));
  for (const [index] of providers.entries()) {
    const own = results.map(({ providers: seen }) => seen[index]).filter((seen) => seen !== undefined);
    const starts = own.flatMap((seen: ProviderResult) => seen.starts);
    rows.push({
      name: letterOf(index),
      starts: starts.length,
      servingMs: starts.map(({ servingMs }) => servingMs),
      cpuMs: starts.map(({ cpuMs }) => cpuMs),
      idle: own.flatMap((seen: ProviderResult) => seen.idle),
    });
  }
  const median = (values: readonly number[]): string => shortNumber(percentile(values, 0.5));
  return makeTable(
    [
      { heading: "program", align: "left", cell: ({ name }) => name },
      { heading: "starts", cell: ({ starts }) => String(starts) },
      { heading: "serving after ms (median)", cell: ({ servingMs }) => median(servingMs) },
      { heading: "slowest", cell: ({ servingMs }) => shortNumber(Math.max(...servingMs)) },
      { heading: "CPU ms until then", cell: ({ cpuMs }) => median(cpuMs) },
      { heading: "idle RSS MiB", cell: ({ idle }) => median(idle.map(({ rssMiB }) => rssMiB)) },
      {
        heading: "of it anonymous",
        cell: ({ idle }) => median(idle.map(({ anonymousMiB }) => anonymousMiB)),
      },
    ],
    rows,
  );
}
