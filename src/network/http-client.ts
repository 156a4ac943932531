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
import { Agents } from "./agents.js";
import { limitAnswer } from "./answer-limits.js";
import { BoundedText } from "./bounded-text.js";
import type { Trust } from "./certificate-authorities.js";
import { NetworkError } from "./network-error.js";
import { OriginShares } from "./origin-shares.js";
import { NO_PROXY_SETTINGS, type ProxySettings } from "./proxy-settings.js";
import { describeSocketFailure } from "./socket-failure.js";
import { TryTime } from "./try-time.js";
import type { TunnelRequestOptions } from "./tunnel-agent.js";

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
  /** Connections at a time in all, from which on each host has two at most. Default 256. */
  readonly maxSocketsTogether?: number;
  /** How long an idle connection is kept. Default 60,000. */
  readonly idleSocketMs?: number;
  /** Resolves names instead of getaddrinfo, whose threads two black-holed names occupy. */
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
const DEFAULT_MAX_SOCKETS_TOGETHER = 256;
/** Also when the others have taken all: a try to connect, and a second while the first hangs. */
const LEAST_SOCKETS_PER_ORIGIN = 2;

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
  const maxSocketsPerOrigin = options.maxSocketsPerOrigin ?? DEFAULT_MAX_SOCKETS;
  const maxResponseBytes = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
  const agents = new Agents({
    trust: options.trust,
    proxy: options.proxy ?? NO_PROXY_SETTINGS,
    maxSocketsPerOrigin,
    idleSocketMs: options.idleSocketMs ?? DEFAULT_IDLE_SOCKET_MS,
    lookup: options.lookup,
    plainHttpOrigins: new Set(options.plainHttpOrigins ?? []),
  });
  const shares = new OriginShares({
    perOrigin: maxSocketsPerOrigin,
    together: options.maxSocketsTogether ?? DEFAULT_MAX_SOCKETS_TOGETHER,
    leastPerOrigin: LEAST_SOCKETS_PER_ORIGIN,
  });
  return {
    async sendRequest(request) {
      const url = parseTarget(request.url);
      const time = new TryTime(request, url.host, options.tryTimeoutMs ?? DEFAULT_TRY_TIMEOUT_MS);
      let leave: (() => void) | undefined;
      try {
        leave = await shares.enter(url.origin, time.signal);
        const agent = await agents.agentFor(url);
        time.signal.throwIfAborted();
        return await exchange(request, url, { agent, time, maxResponseBytes });
      } finally {
        time.end();
        // Its connection is free for the next request by then, which would else make another.
        if (leave !== undefined) setImmediate(leave);
      }
    },
    close: () => {
      agents.close();
    },
  };
}

interface Sending {
  readonly agent: http.Agent;
  readonly time: TryTime;
  readonly maxResponseBytes: number;
}

/** One request and its whole answer, or the first thing that went wrong. */
function exchange(
  request: PipelineRequest,
  url: URL,
  { agent, time, maxResponseBytes }: Sending,
): Promise<PipelineResponse> {
  const { host } = url;
  return new Promise((resolve, reject) => {
    time.stage = "connecting";
    const options: TunnelRequestOptions = {
      agent,
      method: request.method,
      headers: outgoingHeaders(request),
      rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
      tunnelSignal: time.signal,
    };
    const outgoing = begin(url, options);
    const fail = (error: unknown): void => {
      time.signal.removeEventListener("abort", onOver);
      reject(describeSocketFailure(error, host, time.stage));
      outgoing.destroy();
    };
    const onOver = (): void => {
      fail(time.signal.reason);
    };
    time.signal.addEventListener("abort", onOver);
    followStage(outgoing, time);
    limitAnswer(outgoing, host, maxResponseBytes, fail);
    outgoing.on("error", fail);
    outgoing.once("response", (incoming) => {
      time.stage = "reading";
      incoming.on("error", () => undefined); // collect() may have settled before the socket breaks
      collect(incoming, host, maxResponseBytes).then((text) => {
        const status = incoming.statusCode ?? 0;
        resolve({ request, status, headers: incomingHeaders(incoming), bodyAsText: text });
      }, fail);
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

/** Notes how far the request has come; a kept connection starts at "waiting". */
function followStage(outgoing: http.ClientRequest, time: TryTime): void {
  outgoing.once("socket", (socket) => {
    if (outgoing.reusedSocket) {
      time.stage = "waiting";
      return;
    }
    const isTls = "encrypted" in socket;
    const afterConnect = (): void => {
      time.stage = isTls ? "securing" : "waiting";
    };
    if (socket.connecting) socket.once("connect", afterConnect);
    else afterConnect();
    if (!isTls) return;
    socket.once("secureConnect", () => {
      time.stage = "waiting";
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
