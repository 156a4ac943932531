import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";
import type { ProviderError } from "../errors/provider-error.js";
import { NetworkError } from "./network-error.js";
import { retryAfterMs } from "./retry-after.js";
import type { ThrottleGate } from "./throttle-gate.js";
import type { Place } from "./waiting-line.js";

export interface GatedClientOptions {
  /** Asked for anew at each request: whoever keeps gates may drop one that is idle, and a client outlives that. */
  readonly gateOf: () => ThrottleGate;
  readonly place: Place;
  /** What a request fails with when the waiting line is full. */
  readonly lineFull: () => ProviderError;
  /** Called when a request had to wait, with how long. */
  readonly onWaited?: (waitedMs: number) => void;
  /** Called when the service refuses. @param isNews - false for the other requests that were out when it began to */
  readonly onThrottled?: (closedForMs: number, isNews: boolean) => void;
  /** Milliseconds since 1970, for a Retry-After that is a date. Default: Date.now. */
  readonly now?: () => number;
}

/** Waits shorter than this are not waits: the gate was open. */
const NOTABLE_WAIT_MS = 5;

/**
 * Wraps a client so that every request passes a gate, and one that the service refuses for want of capacity (HTTP 429, or
 * 503 with Retry-After) waits for its next turn. Such an answer never comes out: a request ends when it is answered, when
 * it fails otherwise, or when its signal aborts. Whoever has a deadline watches the gate beside it.
 */
export function gatedClient(httpClient: HttpClient, options: GatedClientOptions): HttpClient {
  const { gateOf, place } = options;
  return {
    async sendRequest(request) {
      for (;;) {
        const gate = gateOf();
        const sinceMs = performance.now();
        const pass = await gate.enter(place, request.abortSignal);
        const waitedMs = performance.now() - sinceMs;
        if (waitedMs >= NOTABLE_WAIT_MS) options.onWaited?.(waitedMs);
        if (pass === undefined) {
          if (request.abortSignal?.aborted !== true) throw options.lineFull();
          const { host } = new URL(request.url);
          throw new NetworkError("aborted", `the request to ${host} was given up while it waited`, { host });
        }
        let response: PipelineResponse;
        try {
          response = await httpClient.sendRequest(request);
        } catch (error) {
          pass.unanswered();
          throw error;
        }
        const askedMs = retryAfterMs(response, options.now ?? Date.now);
        if (response.status !== 429 && !(response.status === 503 && askedMs !== undefined)) {
          pass.done();
          return response;
        }
        const isNews = pass.throttled(askedMs, `HTTP ${response.status}`);
        options.onThrottled?.(gate.closedForMs, isNews);
      }
    },
  };
}
