import type { HeapProfiler, Profiler, Runtime } from "node:inspector";
import type { Frame, Profile, Stack } from "./pprof-format.js";

/** When a profile was taken. */
export interface ProfileTimes {
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly durationMs: number;
}

const IDLE = "(idle)";
const CPU = { type: "cpu", unit: "nanoseconds" };
const SPACE = { type: "space", unit: "bytes" };

/**
 * V8's CPU profile as pprof has it: for each stack how often it was seen and how long it ran. Time in which the thread
 * waited is left out, as in Go. `(garbage collector)` and `(program)`, V8's name for native code, stay.
 * @param intervalMicros - between two samples
 */
export function fromCpuProfile(
  profile: Profiler.Profile,
  intervalMicros: number,
  times: ProfileTimes,
): Profile {
  const seen = new Map<number, { count: number; micros: number }>();
  const { samples = [], timeDeltas = [] } = profile;
  let atMicros = profile.startTime;
  for (const [index, id] of samples.entries()) {
    atMicros += timeDeltas[index] ?? 0;
    // A sample lasts until the next; clocks of two threads may disagree by a little.
    const lastsMicros = Math.max(0, timeDeltas[index + 1] ?? profile.endTime - atMicros);
    const own = seen.get(id) ?? { count: 0, micros: 0 };
    seen.set(id, { count: own.count + 1, micros: own.micros + lastsMicros });
  }
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const stacks: Stack[] = [];
  for (const [id, { count, micros }] of seen) {
    if (nodes.get(id)?.callFrame.functionName === IDLE) continue;
    const frames: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = nodes.get(at);
      // The root stands for no function.
      if (node !== undefined && parents.has(at)) frames.push(toFrame(node.callFrame));
    }
    if (frames.length > 0) stacks.push({ frames, values: [count, Math.round(micros) * 1000] });
  }
  return {
    measures: [{ type: "samples", unit: "count" }, CPU],
    periodMeasure: CPU,
    period: intervalMicros * 1000,
    stacks,
    ...times,
  };
}

/**
 * V8's sampling heap profile as pprof has it: for each stack the bytes that it allocated while the profile was taken and
 * that were still in use at its end, estimated from the samples.
 * @param intervalBytes - between two samples, on average
 */
export function fromHeapProfile(
  profile: HeapProfiler.SamplingHeapProfile,
  intervalBytes: number,
  times: ProfileTimes,
): Profile {
  const stacks: Stack[] = [];
  const visits: { readonly node: HeapProfiler.SamplingHeapProfileNode; readonly frames: Frame[] }[] = [
    { node: profile.head, frames: [] },
  ];
  for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
    const { node, frames } = visit;
    if (node.selfSize > 0 && frames.length > 0) {
      stacks.push({ frames, values: [Math.round(node.selfSize)] });
    }
    for (const child of node.children) {
      visits.push({ node: child, frames: [toFrame(child.callFrame), ...frames] });
    }
  }
  return {
    measures: [{ type: "inuse_space", unit: "bytes" }],
    periodMeasure: SPACE,
    period: intervalBytes,
    stacks,
    ...times,
  };
}

/** V8 counts from 0, and has -1 for what stands in no script. */
function toFrame({ functionName, url, lineNumber, columnNumber }: Runtime.CallFrame): Frame {
  return { functionName, scriptUrl: url, line: lineNumber + 1, column: columnNumber + 1 };
}
