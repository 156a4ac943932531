import type { DriverClient } from "../../driver/client.js";
import { checkAnswer, type Volume } from "./volume.js";

/** The kubelet's limit for one NodePublishVolume call. */
const CALL_LIMIT_MS = 120_000;
const SHOWN_FAILURE_CHARS = 300;

/** Calls Mount, and keeps how long it took and how it ended. */
export class Recorder {
  readonly latenciesMs: number[] = [];
  failedCalls = 0;
  neverMounted = 0;
  firstFailure: string | undefined;
  readonly #client: DriverClient;

  constructor(client: DriverClient) {
    this.#client = client;
  }

  /** One call. @returns false when it failed */
  async mount(volume: Volume): Promise<boolean> {
    const startedAt = performance.now();
    try {
      const answer = await this.#client.mount(volume.request, { deadlineMs: CALL_LIMIT_MS });
      const tookMs = performance.now() - startedAt;
      checkAnswer(volume, answer);
      this.latenciesMs.push(tookMs);
      return true;
    } catch (error) {
      this.failedCalls += 1;
      this.firstFailure ??= (error instanceof Error ? error.message : "unknown").slice(
        0,
        SHOWN_FAILURE_CHARS,
      );
      return false;
    }
  }
}
