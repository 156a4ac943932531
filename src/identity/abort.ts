import { ProviderError } from "../errors/provider-error.js";

/** The abort reason as an error of ours: as it is when it is one already, else CALL_DEADLINE_EXCEEDED or CALL_CANCELLED. */
export function abortError(signal: AbortSignal): ProviderError {
  const reason: unknown = signal.reason;
  if (reason instanceof ProviderError) return reason;
  return reason instanceof Error && reason.name === "TimeoutError"
    ? new ProviderError("CALL_DEADLINE_EXCEEDED", "the deadline passed during the sign-in", { cause: reason })
    : new ProviderError("CALL_CANCELLED", "the call was given up during the sign-in", { cause: reason });
}

/** Ends a sign-in that nobody waits for any more. @throws {ProviderError} the abort reason */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError(signal);
}
