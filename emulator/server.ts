import { createServer } from "node:https";
import type { Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { hostnameOf } from "./clouds.js";
import { answerEntra } from "./entra/entra-handler.js";
import type { EntraDirectory } from "./entra/directory.js";
import { changedAnswer, replacedAnswer } from "./faults/answers.js";
import { isChanging, isOfConnection, isReplacing } from "./faults/effect.js";
import type { ConnectionEffect, Effect } from "./faults/effect.js";
import type { Faults } from "./faults/faults.js";
import { jsonAnswer } from "./http/answer.js";
import type { Answer } from "./http/answer.js";
import { BodyTooLargeError, readCall } from "./http/call.js";
import type { Call } from "./http/call.js";
import { misdeliver, send } from "./http/deliver.js";
import type { LoggedRequest, RequestLog } from "./request-log.js";
import type { Route, Router } from "./router.js";
import type { ServerContexts } from "./tls/server-contexts.js";
import { answerVault } from "./vault/data-plane.js";

/** The parts that an answer is made with. */
export interface ServerParts {
  readonly router: Router;
  readonly directory: EntraDirectory;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly contexts: ServerContexts;
  readonly now: () => number;
  /** Aborted when the emulator closes: ends everything that waits. */
  readonly closing: AbortSignal;
}

/** An HTTPS server that plays every host of the router; `via` is what the log says of its requests. */
export function makeServer(parts: ServerParts, via: LoggedRequest["via"]): Server {
  const server = createServer(
    {
      SNICallback: (name, callback) => {
        parts.contexts.serve(name, callback);
      },
      ...parts.contexts.fallback,
      maxHeaderSize: 32 * 1024,
    },
    (request, response) => {
      response.on("error", () => response.destroy());
      void serve(parts, via, request, response);
    },
  );
  // Longer than clients keep idle connections, or a reused one may meet its end.
  server.keepAliveTimeout = 120_000;
  return server;
}

async function serve(
  parts: ServerParts,
  via: LoggedRequest["via"],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = parts.log.begin();
  const startedAt = performance.now();
  const note = (call: Call | undefined, route: Route | undefined, seen: Outcome): void => {
    file({
      via,
      atMs: call?.atMs ?? parts.now(),
      durationMs: performance.now() - startedAt,
      method: request.method ?? "",
      host: hostnameOf(request.headers.host ?? ""),
      path: call?.path ?? "",
      apiVersion: call?.query.get("api-version") ?? undefined,
      userAgent: request.headers["user-agent"],
      ...describeRoute(route),
      ...seen,
    });
  };
  try {
    const call = await readCall(request, parts.now());
    const route = parts.router.route(call);
    note(call, route, await respond(parts, call, route, response));
  } catch (error) {
    const isGone = response.destroyed || request.socket.destroyed;
    const status = isGone ? 0 : error instanceof BodyTooLargeError ? 413 : 500;
    if (!isGone && !response.headersSent) {
      response.setHeader("Connection", "close");
      const message = error instanceof Error ? error.message : "unknown error";
      send(response, jsonAnswer(status, { error: { code: "EmulatorError", message } }));
    }
    note(undefined, undefined, { status, code: "EmulatorError", principal: undefined, faults: [] });
  }
}

type Outcome = Pick<LoggedRequest, "status" | "code" | "principal" | "faults" | "requestId">;

async function respond(
  parts: ServerParts,
  call: Call,
  route: Route,
  response: ServerResponse,
): Promise<Outcome> {
  const { host } = call;
  const subject = {
    host: hostnameOf(host),
    path: call.path,
    method: call.method,
    query: Object.fromEntries(call.query),
    kind: route.kind,
  };
  const effects = parts.faults.take(subject, call.atMs);
  const faults = effects.map(({ kind }) => kind);
  await waitOut(effects, parts.closing);
  const replacing = effects.find(isReplacing);
  const disturbing = effects.find(isOfConnection);
  const right = replacing
    ? replacedAnswer(replacing, route, call)
    : needsAnswer(disturbing)
      ? await answer(parts, call, route)
      : undefined;
  const final =
    right &&
    effects.filter(isChanging).reduce((changed, effect) => changedAnswer(changed, effect, call), right);
  if (disturbing !== undefined) {
    const status = await misdeliver(response, disturbing, final, parts.closing);
    return { status, code: undefined, principal: final?.principal, faults };
  }
  if (final === undefined || response.destroyed) {
    return { status: 0, code: undefined, principal: undefined, faults };
  }
  send(response, final);
  const { status, code, principal, headers } = final;
  return { status, code, principal, faults, requestId: headers["x-ms-request-id"] };
}

function answer(parts: ServerParts, call: Call, route: Route): Promise<Answer> | Answer {
  switch (route.role) {
    case "entra":
      return answerEntra(route, call, parts.directory, parts.router.clouds);
    case "vault":
      return answerVault(route, call, parts.directory);
    case "nowhere":
      return jsonAnswer(421, {
        error: {
          code: "EmulatorUnknownHost",
          message: `no vault and no authority of the name ${hostnameOf(call.host)}`,
        },
      });
  }
}

async function waitOut(effects: readonly Effect[], signal: AbortSignal): Promise<void> {
  let totalMs = 0;
  for (const effect of effects) {
    if (effect.kind === "delay") totalMs += effect.delayMs + Math.random() * (effect.jitterMs ?? 0);
  }
  if (totalMs > 0) await sleep(totalMs, undefined, { signal }).catch(() => undefined);
}

/** A request that hangs or is reset has no effect at the vault either. */
function needsAnswer(disturbing: ConnectionEffect | undefined): boolean {
  return disturbing === undefined || disturbing.kind === "truncate" || disturbing.kind === "slowDrip";
}

function describeRoute(
  route: Route | undefined,
): Pick<LoggedRequest, "kind" | "vault" | "objectType" | "objectName" | "objectVersion" | "tenantId"> {
  if (route === undefined) return { kind: "unknown" };
  if (route.role === "vault") {
    const { kind, vault, objectType, objectName, objectVersion } = route;
    return { kind, vault: vault.name, objectType, objectName, objectVersion, tenantId: vault.tenantId };
  }
  if (route.role === "entra") return { kind: route.kind, tenantId: route.tenantId };
  return { kind: route.kind };
}
