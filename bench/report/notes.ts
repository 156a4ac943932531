import { type Phase, summarize } from "../measure/phase.js";
import { trendOf } from "../measure/trend.js";
import type { ScenarioResult } from "../run.js";
import { letterOf } from "./report.js";
import { percent, shortNumber } from "./table.js";

/** Above this share of busy time, a number is the bench's as much as the provider's. */
const BUSY_LIMIT = 0.85;

/** What a reader has to know of a scenario beside its numbers. */
export function notes({ scenario, providers }: ScenarioResult): string[] {
  return providers.flatMap(({ phases, runs }, index) => {
    const who = `${scenario.name}, ${letterOf(index)}`;
    const trend = trendOf(phases);
    return [
      ...runs.flatMap(({ failure }) => (failure === undefined ? [] : [`${who}: ${failure.trimEnd()}`])),
      ...phases.flatMap((phase) => phaseNotes(`${who}, ${phase.name}`, phase)),
      ...(trend === undefined
        ? []
        : [
            `${who}: per 1,000 mounts, resident memory grows by ${shortNumber(trend.rssKiB)} KiB, ` +
              `the heap by ${shortNumber(trend.heapKiB)} KiB (without the first third)`,
          ]),
    ];
  });
}

function phaseNotes(where: string, phase: Phase): string[] {
  const { busy, failedCalls, neverMounted, firstFailure = "", waitsMs } = phase;
  const { waitP50Ms, waitP99Ms } = summarize(phase);
  const notes: (string | false)[] = [
    waitsMs.length > 0 &&
      `${where}: pods waited for their volume for ${shortNumber(waitP50Ms)} ms (p50), ${shortNumber(waitP99Ms)} ms (p99)`,
    failedCalls > 0 && `${where}: ${failedCalls} calls failed, the first with: ${firstFailure}`,
    neverMounted > 0 && `${where}: ${neverMounted} volumes were never mounted`,
    busy.loadGenerator >= BUSY_LIMIT &&
      `${where}: the load generator was busy for ${percent(busy.loadGenerator)} of the time`,
    busy.emulator >= BUSY_LIMIT && `${where}: the vault was busy for ${percent(busy.emulator)} of the time`,
  ];
  return notes.filter((note) => note !== false);
}
