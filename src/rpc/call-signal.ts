import { ProviderError } from "../errors/provider-error.js";

/** What a call of the gRPC library tells about its end. */
export interface EndingCall {
  /** Milliseconds since the epoch, a Date, or Infinity. */
  getDeadline(): Date | number;
  readonly cancelled: boolean;
  once(event: "cancelled", listener: () => void): unknown;
}

export interface CallSignal {
  /** Aborts when the call need not or cannot be answered any more. Its reason is a {@link ProviderError}. */
  readonly signal: AbortSignal;
  /** Milliseconds from the call's beginning until `signal` aborts for want of time; Infinity when it does not. */
  readonly givenMs: number;
  abort(reason: ProviderError): void;
  /** To be called once the call is answered. */
  dispose(): void;
}

/** How much earlier than the deadline a call ends here, at most; a tenth of its time when that is less. */
const MAX_MARGIN_MS = 500;
/** The longest delay that a timer knows. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Makes an AbortSignal of a call's cancellation and deadline. It aborts a little before the deadline: at the
 * deadline itself the driver stops listening and says `context deadline exceeded`; a moment earlier it still takes
 * an answer that says what was slow.
 */
export function signalOf(call: EndingCall, clock: () => number = Date.now): CallSignal {
  const controller = new AbortController();
  const deadlineMs = Number(call.getDeadline());
  const givenMs = deadlineMs - clock();
  const abort = (reason: ProviderError): void => {
    controller.abort(reason);
  };
  const usableMs =
    givenMs < MAX_TIMER_MS ? Math.max(0, givenMs - Math.min(MAX_MARGIN_MS, givenMs / 10)) : Infinity;
  const onTimeUp = (): void => {
    abort(deadlineExceeded(givenMs));
  };
  const timer = usableMs === Infinity ? undefined : setTimeout(onTimeUp, usableMs);
  let isDisposed = false;
  const onCancelled = (): void => {
    // The library says so of answered calls too, once their stream has closed.
    if (!isDisposed) abort(clock() >= deadlineMs ? deadlineExceeded(givenMs) : cancelled());
  };
  call.once("cancelled", onCancelled);
  if (call.cancelled) onCancelled();
  return {
    signal: controller.signal,
    givenMs: usableMs,
    abort,
    dispose: () => {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}

function deadlineExceeded(givenMs: number): ProviderError {
  return new ProviderError(
    "CALL_DEADLINE_EXCEEDED",
    `the mount did not end within the ${(Math.max(0, givenMs) / 1000).toFixed(1)} s that the driver gave it; Key Vault ` +
      "or Entra ID answers slowly or cannot be reached from this node: check its network, DNS, proxy and firewall",
  );
}

function cancelled(): ProviderError {
  return new ProviderError("CALL_CANCELLED", "the driver cancelled the call before it was answered");
}
