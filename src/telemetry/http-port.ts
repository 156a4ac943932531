import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AddressLimit } from "./address-limit.js";
import type { Logger } from "./logger.js";
import { OpenConnections } from "./open-connections.js";

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

export interface HttpCall {
  readonly query: URLSearchParams;
  /** Aborts when the caller has gone before the answer. */
  readonly signal: AbortSignal;
}

export type HttpRoute = (call: HttpCall) => Promise<HttpAnswer>;

export interface HttpPortOptions {
  /** What the port is for, as the log names it. */
  readonly name: string;
  /** An address to listen on; undefined listens on all. */
  readonly host?: string | undefined;
  /** 0 takes any free port. */
  readonly port: number;
  /** Path → what answers it. A rejection is answered 500, without its words. */
  readonly routes: ReadonlyMap<string, HttpRoute>;
  readonly log: Logger;
  /** Whether a request's Host header may name this port; every one may unless said. Others are answered 403. */
  readonly mayBeHost?: (host: string) => boolean;
  /** HEAD is for answers that cost next to nothing. */
  readonly methods?: readonly ("GET" | "HEAD")[];
  /** How long an answer may take to be made and to be read, in milliseconds. */
  readonly answerLimitMs?: number;
  /** How long to wait before a port that could not be had is tried again. */
  readonly retryMs?: number;
  readonly limit?: AddressLimit;
}

export interface HttpPort {
  /** The port in use; undefined while it could not be had. */
  readonly port: number | undefined;
  /** Resolves once the first try to listen has ended, well or not. */
  readonly tried: Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_RETRY_MS = 2000;
const DEFAULT_ANSWER_LIMIT_MS = 30_000;
const MAX_CONNECTIONS = 256;
const DEFAULT_METHODS = ["GET", "HEAD"] as const;
/** Of the tries that fail one after another, each so-manieth is logged. */
const LOG_EVERY_TRIES = 150;

/**
 * Serves a few GET paths over HTTP. A port that another process holds is no reason to end: during an upgrade the
 * version before still has it. It is logged and tried again, and meanwhile mounts are served.
 *
 * Every limit is small because any pod may reach the port: one request for each connection, 5 s for its head,
 * 8 KiB of headers, and {@link AddressLimit} for each address.
 */
export function openHttpPort(options: HttpPortOptions): HttpPort {
  const { name, host, port, log, retryMs = DEFAULT_RETRY_MS, limit = new AddressLimit() } = options;
  const server = createBoundedServer(options, limit);
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let isClosed = false;

  const tried = new Promise<void>((resolve) => {
    const listen = (): void => {
      server.listen({ port, host });
    };
    server.on("listening", () => {
      log.info(failures > 0 ? 0 : 1, `Listening for ${name}`, { port: boundPort(server) });
      failures = 0;
      resolve();
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (server.listening) {
        // A connection that could not be accepted, for want of descriptors say, is lost; the port goes on listening.
        log.warn(`A connection for ${name} could not be accepted`, { error: error.code });
        return;
      }
      if (failures++ % LOG_EVERY_TRIES === 0) {
        log.error(`Could not listen for ${name}; going on without it and trying again`, {
          port,
          error: error.code,
        });
      }
      if (!isClosed) retry = setTimeout(listen, retryMs);
      resolve();
    });
    listen();
  });

  return {
    get port() {
      return boundPort(server);
    },
    tried,
    async close() {
      isClosed = true;
      clearTimeout(retry);
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

function boundPort(server: Server): number | undefined {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : undefined;
}

function createBoundedServer(options: HttpPortOptions, limit: AddressLimit): Server {
  const server = createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 5000,
      connectionsCheckingInterval: 2500,
      keepAliveTimeout: 1,
      maxHeaderSize: 8192,
    },
    (request, response) => {
      void answer(options, request, response);
    },
  );
  server.maxRequestsPerSocket = 1;
  server.timeout = options.answerLimitMs ?? DEFAULT_ANSWER_LIMIT_MS;
  const connections = new OpenConnections(MAX_CONNECTIONS);
  server.on("connection", (socket) => {
    const address = socket.remoteAddress ?? "";
    if (!limit.admit(address)) {
      socket.destroy();
      return;
    }
    socket.once("close", () => {
      limit.release(address);
    });
    connections.add(address, socket);
  });
  return server;
}

async function answer(
  options: HttpPortOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const methods = options.methods ?? DEFAULT_METHODS;
  const gone = new AbortController();
  // The server's own timeout counts idle time only: a reader that takes a byte at a time would hold the answer for ever.
  const timer = setTimeout(() => response.destroy(), options.answerLimitMs ?? DEFAULT_ANSWER_LIMIT_MS);
  response.once("close", () => {
    clearTimeout(timer);
    gone.abort();
  });
  const { status, contentType, body } = await route(options, methods, request, gone.signal);
  if (status === 405) response.setHeader("Allow", methods.join(", "));
  response.writeHead(status, {
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
    Connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function route(
  { routes, mayBeHost }: HttpPortOptions,
  methods: readonly string[],
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  if (mayBeHost?.(request.headers.host ?? "") === false) return plainText(403, "not under this name");
  const url = request.url ?? "";
  const queryAt = url.indexOf("?");
  const handler = routes.get(queryAt < 0 ? url : url.slice(0, queryAt));
  if (handler === undefined) return plainText(404, "not found");
  if (!methods.includes(request.method ?? "")) return plainText(405, `only ${methods.join(" and ")}`);
  try {
    return await handler({ query: new URLSearchParams(queryAt < 0 ? "" : url.slice(queryAt + 1)), signal });
  } catch {
    return plainText(500, "internal error");
  }
}

/** A short answer in plain text, as probes expect it. */
export function plainText(status: number, body: string): HttpAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body };
}
