import { type Phase, summarize } from "../measure/phase.js";
import { trendOf } from "../measure/trend.js";
import { phaseRatios } from "./ratios.js";
import type { Report } from "./report.js";

/** The report as JSON, without the single latencies; a number that there is not is null. */
export function reportJson(report: Report): string {
  const { results, ...rest } = report;
  return JSON.stringify(
    {
      ...rest,
      scenarios: results.map((result) => ({
        ...result.scenario,
        delayMs: result.delayMs,
        providers: result.providers.map(({ runs, phases }) => ({
          starts: runs.flatMap(({ start }) => start ?? []),
          idle: runs.flatMap(({ idle }) => idle ?? []),
          failures: runs.flatMap(({ failure }) => failure ?? []),
          phases: phases.map(showPhase),
          trend: trendOf(phases),
        })),
        ratios: phaseRatios(result).map(({ phase, ratios }) => ({ phase, ...ratios })),
      })),
    },
    (_, value: unknown) => (typeof value === "number" ? Number(value.toFixed(3)) : value),
    2,
  );
}

function showPhase(phase: Phase): object {
  const { name, runs, lowestHeapMiB, busy, firstFailure } = phase;
  return { name, runs, ...summarize(phase), lowestHeapMiB, busy, firstFailure };
}
