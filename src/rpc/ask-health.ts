import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { connect } from "node:net";
import type { Endpoint } from "../model/endpoint.js";
import { dialOptions } from "./endpoint.js";
import { decodeHealth, encodeHealthCheckRequest } from "./wire.js";

/**
 * What a provider answers about itself. `answers`: it answers, but not that it serves or does not; `unreachable`: it
 * took no connection, or broke it off; `silent`: it said nothing in time.
 */
export type HealthAnswer = "serving" | "not-serving" | "answers" | "unreachable" | "silent";

/** A HealthCheckResponse has 2 bytes, and its frame 5. */
const MAX_ANSWER_BYTES = 1024;
/** In front of a message: one byte that tells compression, four of length. */
const FRAME_HEAD_BYTES = 5;

/**
 * Dials a provider's endpoint and asks its gRPC health service. Each call makes a connection of its own, because that
 * is the path that is asked about, and leaves none behind. (The gRPC library's client keeps one for ever to a server
 * that accepts it and says nothing, which is the very case to be found out here.)
 * @param timeoutMs - for dialling and answering together
 */
export async function askHealth(endpoint: Endpoint, timeoutMs: number): Promise<HealthAnswer> {
  const socket = connect(dialOptions(endpoint));
  const session = connectHttp2("http://localhost", { createConnection: () => socket });
  try {
    return await new Promise<HealthAnswer>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs, "silent");
      const end = (answer: HealthAnswer): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      const breakOff = (): void => {
        end("unreachable");
      };
      socket.once("error", breakOff);
      session.on("error", breakOff);
      session.once("close", breakOff);
      check(session, end, breakOff);
    });
  } finally {
    session.destroy();
    socket.destroy();
  }
}

function check(session: ClientHttp2Session, end: (answer: HealthAnswer) => void, breakOff: () => void): void {
  const stream = session.request({
    ":method": "POST",
    ":path": "/grpc.health.v1.Health/Check",
    "content-type": "application/grpc",
    te: "trailers",
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  let grpcStatus: string | undefined;
  let hasAnswered = false;
  const readStatus = (headers: IncomingHttpHeaders): void => {
    hasAnswered = true;
    const found = headers["grpc-status"];
    if (typeof found === "string") grpcStatus = found;
  };
  stream.on("response", readStatus);
  stream.on("trailers", readStatus);
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) end("answers");
    else chunks.push(chunk);
  });
  stream.on("error", breakOff);
  stream.once("close", () => {
    if (!hasAnswered) breakOff();
    else end(grpcStatus === "0" ? readAnswer(Buffer.concat(chunks)) : "answers");
  });
  const message = encodeHealthCheckRequest("");
  stream.end(Buffer.concat([frameHead(message.length), message]));
}

function frameHead(length: number): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt32BE(length, 1);
  return head;
}

function readAnswer(framed: Buffer): HealthAnswer {
  try {
    return decodeHealth(framed.subarray(FRAME_HEAD_BYTES)) === "SERVING" ? "serving" : "not-serving";
  } catch {
    return "answers";
  }
}
