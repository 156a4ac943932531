import type { ProviderError } from "../errors/provider-error.js";
import type { Closed, ThrottleGate } from "./throttle-gate.js";

/** Who waits, and until when it makes sense. */
export interface DeadlineCall {
  readonly signal: AbortSignal;
  /** On the clock; Infinity when there is none. */
  readonly deadlineMs: number;
}

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
  try {
    return await work(AbortSignal.any([call.signal, hopeless.signal]));
  } finally {
    leave();
  }
}

/** For messages, after the service's name. */
export function closedWords({ forMs, answer }: Closed): string {
  return (
    `answered ${answer}, so it is asked nothing for another ${Math.ceil(forMs / 1_000)} s, which is longer than this mount ` +
    "may take; the kubelet tries again by itself"
  );
}
