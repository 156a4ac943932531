import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { NetworkError } from "./network-error.js";
import { retryAfterMs } from "./retry-after.js";

type Signal = NonNullable<PipelineRequest["abortSignal"]>;

export interface RetryOptions {
  /** Tries after the first. Default 3. */
  readonly maxRetries?: number;
  /** Wait before the first retry, doubled each time. Default 500. */
  readonly baseDelayMs?: number;
  /** Longest wait that this client chooses itself. Default 8,000. */
  readonly maxDelayMs?: number;
  /** Longest wait that a Retry-After may ask for; a longer one is cut to this. Default 30,000. */
  readonly maxRetryAfterMs?: number;
  /** Called before each wait, for logs and metrics. */
  readonly onRetry?: (retry: Retry) => void;
  /** Waits; rejects as soon as the signal aborts. Default: a timer. */
  readonly sleep?: (delayMs: number, signal: Signal | undefined) => Promise<void>;
  /** 0 up to 1. Default: Math.random. */
  readonly random?: () => number;
  /** Milliseconds since 1970, for a Retry-After that is a date. Default: Date.now. */
  readonly now?: () => number;
}

/** One retry that is about to happen. */
export interface Retry {
  /** 1 for the first. */
  readonly retry: number;
  readonly delayMs: number;
  /** The HTTP status, or the kind of network error, that made it necessary. */
  readonly cause: number | NetworkError["kind"];
  readonly host: string;
}

const RETRIED_STATUSES = new Set([408, 500, 502, 503, 504]);

/**
 * Wraps a client so that a request is repeated after a passing failure: a broken or refused connection, a try that took
 * too long, DNS that is not ready, and HTTP 408, 500, 502, 503, 504. Not 429, which waits at a gate for all requests of
 * its service. Every request of this provider may be repeated: reads of a vault, discovery, and token requests.
 *
 * With the defaults the waits are 250–500 ms, 0.5–1 s, 1–2 s (the jitter keeps a node's pods apart). A Retry-After, or
 * `retry-after-ms` as Azure writes it too, is waited for in full, plus up to half a second, but 30 s at most. After the
 * last retry the answer, or the error, is passed on as it came. The caller's signal ends a wait at once.
 *
 * Each try has the time limit of the client underneath. Not the SDK's own retry policy: that one repeats RestErrors only,
 * and knows no limit for Retry-After.
 */
export function withRetries(httpClient: HttpClient, options: RetryOptions = {}): HttpClient {
  const maxRetries = options.maxRetries ?? 3;
  const sleep = options.sleep ?? sleepFor;
  return {
    async sendRequest(request) {
      for (let retry = 1; ; retry += 1) {
        const outcome = await attempt(httpClient, request);
        const cause = retryCause(outcome);
        if (cause === undefined || retry > maxRetries) return deliver(outcome);
        const { host } = new URL(request.url);
        const delayMs = delayBefore(retry, outcome, options);
        options.onRetry?.({ retry, delayMs, cause, host });
        await sleep(delayMs, request.abortSignal);
        if (request.abortSignal?.aborted === true) throw givenUp(host);
      }
    },
  };
}

type Outcome = { readonly response: PipelineResponse } | { readonly error: unknown };

async function attempt(httpClient: HttpClient, request: PipelineRequest): Promise<Outcome> {
  try {
    return { response: await httpClient.sendRequest(request) };
  } catch (error) {
    return { error };
  }
}

function deliver(outcome: Outcome): PipelineResponse {
  if ("response" in outcome) return outcome.response;
  throw outcome.error;
}

/** Why this outcome deserves another try; undefined when it does not. */
function retryCause(outcome: Outcome): Retry["cause"] | undefined {
  if ("response" in outcome) {
    const { status } = outcome.response;
    return RETRIED_STATUSES.has(status) ? status : undefined;
  }
  const { error } = outcome;
  return error instanceof NetworkError && isPassing(error) ? error.kind : undefined;
}

function isPassing(error: NetworkError): boolean {
  switch (error.kind) {
    case "timeout":
    case "connect":
    case "reset":
      return true;
    case "dns":
      // A name that does not exist (a misspelt vault) stays away; a resolver that is not ready comes back.
      return error.systemCode === "EAI_AGAIN";
    case "proxy":
      return error.status === undefined ? error.systemCode !== undefined : error.status >= 500;
    case "aborted":
    case "tls":
    case "too-large":
    case "off-origin":
    case "invalid-request":
    case "redirect":
    case "invalid-answer":
      return false;
  }
}

function delayBefore(retry: number, outcome: Outcome, options: RetryOptions): number {
  const random = options.random ?? Math.random;
  const baseMs = options.baseDelayMs ?? 500;
  const askedMs = "response" in outcome ? retryAfterMs(outcome.response, options.now ?? Date.now) : undefined;
  if (askedMs !== undefined) {
    return Math.round(Math.min(askedMs + baseMs * random(), options.maxRetryAfterMs ?? 30_000));
  }
  const fullMs = Math.min(baseMs * 2 ** (retry - 1), options.maxDelayMs ?? 8_000);
  return Math.round((fullMs / 2) * (1 + random()));
}

function sleepFor(delayMs: number, signal: Signal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal?.addEventListener("abort", done);
    if (signal?.aborted === true) done();
  });
}

function givenUp(host: string): NetworkError {
  return new NetworkError("aborted", `the request to ${host} was given up while waiting for a retry`, {
    host,
  });
}
