import type { ProviderError } from "../errors/provider-error.js";
import type { Closed, ThrottleGate } from "./throttle-gate.js";

/** Who waits, and until when it makes sense. */
export interface DeadlineCall {
  readonly signal: AbortSignal;
  /** On the clock; Infinity when there is none. */
  readonly deadlineMs: number;
}

/** How long before the deadline a caller hears that it waited in vain, at most; a tenth of its time when that is less. */
const LAST_MOMENT_MS = 200;
/** The longest delay that a timer knows. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for work that must pass a gate, and stops waiting as soon as the gate is closed beyond the caller's deadline: so
 * the caller hears why, and when to come again, rather than that its time is over.
 * @param work - gets a signal that aborts when the caller's does, or when waiting is hopeless
 * @throws what `explain` makes, what the work throws, or the reason of `call.signal`
 */
export async function untilHopeless<Result>(
  gate: ThrottleGate,
  call: DeadlineCall,
  clock: () => number,
  explain: (closed: Closed) => ProviderError,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const hopeless = new AbortController();
  const leave = gate.watch((closed) => {
    if (clock() + closed.forMs > call.deadlineMs) hopeless.abort(explain(closed));
  });
  // One that is still in line when its time is all but over has waited for nothing but its turn.
  const remainingMs = call.deadlineMs - clock();
  const timer =
    remainingMs < MAX_TIMER_MS
      ? setTimeout(
          () => {
            if (gate.waiting > 0) hopeless.abort(explain(gate.state));
          },
          remainingMs - Math.min(LAST_MOMENT_MS, remainingMs / 10),
        )
      : undefined;
  try {
    return await work(AbortSignal.any([call.signal, hopeless.signal]));
  } finally {
    clearTimeout(timer);
    leave();
  }
}

/** For messages, after the service's name. */
export function closedWords({ forMs, answer, waiting }: Closed): string {
  const cause = answer === "" ? "takes no more at a time" : `answered ${answer}`;
  const wait =
    forMs > 0
      ? `it is asked nothing for another ${Math.ceil(forMs / 1_000)} s`
      : `${waiting} requests of this node wait for their turn`;
  return `${cause}, so ${wait}, which is longer than this mount may take; the kubelet tries again by itself`;
}
