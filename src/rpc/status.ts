import { abortError } from "../errors/abort.js";
import { ERROR_CODES, type ErrorCode, type StatusName } from "../errors/codes.js";
import { ProviderError } from "../errors/provider-error.js";

/** What a failed call is answered with. */
export interface CallFailure {
  readonly code: ErrorCode;
  readonly status: StatusName;
  /** What the driver passes on to the pod's events; bounded, one line, valid UTF-8. */
  readonly details: string;
  /** True for an error that no code of ours foresaw: log it with its frames. */
  readonly isUnexpected: boolean;
}

export interface FailureContext {
  /** The call's own signal; its reason says why a call ended early. */
  readonly signal?: AbortSignal;
  /** Stands in the answer to an unexpected error, so that it is found in the log. */
  readonly requestId: string;
  /** What the message begins with; empty when nothing. */
  readonly prefix?: string;
}

/** What every failed mount begins with; people search for it. */
export const MOUNT_FAILURE_PREFIX = "failed to mount objects, error: ";

/**
 * The most bytes of an answer's message. It travels percent-encoded in a header, three bytes for one at worst, and
 * an event of Kubernetes shows the first 1,024 bytes.
 */
export const MAX_DETAILS_BYTES = 4096;

/**
 * The only place where errors become statuses. A {@link ProviderError} is answered with its own words and the status
 * of its code. When the call ended early, whatever its parts threw on the way out is answered with the reason of its
 * signal. Anything else is a mistake of ours: INTERNAL and a request id, because its message may quote a value.
 */
export function toFailure(error: unknown, context: FailureContext): CallFailure {
  const known = knownError(error, context.signal);
  const code = known?.code ?? "INTERNAL";
  const message =
    known?.message ??
    `internal error, request ${context.requestId}: this is a bug of the provider; look for the request in the ` +
      "log of the provider's pod on this node and report the lines";
  return {
    code,
    status: ERROR_CODES[code].status,
    details: boundDetails((context.prefix ?? "") + message),
    isUnexpected: known === undefined,
  };
}

function knownError(error: unknown, signal: AbortSignal | undefined): ProviderError | undefined {
  if (error instanceof ProviderError) return error;
  return signal?.aborted === true ? abortError(signal) : undefined;
}

/**
 * Makes a text fit for an answer: control characters and line ends become spaces, half surrogate pairs U+FFFD (the
 * gRPC library throws on them), and what is beyond {@link MAX_DETAILS_BYTES} is cut at a whole character.
 */
export function boundDetails(text: string): string {
  // No character has more code units than bytes: this cut is cheap and never the one that counts.
  const oneLine = text
    .slice(0, MAX_DETAILS_BYTES + 1)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\p{Surrogate}/gu, "\ufffd");
  if (text.length <= MAX_DETAILS_BYTES && Buffer.byteLength(oneLine) <= MAX_DETAILS_BYTES) return oneLine;
  const ending = "… (shortened)";
  const kept = Buffer.from(oneLine, "utf8").subarray(0, MAX_DETAILS_BYTES - Buffer.byteLength(ending));
  // A decoder that is told of more input keeps an incomplete character to itself.
  return new TextDecoder().decode(kept, { stream: true }) + ending;
}

/** A status as Go spells it, which is what metrics and the driver's log hold: `INVALID_ARGUMENT` → `InvalidArgument`. */
export function goStatusName(status: StatusName | "OK"): string {
  if (status === "OK") return "OK";
  if (status === "CANCELLED") return "Canceled";
  return status
    .split("_")
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join("");
}
