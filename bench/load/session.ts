import type { EmulatorProcess } from "../emulator/emulator-process.js";
import type { World } from "../emulator/protocol.js";
import type { Phase } from "../measure/phase.js";
import type { ProviderRun } from "../provider/provider-run.js";
import { Recorder } from "./recorder.js";

const HEAP_LOOK_MS = 250;

/** One provider that has just been started, before one world. */
export class Session {
  readonly world: World;
  readonly phases: Phase[] = [];
  readonly #emulator: EmulatorProcess;
  readonly #provider: ProviderRun;

  constructor(emulator: EmulatorProcess, provider: ProviderRun, world: World) {
    this.#emulator = emulator;
    this.#provider = provider;
    this.world = world;
  }

  /** Measures everything that happens while the body runs, under a name. */
  async measure(
    name: string,
    body: (recorder: Recorder) => Promise<void>,
    options: { readonly watchHeap?: boolean } = {},
  ): Promise<void> {
    const recorder = new Recorder(this.#provider.client);
    const heap = options.watchHeap === true ? this.#watchHeap() : undefined;
    await this.#emulator.tally();
    const before = await this.#provider.usage();
    const busyBefore = performance.eventLoopUtilization();
    const startedAt = performance.now();
    await body(recorder);
    const durationMs = performance.now() - startedAt;
    const loadGenerator = performance.eventLoopUtilization(busyBefore).utilization;
    const after = await this.#provider.usage();
    const { requests, busy } = await this.#emulator.tally();
    this.phases.push({
      name,
      runs: 1,
      latenciesMs: recorder.latenciesMs,
      failedCalls: recorder.failedCalls,
      neverMounted: recorder.neverMounted,
      durationMs,
      requests,
      cpuMs: after.cpuMs - before.cpuMs,
      rssMiB: after.rssMiB,
      peakMiB: after.peakMiB,
      lowestHeapMiB: await heap?.lowest(),
      busy: { loadGenerator, emulator: busy },
      firstFailure: recorder.firstFailure,
    });
  }

  /** Looks at the heap every now and then: the lowest is near what is left after a collection. */
  #watchHeap(): { lowest: () => Promise<number | undefined> } {
    const seen: number[] = [];
    const look = async (): Promise<void> => {
      const heapMiB = await this.#provider.heapMiB();
      if (heapMiB !== undefined) seen.push(heapMiB);
    };
    const timer = setInterval(() => void look(), HEAP_LOOK_MS);
    return {
      lowest: async () => {
        clearInterval(timer);
        await look();
        return seen.length === 0 ? undefined : Math.min(...seen);
      },
    };
  }
}
