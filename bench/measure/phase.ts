import type { RequestTally } from "../emulator/protocol.js";
import { percentile } from "./statistics.js";

/** Everything that was seen during one named part of a scenario; of one run, or of several that were merged. */
export interface Phase {
  readonly name: string;
  readonly runs: number;
  /** Of each successful Mount call, in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** Of each volume that was tried until it was mounted, from its first call on; empty in most scenarios. */
  readonly waitsMs: readonly number[];
  /** Calls that failed, tried again or not. */
  readonly failedCalls: number;
  /** Volumes that were never mounted. */
  readonly neverMounted: number;
  readonly durationMs: number;
  readonly requests: RequestTally;
  /** CPU time of the provider. */
  readonly cpuMs: number;
  /** Resident at the end of the phase; the highest of the merged runs. */
  readonly rssMiB: number;
  /** Most ever resident since its start, up to the end of the phase. */
  readonly peakMiB: number;
  /** Lowest heap seen during the phase, where it was looked at. */
  readonly lowestHeapMiB?: number | undefined;
  /** Share of the time that these two were busy; near 1 the numbers are theirs, not the provider's. */
  readonly busy: { readonly loadGenerator: number; readonly emulator: number };
  /** In its own words. */
  readonly firstFailure?: string | undefined;
}

/** A phase in the terms in which it is shown; counts per run. */
export interface PhaseSummary {
  readonly mounts: number;
  readonly failedCalls: number;
  readonly neverMounted: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** NaN where volumes are not tried until they are mounted. */
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  readonly mountsPerSecond: number;
  readonly seconds: number;
  readonly reads: number;
  readonly signIns: number;
  readonly discovery: number;
  readonly challenges: number;
  readonly throttled: number;
  readonly cpuMsPerMount: number;
  readonly rssMiB: number;
  readonly peakMiB: number;
}

export function summarize(phase: Phase): PhaseSummary {
  const { runs, latenciesMs, requests } = phase;
  return {
    mounts: latenciesMs.length / runs,
    failedCalls: phase.failedCalls / runs,
    neverMounted: phase.neverMounted / runs,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    waitP50Ms: percentile(phase.waitsMs, 0.5),
    waitP99Ms: percentile(phase.waitsMs, 0.99),
    mountsPerSecond: latenciesMs.length / (phase.durationMs / 1000),
    seconds: phase.durationMs / 1000 / runs,
    reads: requests.reads / runs,
    signIns: requests.signIns / runs,
    discovery: requests.discovery / runs,
    challenges: requests.challenges / runs,
    throttled: requests.throttled / runs,
    cpuMsPerMount: phase.cpuMs / latenciesMs.length,
    rssMiB: phase.rssMiB,
    peakMiB: phase.peakMiB,
  };
}

/** Puts phases of the same name together, in the order of their first appearance. */
export function mergePhases(phases: readonly Phase[]): Phase[] {
  const merged = new Map<string, Phase>();
  for (const phase of phases) {
    const before = merged.get(phase.name);
    merged.set(phase.name, before === undefined ? phase : merge(before, phase));
  }
  return [...merged.values()];
}

function merge(a: Phase, b: Phase): Phase {
  return {
    name: a.name,
    runs: a.runs + b.runs,
    latenciesMs: [...a.latenciesMs, ...b.latenciesMs],
    waitsMs: [...a.waitsMs, ...b.waitsMs],
    failedCalls: a.failedCalls + b.failedCalls,
    neverMounted: a.neverMounted + b.neverMounted,
    durationMs: a.durationMs + b.durationMs,
    requests: {
      reads: a.requests.reads + b.requests.reads,
      signIns: a.requests.signIns + b.requests.signIns,
      discovery: a.requests.discovery + b.requests.discovery,
      challenges: a.requests.challenges + b.requests.challenges,
      throttled: a.requests.throttled + b.requests.throttled,
    },
    cpuMs: a.cpuMs + b.cpuMs,
    rssMiB: Math.max(a.rssMiB, b.rssMiB),
    peakMiB: Math.max(a.peakMiB, b.peakMiB),
    lowestHeapMiB: lowest(a.lowestHeapMiB, b.lowestHeapMiB),
    busy: {
      loadGenerator: Math.max(a.busy.loadGenerator, b.busy.loadGenerator),
      emulator: Math.max(a.busy.emulator, b.busy.emulator),
    },
    firstFailure: a.firstFailure ?? b.firstFailure,
  };
}

function lowest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
