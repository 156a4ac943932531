import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { ProviderError } from "../errors/provider-error.js";
import { guardHttpClient } from "../network/guarded-client.js";
import { findNetworkError, type NetworkError } from "../network/network-error.js";
import type { RetryOptions } from "../network/retry.js";
import type { Authority } from "./authority.js";

/** What one exchange saw last. */
export type LastSeen =
  | { readonly failure: ProviderError }
  | { readonly network: NetworkError }
  | { readonly host: string; readonly isDiscovery: boolean; readonly response: PipelineResponse }
  | undefined;

/**
 * The HTTP client of one exchange: it asks the authority only, lets nothing through that MSAL could choke on (MSAL parses
 * every body), carries the caller's abort signal, for which MSAL has no room, and remembers how the last request ended.
 * The SDK's own error keeps only a text, which may quote what was sent, so failures are explained from here.
 */
export class AuthorityClient implements HttpClient {
  readonly #guarded: HttpClient;
  readonly #signal: AbortSignal;
  #lastSeen: LastSeen;

  constructor(
    httpClient: HttpClient,
    authority: Authority,
    signal: AbortSignal,
    retry: RetryOptions | undefined,
  ) {
    this.#signal = signal;
    this.#guarded = guardHttpClient(httpClient, {
      allowedOrigins: authority.origins,
      everyBody: true,
      ...(retry === undefined ? {} : { retry }),
    });
  }

  get lastSeen(): LastSeen {
    return this.#lastSeen;
  }

  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    request.abortSignal = this.#signal;
    try {
      const response = await this.#guarded.sendRequest(request);
      const { host } = new URL(request.url);
      this.#lastSeen = { host, isDiscovery: request.method === "GET", response };
      return response;
    } catch (error) {
      if (error instanceof ProviderError) this.#lastSeen = { failure: error };
      const network = findNetworkError(error);
      if (network !== undefined) this.#lastSeen = { network };
      throw error;
    }
  }
}
