import { summarize, type Phase, type PhaseSummary } from "../measure/phase.js";
import type { ScenarioResult } from "../run.js";
import { letterOf } from "./report.js";
import { type Column, makeTable, shortNumber } from "./table.js";

interface MountRow {
  readonly scenario: string;
  readonly letter: string;
  readonly phase: Phase;
  readonly sum: PhaseSummary;
}

const number = (heading: string, read: (sum: PhaseSummary) => number): Column<MountRow> => ({
  heading,
  cell: ({ sum }) => shortNumber(read(sum)),
});

const MOUNT_COLUMNS: readonly Column<MountRow>[] = [
  { heading: "scenario", align: "left", cell: ({ scenario }) => scenario },
  { heading: "", align: "left", cell: ({ letter }) => letter },
  { heading: "phase", align: "left", cell: ({ phase }) => phase.name },
  number("mounts", (sum) => sum.mounts),
  number("failed", (sum) => sum.failedCalls),
  number("p50 ms", (sum) => sum.p50Ms),
  number("p99 ms", (sum) => sum.p99Ms),
  number("mounts/s", (sum) => sum.mountsPerSecond),
  number("took s", (sum) => sum.seconds),
  number("reads", (sum) => sum.reads),
  number("sign-ins", (sum) => sum.signIns),
  number("discovery", (sum) => sum.discovery),
  number("challenges", (sum) => sum.challenges),
  number("429s", (sum) => sum.throttled),
  number("CPU ms each", (sum) => sum.cpuMsPerMount),
  number("RSS MiB", (sum) => sum.rssMiB),
  number("peak MiB", (sum) => sum.peakMiB),
];

/** Every phase of every scenario. */
export function mountTable(results: readonly ScenarioResult[]): string {
  return makeTable(MOUNT_COLUMNS, results.flatMap(mountRows));
}

function mountRows({ scenario, providers }: ScenarioResult): MountRow[] {
  const rows = providers.flatMap(({ phases }, index) =>
    phases.map((phase, position) => ({
      position,
      row: { scenario: scenario.name, letter: letterOf(index), phase, sum: summarize(phase) },
    })),
  );
  // The same phase of both providers stands together.
  return rows.sort((a, b) => a.position - b.position).map(({ row }) => row);
}
