import type { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Profile } from "./pprof-format.js";
import { fromCpuProfile, fromHeapProfile, type ProfileTimes } from "./v8-profiles.js";

/** Takes a profile for some seconds, or rejects when the signal aborts before. */
export type TakeProfile = (seconds: number, signal: AbortSignal) => Promise<Profile>;

/** Twice as often as Go's profiler. V8's own 1 ms would cost a process that has 5 % of a core too much. */
const CPU_INTERVAL_MICROS = 5_000;
/** V8's own. */
const HEAP_INTERVAL_BYTES = 32 * 1024;

/** What the main thread spends its time on. Worker threads have profilers of their own, which are not asked. */
export const takeCpuProfile: TakeProfile = async (seconds, signal) =>
  await withSession(async (session) => {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: CPU_INTERVAL_MICROS });
    await session.post("Profiler.start");
    const times = await pass(seconds, signal);
    const { profile } = await session.post("Profiler.stop");
    return fromCpuProfile(profile, CPU_INTERVAL_MICROS, times);
  });

/**
 * What the main thread allocates and keeps: sizes by stack, and no content, which a heap snapshot would hold all of.
 */
export const takeHeapProfile: TakeProfile = async (seconds, signal) =>
  await withSession(async (session) => {
    await session.post("HeapProfiler.startSampling", { samplingInterval: HEAP_INTERVAL_BYTES });
    const times = await pass(seconds, signal);
    const { profile } = await session.post("HeapProfiler.stopSampling");
    return fromHeapProfile(profile, HEAP_INTERVAL_BYTES, times);
  });

async function pass(seconds: number, signal: AbortSignal): Promise<ProfileTimes> {
  const startedAtMs = Date.now();
  const start = performance.now();
  await sleep(seconds * 1000, undefined, { signal });
  return { startedAtMs, durationMs: performance.now() - start };
}

/** A session is within this process and opens no port. Its end stops whatever it had started. */
async function withSession<T>(use: (session: Session) => Promise<T>): Promise<T> {
  // Not before it is needed: the bundle would have every start load it.
  const inspector = await import("node:inspector/promises");
  const session = new inspector.Session();
  session.connect();
  try {
    return await use(session);
  } finally {
    session.disconnect();
  }
}
