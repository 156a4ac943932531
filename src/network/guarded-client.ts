import type { HttpClient } from "@azure/core-rest-pipeline";
import { requireJsonAnswers, type JsonAnswersOptions } from "./json-answers.js";
import { withRetries, type RetryOptions } from "./retry.js";
import { stayOnOrigin } from "./stay-on-origin.js";

export interface GuardOptions extends JsonAnswersOptions {
  /** The only origins that may be asked, for example `https://name.vault.azure.net`. */
  readonly allowedOrigins: readonly string[];
  readonly retry?: RetryOptions;
}

/**
 * The client to hand to an SDK client or credential as its `httpClient`, over the process's one client: it stays on the
 * given origins, repeats passing failures, and lets no unparsable answer through. The check of the answers stands
 * outside the retries, so that a gateway's HTML page with HTTP 503 is retried before it is reported.
 *
 * Give the SDK `retryOptions: { maxRetries: 0 }` beside it, or tries multiply.
 */
export function guardHttpClient(httpClient: HttpClient, options: GuardOptions): HttpClient {
  return requireJsonAnswers(
    withRetries(stayOnOrigin(httpClient, options.allowedOrigins), options.retry),
    options,
  );
}
