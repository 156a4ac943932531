import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { openVault, type RequestObservation, type VaultOptions } from "../../../src/keyvault/open-vault.js";
import type { VaultReader } from "../../../src/keyvault/vault-reader.js";
import { ProviderError } from "../../../src/errors/provider-error.js";

export const VAULT = "https://demo.vault.azure.net";
export const VERSION = "0123456789abcdef0123456789abcdef";
export const never = new AbortController().signal;

/** What the scripted vault answers; a string body is sent as it is. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  readonly signal: PipelineRequest["abortSignal"];
}

export interface FakeVault {
  readonly httpClient: HttpClient;
  readonly requests: SeenRequest[];
}

/** An HttpClient that answers by a script, in place of the network; what is thrown in the script is thrown. */
export function fakeVault(
  script: (request: SeenRequest, index: number) => Answer | Promise<Answer>,
): FakeVault {
  const requests: SeenRequest[] = [];
  return {
    requests,
    httpClient: {
      async sendRequest(request): Promise<PipelineResponse> {
        const url = new URL(request.url);
        const seen: SeenRequest = {
          method: request.method,
          url: request.url,
          // The SDK writes the hyphen of api-version as %2D.
          path: `${url.pathname}${url.search.replaceAll("%2D", "-")}`,
          authorization: request.headers.get("authorization"),
          userAgent: request.headers.get("user-agent"),
          signal: request.abortSignal,
        };
        requests.push(seen);
        const { status = 200, body, headers = {} } = await script(seen, requests.length - 1);
        return {
          request,
          status,
          headers: createHttpHeaders({
            "content-type": "application/json; charset=utf-8",
            "x-ms-request-id": `request-${requests.length}`,
            ...headers,
          }),
          bodyAsText: typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body),
        };
      },
    },
  };
}

export interface FakeCredential extends TokenCredential {
  readonly calls: { readonly scopes: string | string[]; readonly options: GetTokenOptions }[];
}

/** A credential that gives tokens by a script; `token-1`, `token-2` … without one. */
export function fakeCredential(
  give: (options: GetTokenOptions, index: number) => string | null | Error = (_, index) =>
    `token-${index + 1}`,
): FakeCredential {
  const calls: FakeCredential["calls"] = [];
  return {
    calls,
    getToken(scopes, options = {}): Promise<AccessToken | null> {
      calls.push({ scopes, options });
      const token = give(options, calls.length - 1);
      if (token instanceof Error) return Promise.reject(token);
      return Promise.resolve(token === null ? null : { token, expiresOnTimestamp: Date.now() + 3_600_000 });
    },
  };
}

export interface OpenedVault extends FakeVault {
  readonly vault: VaultReader;
  readonly credential: FakeCredential;
  readonly observations: RequestObservation[];
}

/** A reader over a scripted vault; waits of retries take no time. */
export function openFakeVault(
  script: Parameters<typeof fakeVault>[0],
  options: Partial<VaultOptions> & { credential?: FakeCredential } = {},
): OpenedVault {
  const fake = fakeVault(script);
  const credential = options.credential ?? fakeCredential();
  const observations: RequestObservation[] = [];
  const vault = openVault({
    vaultUrl: `${VAULT}/`,
    scope: "https://vault.azure.net/.default",
    httpClient: fake.httpClient,
    retry: { maxRetries: 0 },
    onRequest: (observation) => observations.push(observation),
    ...options,
    credential,
  });
  return { ...fake, vault, credential, observations };
}

export function secretAnswer(fields: Record<string, unknown> = {}): Answer {
  return {
    body: {
      value: "s3cr3t-value",
      id: `${VAULT}/secrets/web/${VERSION}`,
      attributes: { enabled: true, created: 1_700_000_000, updated: 1_700_000_000 },
      ...fields,
    },
  };
}

/** The service's error body. */
export function refusal(status: number, code: string, message = "", innerCode?: string): Answer {
  const innererror = innerCode === undefined ? {} : { innererror: { code: innerCode } };
  return { status, body: { error: { code, message, ...innererror } } };
}

/** The error that `work` ends with; fails when it is none of the provider's. */
export async function failureOf(work: Promise<unknown>): Promise<ProviderError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw new Error("not an error of the provider", { cause: error });
  }
  throw new Error("nothing was thrown");
}
