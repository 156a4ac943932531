import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AddressLimit } from "./address-limit.js";
import type { Logger } from "./logger.js";

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface HttpPortOptions {
  /** What the port is for, as the log names it. */
  readonly name: string;
  /** An address to listen on; undefined listens on all. */
  readonly host?: string | undefined;
  /** 0 takes any free port. */
  readonly port: number;
  /** Path → what answers it. A rejection is answered 500, without its words. */
  readonly routes: ReadonlyMap<string, () => Promise<HttpAnswer>>;
  readonly log: Logger;
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
  const server = createBoundedServer(options.routes, limit);
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

function createBoundedServer(routes: HttpPortOptions["routes"], limit: AddressLimit): Server {
  const server = createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 5000,
      connectionsCheckingInterval: 2500,
      keepAliveTimeout: 1,
      maxHeaderSize: 8192,
    },
    (request, response) => {
      void answer(routes, request, response);
    },
  );
  server.maxConnections = 256;
  server.maxRequestsPerSocket = 1;
  server.timeout = 30_000;
  server.on("connection", (socket) => {
    const address = socket.remoteAddress ?? "";
    if (!limit.admit(address)) {
      socket.destroy();
      return;
    }
    socket.once("close", () => {
      limit.release(address);
    });
  });
  return server;
}

async function answer(
  routes: HttpPortOptions["routes"],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, contentType, body } = await route(routes, request);
  if (status === 405) response.setHeader("Allow", "GET, HEAD");
  response.writeHead(status, {
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
    Connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function route(routes: HttpPortOptions["routes"], request: IncomingMessage): Promise<HttpAnswer> {
  const [path] = (request.url ?? "").split("?", 1);
  const handler = routes.get(path ?? "");
  if (handler === undefined) return plainText(404, "not found");
  if (request.method !== "GET" && request.method !== "HEAD") return plainText(405, "only GET and HEAD");
  try {
    return await handler();
  } catch {
    return plainText(500, "internal error");
  }
}

/** A short answer in plain text, as probes expect it. */
export function plainText(status: number, body: string): HttpAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body };
}
