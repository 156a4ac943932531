import type { PipelineRequest } from "@azure/core-rest-pipeline";
import { NetworkError } from "./network-error.js";
import { STAGE_WORDS, type Stage } from "./socket-failure.js";

/** The time of one try: it ends by its limit, or when the caller gives up. */
export class TryTime {
  /** How far the try has come, for the message. */
  stage: Stage = "queued";
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #callersSignal: PipelineRequest["abortSignal"];
  readonly #onAbort: () => void;

  /** @param limitMs - cut to the request's own limit where that is shorter */
  constructor(request: PipelineRequest, host: string, limitMs: number) {
    const timeoutMs = request.timeout > 0 ? Math.min(request.timeout, limitMs) : limitMs;
    this.#timer = setTimeout(() => {
      const words = `${host} took longer than ${timeoutMs} ms ${STAGE_WORDS[this.stage]}`;
      this.#controller.abort(new NetworkError("timeout", words, { host }));
    }, timeoutMs);
    this.#onAbort = () => {
      const words = `the request to ${host} was given up by its caller`;
      this.#controller.abort(new NetworkError("aborted", words, { host }));
    };
    this.#callersSignal = request.abortSignal;
    if (this.#callersSignal?.aborted === true) this.#onAbort();
    this.#callersSignal?.addEventListener("abort", this.#onAbort);
  }

  /** Aborts when the time is over; its reason is a {@link NetworkError}, timeout or aborted. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The try has ended: nothing is timed any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#callersSignal?.removeEventListener("abort", this.#onAbort);
  }
}
