import type { ScenarioResult } from "../run.js";
import { type PhaseRatios, phaseRatios, type Ratio, RATIO_NAMES, type RatioName } from "./ratios.js";
import { makeTable, shortNumber } from "./table.js";

const HEADINGS: Readonly<Record<RatioName, string>> = {
  p50Ms: "p50 ms",
  p99Ms: "p99 ms",
  mountsPerSecond: "mounts/s",
  seconds: "took s",
  reads: "reads",
  signIns: "sign-ins",
  cpuMsPerMount: "CPU ms each",
  peakMiB: "peak MiB",
};

/** How the second provider stands to the first, phase by phase: the median of the pairs, and their range. */
export function ratioTable(results: readonly ScenarioResult[]): string {
  return makeTable(
    [
      { heading: "scenario", align: "left", cell: ({ scenario }: PhaseRatios) => scenario },
      { heading: "phase", align: "left", cell: ({ phase }: PhaseRatios) => phase },
      ...RATIO_NAMES.map((name) => ({
        heading: HEADINGS[name],
        cell: ({ ratios }: PhaseRatios) => withRange(ratios[name]),
      })),
    ],
    results.flatMap(phaseRatios),
  );
}

/** `0.52 (0.48 to 0.60)`, or the number alone when all pairs agree. */
export function withRange({ median, lowest, highest }: Ratio): string {
  const [low, high] = [shortNumber(lowest), shortNumber(highest)];
  return low === high ? low : `${shortNumber(median)} (${low} to ${high})`;
}
