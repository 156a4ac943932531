import { setTimeout as sleep } from "node:timers/promises";
import type { EmulatorProcess } from "../emulator/emulator-process.js";
import type { World } from "../emulator/protocol.js";
import type { Phase } from "../measure/phase.js";
import type { ProviderRun } from "../provider/provider-run.js";
import { HeapWatch } from "./heap-watch.js";
import { Recorder } from "./recorder.js";

export interface MeasureOptions {
  readonly watchHeap?: boolean;
  /** `driver` calls as the driver does, and is the default; `bare` when the calls are to cost as little as can be. */
  readonly client?: "driver" | "bare";
}

/** One provider that has just been started, before one world. */
export class Session {
  readonly world: World;
  readonly phases: Phase[] = [];
  readonly #emulator: EmulatorProcess;
  readonly #provider: ProviderRun;
  readonly #signal: AbortSignal;

  constructor(parts: {
    readonly emulator: EmulatorProcess;
    readonly provider: ProviderRun;
    readonly world: World;
    readonly signal: AbortSignal;
  }) {
    this.#emulator = parts.emulator;
    this.#provider = parts.provider;
    this.#signal = parts.signal;
    this.world = parts.world;
  }

  /** Leaves the provider alone. */
  async rest(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal });
  }

  /** Measures everything that happens while the body runs, under a name. */
  async measure(
    name: string,
    body: (recorder: Recorder) => Promise<void>,
    { watchHeap = false, client = "driver" }: MeasureOptions = {},
  ): Promise<void> {
    const heap = watchHeap ? new HeapWatch(this.#provider) : undefined;
    try {
      this.phases.push(await this.#measure(name, body, client, heap));
    } finally {
      heap?.stop();
    }
  }

  async #measure(
    name: string,
    body: (recorder: Recorder) => Promise<void>,
    client: "driver" | "bare",
    heap: HeapWatch | undefined,
  ): Promise<Phase> {
    const recorder = new Recorder(
      client === "bare" ? this.#provider.bareClient : this.#provider.client,
      this.#signal,
    );
    await this.#emulator.tally();
    const before = await this.#provider.usage();
    const busyBefore = performance.eventLoopUtilization();
    const startedAt = performance.now();
    await body(recorder);
    const durationMs = performance.now() - startedAt;
    const loadGenerator = performance.eventLoopUtilization(busyBefore).utilization;
    const after = await this.#provider.usage();
    const { requests, busy } = await this.#emulator.tally();
    return {
      name,
      runs: 1,
      latenciesMs: recorder.latenciesMs,
      waitsMs: recorder.waitsMs,
      failedCalls: recorder.failedCalls,
      neverMounted: recorder.neverMounted,
      durationMs,
      requests,
      cpuMs: after.cpuMs - before.cpuMs,
      rssMiB: after.rssMiB,
      peakMiB: after.peakMiB,
      lowestHeapMiB: await heap?.lowestMiB(),
      busy: { loadGenerator, emulator: busy },
      firstFailure: recorder.firstFailure,
    };
  }
}
