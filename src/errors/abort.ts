import { ProviderError } from "./provider-error.js";

/** The abort reason as an error of ours: as it is when it is one already, else CALL_DEADLINE_EXCEEDED or CALL_CANCELLED. */
export function abortError(signal: AbortSignal): ProviderError {
  const reason: unknown = signal.reason;
  if (reason instanceof ProviderError) return reason;
  return reason instanceof Error && reason.name === "TimeoutError"
    ? new ProviderError("CALL_DEADLINE_EXCEEDED", "the call's deadline has passed", { cause: reason })
    : new ProviderError("CALL_CANCELLED", "the call was cancelled", { cause: reason });
}

/** Ends work that nobody waits for any more. @throws {ProviderError} the abort reason */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError(signal);
}

/**
 * Waits for `work` until `signal` aborts, and then no longer: a call that is given up returns at once, whatever its work
 * still waits for. What becomes of the work then is nobody's concern.
 * @throws {ProviderError} the abort reason
 */
export function untilAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  if (signal.aborted) return Promise.reject(abortError(signal));
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(abortError(signal));
    };
    signal.addEventListener("abort", giveUp, { once: true });
    void work()
      .then(resolve, reject)
      .finally(() => {
        signal.removeEventListener("abort", giveUp);
      });
  });
}
