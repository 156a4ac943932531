import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { NetworkError } from "../network/network-error.js";

export interface DiscoveryMemoryOptions {
  /** How long a document is remembered. Default 24 hours, as MSAL itself does. */
  readonly timeToLiveMs?: number;
  /** Documents remembered; the one used longest ago makes room. Default 100. */
  readonly maxDocuments?: number;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

interface Remembered {
  readonly body: string;
  readonly untilMs: number;
}

const DOCUMENT_PATH = "/.well-known/openid-configuration";
const MAX_DOCUMENT_BYTES = 64 * 1024;
const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Wraps the process's client so that an authority's OpenID configuration is fetched once a day, not once a sign-in: MSAL
 * remembers it for one credential only, and every sign-in has a credential of its own. (Of the public cloud and that of
 * the US government MSAL knows it by heart and never asks.)
 *
 * A document is public and the same for everybody who asks that URL of that authority over TLS, so sharing it between
 * principals gives nothing away. Only answers with HTTP 200 are kept. Sign-ins at the same time share one request, which
 * runs on when one of them gives up.
 */
export function rememberDiscovery(httpClient: HttpClient, options: DiscoveryMemoryOptions = {}): HttpClient {
  const now = options.now ?? Date.now;
  const maxDocuments = options.maxDocuments ?? 100;
  const timeToLiveMs = options.timeToLiveMs ?? DAY_MS;
  const documents = new Map<string, Remembered>();
  const running = new Map<string, Promise<PipelineResponse>>();

  const remember = (url: string, response: PipelineResponse): void => {
    const body = response.bodyAsText ?? "";
    if (response.status !== 200 || Buffer.byteLength(body) > MAX_DOCUMENT_BYTES) return;
    documents.set(url, { body, untilMs: now() + timeToLiveMs });
    const [oldest] = documents.keys();
    if (documents.size > maxDocuments && oldest !== undefined) documents.delete(oldest);
  };
  const fetchOnce = (request: PipelineRequest): Promise<PipelineResponse> => {
    const { url } = request;
    const shared = running.get(url);
    if (shared !== undefined) return shared;
    // Without the first caller's signal: it must not end the request for the others.
    const fetched = httpClient
      .sendRequest(createPipelineRequest({ url, method: "GET", headers: request.headers }))
      .then((response) => {
        remember(url, response);
        return response;
      })
      .finally(() => {
        running.delete(url);
      });
    running.set(url, fetched);
    return fetched;
  };

  return {
    async sendRequest(request) {
      if (!isDocumentRequest(request)) return httpClient.sendRequest(request);
      const known = documents.get(request.url);
      documents.delete(request.url);
      if (known !== undefined && known.untilMs > now()) {
        documents.set(request.url, known); // now the one used last
        return answerFrom(known, request);
      }
      const response = await unlessAborted(fetchOnce(request), request);
      return { ...response, request };
    },
  };
}

/** One with a token is no such request, whatever its path: an object of a vault may be asked for under any name. */
function isDocumentRequest(request: PipelineRequest): boolean {
  return (
    request.method === "GET" &&
    !request.headers.has("authorization") &&
    URL.canParse(request.url) &&
    new URL(request.url).pathname.endsWith(DOCUMENT_PATH)
  );
}

function answerFrom({ body }: Remembered, request: PipelineRequest): PipelineResponse {
  const headers = createHttpHeaders({ "content-type": "application/json; charset=utf-8" });
  return { request, status: 200, headers, bodyAsText: body };
}

/** Waits for the shared request, but no longer than this caller wants to. */
function unlessAborted(
  shared: Promise<PipelineResponse>,
  request: PipelineRequest,
): Promise<PipelineResponse> {
  const { abortSignal } = request;
  if (abortSignal === undefined) return shared;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      const { host } = new URL(request.url);
      reject(new NetworkError("aborted", `the request to ${host} was given up by its caller`, { host }));
    };
    abortSignal.addEventListener("abort", giveUp);
    if (abortSignal.aborted) giveUp();
    void shared.then(resolve, reject).finally(() => {
      abortSignal.removeEventListener("abort", giveUp);
    });
  });
}
