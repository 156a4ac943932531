import { summarize } from "../measure/phase.js";
import { trendOf } from "../measure/trend.js";
import type { Report } from "./report.js";

/** The report as JSON, without the single latencies. */
export function reportJson(report: Report): string {
  const { results, ...rest } = report;
  return JSON.stringify(
    {
      ...rest,
      scenarios: results.map(({ scenario, providers }) => ({
        name: scenario.name,
        title: scenario.title,
        providers: providers.map(({ phases, ...others }) => ({
          ...others,
          phases: phases.map((phase) => ({
            name: phase.name,
            runs: phase.runs,
            ...summarize(phase),
            lowestHeapMiB: phase.lowestHeapMiB,
            busy: phase.busy,
            firstFailure: phase.firstFailure,
          })),
          trend: trendOf(phases),
        })),
      })),
    },
    (_, value: unknown) => (typeof value === "number" ? Number(value.toFixed(3)) : value),
    2,
  );
}
