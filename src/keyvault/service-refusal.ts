import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { shownServiceCode, shownServiceText } from "./service-text.js";

/** What a refusal of the service says, each part fit to be shown. */
export interface RefusalFacts {
  /** HTTP status. */
  readonly status: number;
  /** `error.code`, for example `Forbidden`. */
  readonly code: string | undefined;
  /** `error.innererror.code`, for example `ForbiddenByRbac`. */
  readonly innerCode: string | undefined;
  /** `error.message`, shortened and scrubbed; empty when there is none. */
  readonly text: string;
  /** `x-ms-request-id`. */
  readonly requestId: string | undefined;
  /** The tenant that the vault's challenge names. */
  readonly challengeTenant: string | undefined;
}

/** Reads a refusal. A body that is not the service's `{error: {code, message, innererror}}` leaves those parts empty. */
export function readRefusal(response: PipelineResponse): RefusalFacts {
  const { headers, status } = response;
  const error = field(parseBody(response.bodyAsText), "error");
  return {
    status,
    code: shownServiceCode(field(error, "code")),
    innerCode: shownServiceCode(field(field(error, "innererror"), "code")),
    text: shownServiceText(field(error, "message")),
    requestId: shownRequestId(headers.get("x-ms-request-id")),
    challengeTenant: challengeTenant(headers.get("www-authenticate") ?? ""),
  };
}

/** A request id that is one; undefined for anything else. */
export function shownRequestId(value: string | undefined): string | undefined {
  return value !== undefined && /^[\w-]{1,64}$/.test(value) ? value : undefined;
}

function parseBody(text: string | null | undefined): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** `Bearer authorization="https://login.microsoftonline.com/<tenant>", resource="…"` → the tenant. */
function challengeTenant(challenge: string): string | undefined {
  return /\bauthorization="https:\/\/[^"/\s]{1,253}\/([\w.-]{1,64})"/.exec(challenge)?.[1];
}
