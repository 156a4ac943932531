import {
  createHttpHeaders,
  type HttpClient,
  type HttpHeaders,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { TLSSocket } from "node:tls";
import { BoundedText } from "./bounded-text.js";
import type { Trust } from "./certificate-authorities.js";
import { NetworkError } from "./network-error.js";
import { NO_PROXY_SETTINGS, type ProxySettings } from "./proxy-settings.js";
import { describeSocketFailure, STAGE_WORDS, type Stage } from "./socket-failure.js";
import { TunnelAgent, type TunnelRequestOptions } from "./tunnel-agent.js";

export interface HttpClientOptions {
  readonly trust: Trust;
  /** Without it every request goes straight on, as it must for the metadata endpoints. */
  readonly proxy?: ProxySettings;
  /** Time that one request may take in all: name, connection, TLS, headers and body. Default 15,000. */
  readonly tryTimeoutMs?: number;
  /** Largest body of an answer. Default 1 MiB. */
  readonly maxResponseBytes?: number;
  /** Connections at a time to one host; more requests wait for their turn. Default 64. */
  readonly maxSocketsPerOrigin?: number;
  /** How long an idle connection is kept. Default 60,000. */
  readonly idleSocketMs?: number;
  /** Resolves names instead of getaddrinfo, whose four threads one black-holed name can occupy. */
  readonly lookup?: LookupFunction;
  /** Origins that may be asked over plain http, for example `http://169.254.169.254`. Default none. */
  readonly plainHttpOrigins?: readonly string[];
}

/** A client whose kept connections can be closed. */
export interface ClosableHttpClient extends HttpClient {
  close(): void;
}

const DEFAULT_TRY_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;
const DEFAULT_MAX_SOCKETS = 64;
const DEFAULT_IDLE_SOCKET_MS = 60_000;
const MAX_FREE_SOCKETS_PER_ORIGIN = 8;

/** Headers that this client sets itself, whatever the request says. */
const OWN_HEADERS = ["host", "connection", "accept-encoding", "proxy-authorization", "content-length"];

/**
 * The one way out of this process: sends a request of the Azure SDK and gives back the whole answer. It keeps
 * connections alive, follows no redirect, retries nothing, asks for no compression, and ignores what a request brings of
 * its own agent, proxy or TLS settings (the SDK drops a custom CA once a proxy is set).
 *
 * Every failure is a {@link NetworkError}; an aborted or overdue request's socket is destroyed at once.
 */
export function createHttpClient(options: HttpClientOptions): ClosableHttpClient {
  const agents = createAgents(options);
  const limits: Limits = {
    tryTimeoutMs: options.tryTimeoutMs ?? DEFAULT_TRY_TIMEOUT_MS,
    maxResponseBytes: options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
  };
  return {
    async sendRequest(request) {
      const url = parseTarget(request.url);
      throwIfAborted(request, url.host);
      const agent = await agents.agentFor(url);
      throwIfAborted(request, url.host);
      return exchange(request, url, agent, limits);
    },
    close: () => {
      agents.close();
    },
  };
}

interface Agents {
  agentFor(url: URL): Promise<http.Agent>;
  close(): void;
}

function createAgents(options: HttpClientOptions): Agents {
  const proxy = options.proxy ?? NO_PROXY_SETTINGS;
  const plainHttpOrigins = new Set(options.plainHttpOrigins ?? []);
  const pool: https.AgentOptions = {
    keepAlive: true,
    maxSockets: options.maxSocketsPerOrigin ?? DEFAULT_MAX_SOCKETS,
    maxFreeSockets: MAX_FREE_SOCKETS_PER_ORIGIN,
    timeout: options.idleSocketMs ?? DEFAULT_IDLE_SOCKET_MS,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  };
  // One agent for what goes straight on, one for each proxy: the environment names at most one.
  const made = new Map<string, http.Agent>();
  const remember = (key: string, make: () => http.Agent): http.Agent => {
    const agent = made.get(key) ?? make();
    made.set(key, agent);
    return agent;
  };
  return {
    async agentFor(url) {
      if (url.protocol === "http:" && plainHttpOrigins.has(url.origin)) {
        return remember("http", () => new http.Agent(pool));
      }
      if (url.protocol !== "https:") {
        throw new NetworkError(
          "off-origin",
          `${url.host} is not asked over ${url.protocol}// but https only`,
          {
            host: url.host,
          },
        );
      }
      const through = proxy.proxyFor(url);
      if (through !== undefined && "unusable" in through) {
        throw new NetworkError("proxy", through.unusable, { host: url.host });
      }
      const secureContext = await options.trust();
      return through === undefined
        ? remember("direct", () => new https.Agent({ ...pool, secureContext }))
        : remember(through.href, () => new TunnelAgent(through, secureContext, pool));
    },
    close() {
      for (const agent of made.values()) agent.destroy();
      made.clear();
    },
  };
}

interface Limits {
  readonly tryTimeoutMs: number;
  readonly maxResponseBytes: number;
}

/** One request and its whole answer, or the first thing that went wrong. */
function exchange(
  request: PipelineRequest,
  url: URL,
  agent: http.Agent,
  limits: Limits,
): Promise<PipelineResponse> {
  const { host } = url;
  const timeoutMs =
    request.timeout > 0 ? Math.min(request.timeout, limits.tryTimeoutMs) : limits.tryTimeoutMs;
  return new Promise((resolve, reject) => {
    const tunnel = new AbortController();
    let stage: Stage = "connecting";
    const finish = (): void => {
      clearTimeout(timer);
      request.abortSignal?.removeEventListener("abort", onAbort);
    };
    const fail = (error: NetworkError): void => {
      finish();
      reject(error);
      tunnel.abort();
      outgoing.destroy();
    };
    const onAbort = (): void => {
      fail(abortedError(host));
    };
    const onOverdue = (): void => {
      fail(
        new NetworkError("timeout", `${host} took longer than ${timeoutMs} ms ${STAGE_WORDS[stage]}`, {
          host,
        }),
      );
    };
    const options: TunnelRequestOptions = {
      agent,
      method: request.method,
      headers: outgoingHeaders(request),
      rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
      tunnelSignal: tunnel.signal,
    };
    const outgoing = begin(url, options);
    const timer = setTimeout(onOverdue, timeoutMs);
    request.abortSignal?.addEventListener("abort", onAbort);

    followStage(outgoing, (next) => {
      stage = next;
    });
    outgoing.on("error", (error) => {
      fail(describeSocketFailure(error, host, stage));
    });
    outgoing.once("response", (incoming) => {
      stage = "reading";
      incoming.on("error", () => undefined); // collect() may have settled before the socket breaks
      collect(incoming, host, limits.maxResponseBytes).then(
        (text) => {
          finish();
          const status = incoming.statusCode ?? 0;
          resolve({ request, status, headers: incomingHeaders(incoming), bodyAsText: text });
        },
        (error: unknown) => {
          fail(describeSocketFailure(error, host, stage));
        },
      );
    });
    outgoing.end(bodyOf(request));
  });
}

/** @throws {NetworkError} invalid-request: a header (an access token, say) holds what HTTP does not allow */
function begin(url: URL, options: TunnelRequestOptions): http.ClientRequest {
  try {
    return (url.protocol === "http:" ? http : https).request(url, options);
  } catch {
    throw new NetworkError(
      "invalid-request",
      `the request to ${url.host} holds characters that HTTP forbids`,
      {
        host: url.host,
      },
    );
  }
}

/** Reports how far the request has come; a kept connection starts at "waiting". */
function followStage(outgoing: http.ClientRequest, onStage: (stage: Stage) => void): void {
  outgoing.once("socket", (socket) => {
    if (outgoing.reusedSocket) {
      onStage("waiting");
      return;
    }
    const isTls = "encrypted" in socket;
    const afterConnect = (): void => {
      onStage(isTls ? "securing" : "waiting");
    };
    if (socket.connecting) socket.once("connect", afterConnect);
    else afterConnect();
    if (isTls)
      (socket as TLSSocket).once("secureConnect", () => {
        onStage("waiting");
      });
  });
}

/** @throws {NetworkError} too-large, invalid-answer; or what the socket threw */
function collect(incoming: http.IncomingMessage, host: string, maxBytes: number): Promise<string> {
  const status = incoming.statusCode ?? 0;
  const encoding = incoming.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") {
    const message = `the answer of ${host} is compressed, which was not asked for`;
    return Promise.reject(new NetworkError("invalid-answer", message, { host, status }));
  }
  const tooLarge = (): NetworkError =>
    new NetworkError("too-large", `the answer of ${host} is larger than ${maxBytes} bytes`, { host, status });
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const body = new BoundedText(maxBytes);
    incoming.on("data", (chunk: Buffer) => {
      if (!body.append(chunk)) reject(tooLarge());
    });
    incoming.once("end", () => {
      resolve(body.text());
    });
    incoming.once("error", reject);
  });
}

