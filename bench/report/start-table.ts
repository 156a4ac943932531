import { percentile } from "../measure/statistics.js";
import { type BareNode, nodeOfCommand } from "../provider/bare-node.js";
import { letterOf, type Report } from "./report.js";
import { makeTable, shortNumber } from "./table.js";

interface StartRow {
  readonly name: string;
  readonly starts: number;
  readonly servingMs: readonly number[];
  readonly cpuMs: readonly number[];
  readonly idleMiB: number;
  readonly anonymousMiB: number;
  readonly aboveNodeMiB: number;
  readonly peakMiB: number;
}

/** Every provider's start, rest and peak, beside those of a Node which runs nothing. */
export function startTable({ bareNodes, results, providers }: Report): string {
  const rows = [
    ...bareNodes.map(bareRow),
    ...providers.map((template, index) => {
      const own = results.flatMap(({ providers: seen }) => seen[index] ?? []);
      const runs = own.flatMap((seen) => seen.runs);
      const starts = runs.flatMap(({ start }) => start ?? []);
      const idle = runs.flatMap((run) => run.idle ?? []);
      const idleMiB = median(idle.map(({ rssMiB }) => rssMiB));
      const node = bareNodes.find(({ program }) => program === nodeOfCommand(template));
      return {
        name: letterOf(index),
        starts: starts.length,
        servingMs: starts.map(({ servingMs }) => servingMs),
        cpuMs: starts.map(({ cpuMs }) => cpuMs),
        idleMiB,
        anonymousMiB: median(idle.map(({ anonymousMiB }) => anonymousMiB)),
        aboveNodeMiB: idleMiB - (node?.rssMiB ?? Number.NaN),
        peakMiB: Math.max(...own.flatMap(({ phases }) => phases).map(({ peakMiB }) => peakMiB)),
      };
    }),
  ];
  return makeTable<StartRow>(
    [
      { heading: "program", align: "left", cell: ({ name }) => name },
      { heading: "starts", cell: ({ starts }) => String(starts) },
      { heading: "serving after ms (median)", cell: ({ servingMs }) => shortNumber(median(servingMs)) },
      { heading: "slowest", cell: ({ servingMs }) => shortNumber(Math.max(...servingMs)) },
      { heading: "CPU ms until then", cell: ({ cpuMs }) => shortNumber(median(cpuMs)) },
      { heading: "idle RSS MiB", cell: ({ idleMiB }) => shortNumber(idleMiB) },
      { heading: "of it anonymous", cell: ({ anonymousMiB }) => shortNumber(anonymousMiB) },
      { heading: "above bare Node", cell: ({ aboveNodeMiB }) => shortNumber(aboveNodeMiB) },
      { heading: "peak MiB, any scenario", cell: ({ peakMiB }) => shortNumber(peakMiB) },
    ],
    rows,
  );
}

function bareRow(node: BareNode): StartRow {
  return {
    name: `bare Node ${node.nodeVersion} (first line of a program)`,
    starts: 1,
    servingMs: [node.firstLineMs],
    cpuMs: [],
    idleMiB: node.rssMiB,
    anonymousMiB: node.anonymousMiB,
    aboveNodeMiB: 0,
    peakMiB: node.peakMiB,
  };
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
