import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import { SignInRefused, entraError } from "../entra/errors.js";
import type { Route } from "../router.js";
import { vaultError } from "../vault/errors.js";
import type { VaultDouble } from "../vault/vault-double.js";
import type { ChangingEffect, ReplacingEffect } from "./effect.js";

/** The answer that an effect puts in the place of the right one. */
export function replacedAnswer(effect: ReplacingEffect, route: Route, call: Call): Answer {
  switch (effect.kind) {
    case "answer":
      return ownAnswer(effect);
    case "throttled":
    case "throttle":
      return throttled(route, call, retryAfter(effect.retryAfterSeconds));
    case "unavailable":
      return unavailable(route, call, retryAfter(effect.retryAfterSeconds));
    case "garbage":
      return { status: 200, headers: { "Content-Type": "application/json" }, body: "<html>%PDF-1.4 \u0000{" };
    case "redirect":
      return { status: effect.status ?? 307, headers: { Location: effect.location }, body: "" };
    case "claimsChallenge":
      return claimsChallenge(
        route,
        effect.claims ?? '{"access_token":{"nbf":{"essential":true,"value":"1"}}}',
      );
    case "rejectToken":
      return vaultError(
        401,
        "Unauthorized",
        effect.message ?? "[TokenExpired] Error validating token: 'S2S12086'.",
      );
    case "signInError":
      return entraError(new SignInRefused(effect.number, effect.text), { host: call.host, nowMs: call.atMs });
  }
}

/** The right answer with the effect worked into it. */
export function changedAnswer(answer: Answer, effect: ChangingEffect, call: Call): Answer {
  switch (effect.kind) {
    case "rewrite":
      return changeBody(answer, effect.change);
    case "nextLink":
      return changeBody(answer, (body) => ({ ...asRecord(body), nextLink: effect.url }));
    case "endlessPages":
      return changeBody(answer, (body) => ({
        ...asRecord(body),
        nextLink: `https://${call.host}${call.path}?api-version=${call.query.get("api-version") ?? ""}&page=${call.atMs}`,
      }));
  }
}

function changeBody(answer: Answer, change: (body: unknown) => unknown): Answer {
  if (answer.status !== 200) return answer;
  const body: unknown = JSON.parse(answer.body);
  return { ...answer, body: JSON.stringify(change(body)) };
}

function asRecord(body: unknown): Record<string, unknown> {
  return typeof body === "object" && body !== null ? { ...body } : {};
}

function ownAnswer(effect: Extract<ReplacingEffect, { kind: "answer" }>): Answer {
  const { status, headers = {}, body = "" } = effect;
  if (typeof body === "string") return { status, headers, body };
  return jsonAnswer(status, body, headers);
}

function throttled(route: Route, call: Call, headers: Record<string, string>): Answer {
  if (route.role === "entra") {
    return {
      ...entraError(new SignInRefused(90055, "The tenant is throttled because of too many requests."), {
        host: call.host,
        nowMs: call.atMs,
      }),
      headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    };
  }
  const answer = vaultError(
    429,
    "Throttled",
    "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
  );
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function unavailable(route: Route, call: Call, headers: Record<string, string>): Answer {
  const answer =
    route.role === "entra"
      ? entraError(new SignInRefused(90033, "A transient error has occurred. Please try again."), {
          host: call.host,
          nowMs: call.atMs,
        })
      : vaultError(503, "ServiceUnavailable", "The service is temporarily unavailable.");
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { "Retry-After": String(seconds) };
}

function claimsChallenge(route: Route, claims: string): Answer {
  const vault: VaultDouble | undefined = route.role === "vault" ? route.vault : undefined;
  const [authority = "login.microsoftonline.com"] = vault?.cloud.authorityHosts ?? [];
  const answer = vaultError(
    401,
    "Unauthorized",
    "AKV10149: Continuous access evaluation asks for other claims.",
  );
  return {
    ...answer,
    headers: {
      ...answer.headers,
      "WWW-Authenticate": `Bearer realm="", authorization_uri="https://${authority}/${vault?.tenantId ?? "common"}/oauth2/authorize", error="insufficient_claims", claims="${Buffer.from(claims).toString("base64")}"`,
    },
  };
}
