import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionEffect } from "../faults/effect.js";
import type { Answer } from "./answer.js";

/** Sends an answer whole. */
export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    "Content-Length": String(Buffer.byteLength(answer.body)),
  });
  response.end(answer.body);
}

/**
 * Sends an answer the way an effect of the connection wants it, or not at all.
 * @returns the status that the client saw, 0 for none
 */
export async function misdeliver(
  response: ServerResponse,
  effect: ConnectionEffect,
  answer: Answer | undefined,
  signal: AbortSignal,
): Promise<number> {
  switch (effect.kind) {
    case "hang":
      await closed(response, signal);
      return 0;
    case "reset":
      reset(response);
      return 0;
    case "truncate":
      return truncate(response, answer);
    case "hugeBody":
      return pour(response, effect.bytes ?? Number.POSITIVE_INFINITY);
    case "slowDrip":
      return drip(response, answer, effect.intervalMs, signal);
  }
}

/** Waits until the client goes or the emulator closes. */
async function closed(response: ServerResponse, signal: AbortSignal): Promise<void> {
  if (response.destroyed || response.socket?.destroyed === true) return;
  await once(response, "close", { signal }).catch(() => undefined);
}

function reset(response: ServerResponse): void {
  response.socket?.destroy();
}

function truncate(response: ServerResponse, answer: Answer | undefined): number {
  const { status, headers, body } = answer ?? { status: 200, headers: {}, body: "{}" };
  response.writeHead(status, { ...headers, "Content-Length": String(Buffer.byteLength(body)) });
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
  return status;
}

async function pour(response: ServerResponse, bytes: number): Promise<number> {
  response.writeHead(200, { "Content-Type": "application/json; charset=utf-8" });
  // A client that has had enough ends the pipeline with an error, which is what it is for.
  await pipeline(endlessText(bytes), response).catch(() => undefined);
  return 200;
}

function* endlessText(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, "A");
  yield Buffer.from('{"value":"');
  for (let left = bytes; left > 0; left -= chunk.length) {
    yield left < chunk.length ? chunk.subarray(0, left) : chunk;
  }
  yield Buffer.from('"}');
}

async function drip(
  response: ServerResponse,
  answer: Answer | undefined,
  intervalMs: number,
  signal: AbortSignal,
): Promise<number> {
  const { status, headers, body } = answer ?? { status: 200, headers: {}, body: "{}" };
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "Content-Length": String(bytes.length) });
  await pipeline(drops(bytes, intervalMs, signal), response).catch(() => undefined);
  return status;
}

async function* drops(bytes: Buffer, intervalMs: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const byte of bytes) {
    yield Buffer.of(byte);
    await sleep(intervalMs, undefined, { signal });
  }
}
