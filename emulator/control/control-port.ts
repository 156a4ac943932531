import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Emulator } from "../emulator.js";
import { jsonAnswer } from "../http/answer.js";
import { BodyTooLargeError, readCall } from "../http/call.js";
import { send } from "../http/deliver.js";
import type { ImdsDouble } from "../imds/imds-double.js";
import { SeedError } from "../seed/shape.js";
import { answerControl, NotThere } from "./control-routes.js";
import type { ControlState } from "./control-routes.js";

/** What the control port is for. */
export interface ControlOptions {
  /** Default a free one. */
  readonly port?: number;
  /** Default "127.0.0.1". */
  readonly listenOn?: string;
  /** Suffix of the vaults that are meant by name alone; default "vault.azure.net". */
  readonly suffix?: string | undefined;
  /** What `issuer: cluster` of a posted seed stands for. */
  readonly clusterIssuer?: string | undefined;
  /** Whose identities `/imds` changes. */
  readonly imds?: ImdsDouble | undefined;
}

/** An open control port. */
export interface ControlPort {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Opens the port by which a test changes a running emulator and asks what it was asked: plain HTTP, and nobody is asked
 * who they are, so it is only for tests, and shut until it is opened. See docs/emulator.md for what it takes.
 */
export async function openControlPort(
  emulator: Emulator,
  options: ControlOptions = {},
): Promise<ControlPort> {
  const state: ControlState = {
    emulator,
    suffix: options.suffix,
    clusterIssuer: options.clusterIssuer,
    imds: options.imds,
    faults: new Map(),
  };
  const server = createServer((request, response) => {
    response.on("error", () => response.destroy());
    void serve(state, request, response);
  });
  server.listen(options.port ?? 0, options.listenOn ?? "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server.close(), "close");
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(state: ControlState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const call = await readCall(request, Date.now());
    send(response, jsonAnswer(200, answerControl(state, call)));
  } catch (error) {
    if (response.destroyed || request.socket.destroyed) return;
    const { status, message } = describe(error);
    send(response, jsonAnswer(status, { error: message }));
  }
}

function describe(error: unknown): { status: number; message: string } {
  if (error instanceof NotThere) return { status: 404, message: error.message };
  if (error instanceof BodyTooLargeError) return { status: 413, message: error.message };
  if (error instanceof URIError) return { status: 400, message: "the path is not well-formed" };
  // What the vaults' own rules refuse is a RangeError.
  if (error instanceof SeedError || error instanceof RangeError)
    return { status: 400, message: error.message };
  return { status: 500, message: "unexpected" };
}
