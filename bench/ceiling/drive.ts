import type { EmulatorProcess } from "../emulator/emulator-process.js";
import { percentile } from "../measure/statistics.js";
import type { Ceiling } from "./ceiling.js";

export interface Drive {
  readonly what: string;
  readonly once: () => Promise<unknown>;
  readonly concurrency: number;
  readonly forMs: number;
  readonly signal: AbortSignal;
}

/** Does one thing again and again, so many at a time, for a while. */
export async function drive(emulator: EmulatorProcess, options: Drive): Promise<Ceiling> {
  const { what, once, concurrency, forMs, signal } = options;
  const latenciesMs: number[] = [];
  await emulator.tally();
  const busyBefore = performance.eventLoopUtilization();
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      signal.throwIfAborted();
      const beganAt = performance.now();
      await once();
      latenciesMs.push(performance.now() - beganAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  const clientBusy = performance.eventLoopUtilization(busyBefore).utilization;
  const { busy } = await emulator.tally();
  return {
    what,
    perSecond: latenciesMs.length / seconds,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    emulatorBusy: busy,
    clientBusy,
  };
}