function parseTarget(text: string): URL {
  if (!URL.canParse(text)) {
    throw new NetworkError("off-origin", "the address of a request is not a URL", { host: "" });
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new NetworkError("off-origin", `the address of a request to ${url.host} carries credentials`, {
      host: url.host,
    });
  }
  return url;
}

function outgoingHeaders(request: PipelineRequest): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, value] of request.headers) {
    if (!OWN_HEADERS.includes(name.toLowerCase())) headers[name] = value;
  }
  headers["accept-encoding"] = "identity";
  const body = bodyOf(request);
  if (body !== undefined) headers["content-length"] = Buffer.byteLength(body);
  return headers;
}

/** The first of a repeated header, as the SDK's own client gives it. */
function incomingHeaders(incoming: http.IncomingMessage): HttpHeaders {
  const headers = createHttpHeaders();
  for (const [name, value] of Object.entries(incoming.headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers.set(name, first);
  }
  return headers;
}

function bodyOf(request: PipelineRequest): string | Uint8Array | undefined {
  const { body } = request;
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  throw new TypeError("this client sends text and bytes only, no streams or forms");
}

function throwIfAborted(request: PipelineRequest, host: string): void {
  if (request.abortSignal?.aborted === true) throw abortedError(host);
}

function abortedError(host: string): NetworkError {
  return new NetworkError("aborted", `the request to ${host} was given up by its caller`, { host });
}
