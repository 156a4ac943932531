import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** Most bytes of a request body that are read; a token request with an assertion has some 3 KiB. */
export const MAX_BODY_BYTES = 64 * 1024;

/** One request, read to its end, before anybody decided what it means. */
export interface Call {
  readonly method: string;
  /** `Host` as the client sent it, port included: ids and links of the answer are built from it. */
  readonly host: string;
  /** The path as sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly clientAddress: string;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly atMs: number;
}

/** Thrown when a body goes past `MAX_BODY_BYTES`. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/**
 * Reads a request to its end. The target is split by hand: `URL` would take a target such as `//host/x` for another
 * host.
 * @throws {BodyTooLargeError} past `MAX_BODY_BYTES`
 */
export async function readCall(request: IncomingMessage, atMs: number): Promise<Call> {
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  return {
    method: request.method ?? "GET",
    host: request.headers.host ?? "",
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)),
    headers: request.headers,
    body: await readBody(request),
    clientAddress: request.socket.remoteAddress ?? "127.0.0.1",
    atMs,
  };
}

/** Not by iterating: to leave such a loop early destroys the request, and the client would get no answer. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else reject(new BodyTooLargeError(`request body larger than ${MAX_BODY_BYTES} bytes`));
    });
    request.on("end", () => {
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
    request.on("error", reject);
    request.on("close", () => {
      reject(new Error("the request ended early"));
    });
  });
}
