import { once, setMaxListeners } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { hostnameOf } from "../clouds.js";
import { changedAnswer, replacedAnswer } from "../faults/answers.js";
import { isChanging, isOfConnection, isReplacing } from "../faults/effect.js";
import type { Effect, ReplacingEffect } from "../faults/effect.js";
import { Faults } from "../faults/faults.js";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import { BodyTooLargeError, readCall } from "../http/call.js";
import type { Call } from "../http/call.js";
import { misdeliver, send } from "../http/deliver.js";

/** One request that reached a double; headers and bodies are not kept, they may hold tokens. */
export interface SeenRequest {
  /** When it had arrived, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly method: string;
  /** As the client sent it. */
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** HTTP status; 0 as long as the client has seen none. */
  readonly status: number;
  /** Kinds of the faults that were played on it, in order. */
  readonly faults: readonly string[];
}

/** The same while it is being answered. */
type Entry = { -readonly [Key in keyof SeenRequest]: SeenRequest[Key] };

/** What makes one double different from the others. */
export interface DoubleSetting {
  /** The right answer to a call; `socket` is the connection that it came by. */
  readonly answer: (call: Call, socket: Socket) => Answer | Promise<Answer>;
  /** How this service says 429 and 503. */
  readonly busy: (status: 429 | 503) => Answer;
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Default a free one. */
  readonly port?: number | undefined;
  /** Default "127.0.0.1". */
  readonly listenOn?: string | undefined;
  /** Makes the server that calls the listener; default plain HTTP. */
  readonly createServer?: (listener: Listener) => Server;
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** A running double on a port of its own, with knobs for all that can go wrong. */
export interface DoubleServer {
  readonly port: number;
  readonly faults: Faults;
  /** In the order of their arrival. */
  readonly requests: readonly SeenRequest[];
  /** Connections made since the start. */
  readonly connectionCount: number;
  /** Ends all connections and the listener. */
  close(): Promise<void>;
}

/** Starts a server that answers every request by one function, with the faults worked in. */
export async function startDouble(setting: DoubleSetting): Promise<DoubleServer> {
  const faults = new Faults();
  const requests: Entry[] = [];
  const sockets = new Set<Socket>();
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every delayed answer listens to it
  let connectionCount = 0;
  const server = (setting.createServer ?? createServer)((request, response) => {
    response.on("error", () => response.destroy());
    void serve(request, response, { setting, faults, requests, signal: closing.signal });
  });
  server.on("connection", (socket: Socket) => {
    connectionCount += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(setting.port ?? 0, setting.listenOn ?? "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    faults,
    requests,
    get connectionCount() {
      return connectionCount;
    },
    close: async () => {
      closing.abort();
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}

/** Faults of the connection that send something of the right answer. */
const NEEDING_AN_ANSWER: ReadonlySet<string> = new Set(["truncate", "slowDrip"]);

interface Parts {
  readonly setting: DoubleSetting;
  readonly faults: Faults;
  readonly requests: Entry[];
  readonly signal: AbortSignal;
}

async function serve(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const entry: Entry = {
    atMs: (parts.setting.now ?? Date.now)(),
    method: request.method ?? "",
    host: request.headers.host ?? "",
    path: "",
    query: {},
    status: 0,
    faults: [],
  };
  parts.requests.push(entry);
  try {
    const call = await readCall(request, (parts.setting.now ?? Date.now)());
    const { host, path, method } = call;
    const query = Object.fromEntries(call.query);
    Object.assign(entry, { path, query });
    const subject = { host: hostnameOf(host), path, method, query, kind: "token" } as const;
    const effects = parts.faults.take(subject, call.atMs);
    entry.faults = effects.map(({ kind }) => kind);
    entry.status = await respond(call, request.socket, response, effects, parts);
  } catch (error) {
    entry.status = error instanceof BodyTooLargeError ? 413 : 500;
    if (!response.headersSent && !response.destroyed) {
      send(response, jsonAnswer(entry.status, { error: "the double could not answer" }));
    }
  }
}

async function respond(
  call: Call,
  socket: Socket,
  response: ServerResponse,
  effects: readonly Effect[],
  { setting, signal }: Parts,
): Promise<number> {
  for (const effect of effects) {
    if (effect.kind !== "delay") continue;
    await sleep(effect.delayMs, undefined, { signal }).catch(() => undefined);
  }
  const replacing = effects.find(isReplacing);
  const disturbing = effects.find(isOfConnection);
  const isAnswered = disturbing === undefined || NEEDING_AN_ANSWER.has(disturbing.kind);
  const right = replacing
    ? replaced(replacing, call, setting)
    : isAnswered
      ? await setting.answer(call, socket)
      : undefined;
  const final =
    right &&
    effects.filter(isChanging).reduce((changed, effect) => changedAnswer(changed, effect, call), right);
  if (disturbing !== undefined) return await misdeliver(response, disturbing, final, signal);
  if (final === undefined || response.destroyed) return 0;
  send(response, final);
  return final.status;
}

function replaced(effect: ReplacingEffect, call: Call, setting: DoubleSetting): Answer {
  if (effect.kind === "throttled" || effect.kind === "throttle" || effect.kind === "unavailable") {
    const answer = setting.busy(effect.kind === "unavailable" ? 503 : 429);
    const seconds = effect.retryAfterSeconds;
    return seconds === undefined
      ? answer
      : { ...answer, headers: { ...answer.headers, "Retry-After": String(seconds) } };
  }
  return replacedAnswer(effect, { role: "nowhere", kind: "unknown" }, call);
}
