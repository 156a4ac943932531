import { summarize, type Phase, type PhaseSummary } from "../measure/phase.js";
import type { ScenarioResult } from "../run.js";
import { RATIO_NAMES, type RatioName, ratiosOf } from "./ratios.js";
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

interface RatioRow {
  readonly scenario: string;
  readonly phase: string;
  readonly ratios: Readonly<Record<RatioName, number>>;
}

/** How the second provider stands to the first, phase by phase. */
export function ratioTable(results: readonly ScenarioResult[]): string {
  const rows = results.flatMap(({ scenario, providers: [first, second] }) =>
    (first?.phases ?? []).flatMap((phase): RatioRow[] => {
      const other = second?.phases.find(({ name }) => name === phase.name);
      if (other === undefined) return [];
      return [
        { scenario: scenario.name, phase: phase.name, ratios: ratiosOf(summarize(phase), summarize(other)) },
      ];
    }),
  );
  const ratio = (name: RatioName): Column<RatioRow> => ({
    heading: name,
    cell: ({ ratios }) => shortNumber(ratios[name]),
  });
  return makeTable(
    [
      { heading: "scenario", align: "left", cell: (row) => row.scenario },
      { heading: "phase", align: "left", cell: (row) => row.phase },
      ...RATIO_NAMES.map(ratio),
    ],
    rows,
  );
}
