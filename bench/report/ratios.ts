import { type Phase, type PhaseSummary, summarize } from "../measure/phase.js";
import { percentile } from "../measure/statistics.js";
import type { ScenarioResult } from "../run.js";

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

/** How the second provider stands to the first, run by run: 0.5 is half of it. NaN when no run has a value. */
export interface Ratio {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export type Ratios = Readonly<Record<RatioName, Ratio>>;

export interface PhaseRatios {
  readonly scenario: string;
  readonly phase: string;
  readonly ratios: Ratios;
}

/** Of every phase that both providers came to. */
export function phaseRatios({ scenario, providers: [first, second] }: ScenarioResult): PhaseRatios[] {
  return (first?.phases ?? []).flatMap(({ name }) => {
    const pairs = (first?.runs ?? []).flatMap((run, position): [Phase, Phase][] => {
      const [own, other] = [run, second?.runs[position]].map((one) =>
        one?.phases.find((phase) => phase.name === name),
      );
      return own === undefined || other === undefined ? [] : [[own, other]];
    });
    if (pairs.length === 0) return [];
    const ratios = ratiosOf(pairs.map(([a, b]) => [summarize(a), summarize(b)]));
    return [{ scenario: scenario.name, phase: name, ratios }];
  });
}

/**
 * Second by first, pair by pair: what slows the machine down slows both of a pair. Equal values are 1, also when both
 * are 0; a pair of which only the first is 0 is left out.
 */
export function ratiosOf(pairs: readonly (readonly [PhaseSummary, PhaseSummary])[]): Ratios {
  const ratio = (name: RatioName): Ratio => {
    const values = pairs
      .map(([{ [name]: a }, { [name]: b }]) => (a === b ? 1 : b / a))
      .filter((value) => Number.isFinite(value));
    return {
      median: percentile(values, 0.5),
      lowest: values.length === 0 ? Number.NaN : Math.min(...values),
      highest: values.length === 0 ? Number.NaN : Math.max(...values),
    };
  };
  return Object.fromEntries(RATIO_NAMES.map((name) => [name, ratio(name)])) as unknown as Ratios;
}
