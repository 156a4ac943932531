import { LRUCache } from "lru-cache";
import type { ErrorCode } from "../../errors/codes.js";
import { ProviderError } from "../../errors/provider-error.js";

/** Not the error itself: what it was thrown through holds the proof, which is not to outlive its refusal. */
interface Refused {
  readonly code: ErrorCode;
  readonly message: string;
  readonly atMs: number;
  readonly untilMs: number;
  readonly failures: number;
}

/** First pause after a refused sign-in, doubled with each further one, and the longest. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
const MAX_ENTRIES = 2_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;
/** After this long without a try, a failure counts as the first again. */
const FORGET_AFTER_MS = 10 * 60_000;

/**
 * Sign-ins that the authority has refused. The same proof of the same pod is not presented again before a pause is over:
 * a pod whose identity is set up wrongly asks every few seconds, and would use up what the tenant's others may ask. The
 * pause is kept for pod and proof together, so nobody can bring one about for somebody else.
 */
export class RefusedProofs {
  readonly #refused: LRUCache<string, Refused>;
  readonly #now: () => number;

  /** @param now - milliseconds on a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
    this.#refused = new LRUCache({
      max: MAX_ENTRIES,
      maxSize: MAX_CHARACTERS,
      sizeCalculation: ({ message }, key) => key.length + message.length,
      ttl: FORGET_AFTER_MS,
      perf: { now },
    });
  }

  /** @throws {ProviderError} the refusal again, while its pause lasts */
  check(key: string): void {
    const refused = this.#refused.get(key);
    const nowMs = this.#now();
    if (refused === undefined || nowMs >= refused.untilMs) return;
    const { code, message, atMs, untilMs } = refused;
    throw new ProviderError(
      code,
      `${message} (answered ${seconds(nowMs - atMs)} ago; the same sign-in is tried again in ${seconds(untilMs - nowMs)} at the earliest)`,
    );
  }

  /** Notes how a sign-in failed. Only an answer counts, not that none came: a network that is back is used at once. */
  add(key: string, error: unknown): void {
    if (!(error instanceof ProviderError) || !isAnswer(error)) return;
    const failures = (this.#refused.get(key)?.failures ?? 0) + 1;
    const atMs = this.#now();
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS);
    this.#refused.set(key, {
      code: error.code,
      message: error.message,
      atMs,
      untilMs: atMs + pauseMs,
      failures,
    });
  }

  delete(key: string): void {
    this.#refused.delete(key);
  }
}

function isAnswer({ code }: ProviderError): boolean {
  return code === "SIGN_IN_REJECTED" || code === "SIGN_IN_FAILED" || code === "SIGN_IN_THROTTLED";
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
