import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import { createLogger } from "../../../src/telemetry/create-logger.js";
import type { Logger } from "../../../src/telemetry/logger.js";

/** What a function threw; an error that says so when it threw nothing. */
export function errorOf(run: () => unknown): Error & { readonly code?: unknown } {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  return new Error("nothing was thrown");
}

/** What a promise was rejected with; an error that says so when it was not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error & { readonly code?: unknown }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  return new Error("nothing was thrown");
}

/** A logger and the lines that it wrote, parsed. */
export function captureLog(verbosity = 9): {
  readonly log: Logger;
  readonly lines: Record<string, unknown>[];
} {
  const lines: Record<string, unknown>[] = [];
  const take = (line: string): void => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  return { log: createLogger({ verbosity, json: true, write: { out: take, err: take } }), lines };
}

/** Runs with a new empty folder, and removes it. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rpc-"));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }
}

/** Waits until something holds; a test's own time limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

export interface CallOptions {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** A plain gRPC client that sends and takes bytes. */
export class BytesClient {
  readonly client: Client;

  constructor(target: string) {
    this.client = new Client(target, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
  }

  /** @throws {ServiceError} */
  async call(
    method: string,
    bytes: Uint8Array,
    { deadlineMs = 10_000, signal }: CallOptions = {},
  ): Promise<Buffer> {
    return await new Promise((resolve, reject) => {
      const call = this.client.makeUnaryRequest(
        method,
        (buffer: Buffer) => buffer,
        (buffer: Buffer) => buffer,
        Buffer.from(bytes),
        { deadline: Date.now() + deadlineMs },
        (error: ServiceError | null, answer?: Buffer) => {
          if (error !== null) reject(error);
          else resolve(answer ?? Buffer.alloc(0));
        },
      );
      signal?.addEventListener("abort", () => {
        call.cancel();
      });
    });
  }

  /** Messages of a server stream as they come, and how it ended. */
  stream(
    method: string,
    bytes: Uint8Array,
  ): { readonly messages: Buffer[]; readonly end: Promise<StatusObject>; cancel(): void } {
    const call = this.client.makeServerStreamRequest(
      method,
      (buffer: Buffer) => buffer,
      (buffer: Buffer) => buffer,
      Buffer.from(bytes),
    );
    const messages: Buffer[] = [];
    call.on("data", (message: Buffer) => messages.push(message));
    call.on("error", () => undefined);
    const end = new Promise<StatusObject>((resolve) => call.on("status", resolve));
    return {
      messages,
      end,
      cancel: () => {
        call.cancel();
      },
    };
  }

  close(): void {
    this.client.close();
  }
}
