import type { PhaseSummary } from "../measure/phase.js";

/** How the second provider stands to the first: 0.5 is half of it. */
export type Ratios = Readonly<Record<RatioName, number>>;

export const RATIO_NAMES = [
  "p50Ms",
  "p99Ms",
  "mountsPerSecond",
  "seconds",
  "reads",
  "signIns",
  "cpuMsPerMount",
  "peakMiB",
] as const;
export type RatioName = (typeof RATIO_NAMES)[number];

/** Second by first; equal values are 1, also when both are 0; NaN when only the first is 0. */
export function ratiosOf(first: PhaseSummary, second: PhaseSummary): Ratios {
  const ratio = (name: RatioName): number => {
    const [a, b] = [first[name], second[name]];
    if (a === b) return 1;
    return a === 0 ? Number.NaN : b / a;
  };
  return Object.fromEntries(RATIO_NAMES.map((name) => [name, ratio(name)])) as Ratios;
}
