import type { MountClient } from "./mount-client.js";
import { checkAnswer, type Volume } from "./volume.js";

/** The kubelet's limit for one NodePublishVolume call. */
const CALL_LIMIT_MS = 120_000;
const SHOWN_FAILURE_CHARS = 300;

/** Calls Mount, and keeps how long it took and how it ended. */
export class Recorder {
  /** Of each successful call. */
  readonly latenciesMs: number[] = [];
  /** Of each volume that was tried until it was mounted: from its first call on. */
  readonly waitsMs: number[] = [];
  failedCalls = 0;
  neverMounted = 0;
  firstFailure: string | undefined;
  /** Ends all that is measured with it. */
  readonly signal: AbortSignal;
  readonly #client: MountClient;

  constructor(client: MountClient, signal: AbortSignal) {
    this.#client = client;
    this.signal = signal;
  }

  /** One call. @returns false when it failed @throws the signal's reason */
  async mount(volume: Volume): Promise<boolean> {
    this.signal.throwIfAborted();
    const startedAt = performance.now();
    try {
      const options = { deadlineMs: CALL_LIMIT_MS, signal: this.signal };
      const answer = await this.#client.mount(volume.request, options);
      const tookMs = performance.now() - startedAt;
      checkAnswer(volume, answer);
      this.latenciesMs.push(tookMs);
      return true;
    } catch (error) {
      this.signal.throwIfAborted();
      this.failedCalls += 1;
      this.firstFailure ??= (error instanceof Error ? error.message : "unknown").slice(
        0,
        SHOWN_FAILURE_CHARS,
      );
      return false;
    }
  }
}
