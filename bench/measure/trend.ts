import type { Phase } from "./phase.js";
import { slope } from "./statistics.js";

const FEWEST_PHASES = 6;
const FEWEST_MOUNTS = 2_000;

/** How memory grows over a scenario's phases, in KiB for every thousand mounts. */
export interface Trend {
  readonly rssKiB: number;
  /** NaN when the provider does not show its heap. */
  readonly heapKiB: number;
}

/**
 * The first third of the phases is left out: caches fill and code is compiled.
 * @returns undefined for what is too short to show a trend
 */
export function trendOf(phases: readonly Phase[]): Trend | undefined {
  if (phases.length < FEWEST_PHASES) return undefined;
  let mounts = 0;
  const points = phases.map(({ latenciesMs, runs, rssMiB, lowestHeapMiB }) => {
    mounts += latenciesMs.length / runs;
    return { thousands: mounts / 1000, rssMiB, heapMiB: lowestHeapMiB ?? Number.NaN };
  });
  if (mounts < FEWEST_MOUNTS) return undefined;
  const steady = points.slice(Math.ceil(points.length / 3));
  return {
    rssKiB: 1024 * slope(steady.map(({ thousands: x, rssMiB: y }) => ({ x, y }))),
    heapKiB: 1024 * slope(steady.map(({ thousands: x, heapMiB: y }) => ({ x, y }))),
  };
}
