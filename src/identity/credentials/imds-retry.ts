import { NetworkError } from "../../network/network-error.js";

/** One answer of the metadata service that brought no token: its status, or why there was none. */
export type ImdsOutcome =
  /** `retryAfterMs`: what Retry-After asks for. */
  { readonly status: number; readonly retryAfterMs: number | undefined } | { readonly error: unknown };

/** Tries after the first, for HTTP 404, 429 and 5xx. */
const MAX_RETRIES = 4;
/** Tries after the first when there is no answer: an unreachable service is to be reported soon. */
const MAX_NETWORK_RETRIES = 2;
/** With HTTP 410 the service is being updated, and back within this time. */
const UPDATE_TAKES_MS = 70_000;
const FIRST_WAIT_MS = 2_000;
/** Longest wait that a Retry-After may ask for; a longer one is cut to this. */
const MAX_RETRY_AFTER_MS = 30_000;

/**
 * How long to wait before the metadata service is asked again, in milliseconds; undefined when it is not asked again.
 * - HTTP 404, 429, 5xx: 2, 4, 8, 16 s, or what a Retry-After asks for when that is longer (30 s at most)
 * - HTTP 410: 2, 4, 8, 16, 32 s and what is left of 70 s since the first try
 * - no answer (time limit, connection refused or broken): 2, 4 s
 * - any other status: never; HTTP 400 says that the request is wrong
 *
 * Each wait is up to a fifth shorter or longer, so that the pods of a node do not ask in step.
 * @param retry - 1 for the first
 * @param elapsedMs - since the first try began
 * @param random - 0 up to 1
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance
 */
export function imdsWaitMs(
  outcome: ImdsOutcome,
  retry: number,
  elapsedMs: number,
  random: number,
): number | undefined {
  const waitMs = Math.round(FIRST_WAIT_MS * 2 ** (retry - 1) * (0.8 + 0.4 * random));
  if ("error" in outcome) {
    return retry <= MAX_NETWORK_RETRIES && isPassing(outcome.error) ? waitMs : undefined;
  }
  const { status, retryAfterMs = 0 } = outcome;
  if (status === 410) {
    const leftMs = UPDATE_TAKES_MS - elapsedMs;
    return leftMs > 0 ? Math.min(waitMs, leftMs) : undefined;
  }
  const isPassingStatus = status === 404 || status === 429 || status >= 500;
  if (!isPassingStatus || retry > MAX_RETRIES) return undefined;
  return Math.max(waitMs, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
}

function isPassing(error: unknown): boolean {
  return error instanceof NetworkError && ["timeout", "connect", "reset"].includes(error.kind);
}
