import type { AccessToken } from "@azure/core-auth";

/** A token that an identity service gave, or in words what is wrong with its answer. */
export type TokenAnswer =
  { readonly ok: true; readonly token: AccessToken } | { readonly ok: false; readonly problem: string };

const MAX_TOKEN_CHARACTERS = 32 * 1024;
/** What may stand in an Authorization header. */
const TOKEN_CHARACTERS = /^[\x21-\x7e]+$/;
/** The longest that a managed identity's token lives. */
const MAX_LIFETIME_MS = 24 * 3_600_000;

/** Parses JSON, or gives undefined: JSON.parse quotes what it cannot read, which may be a token. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field of a parsed JSON object; undefined for anything else. `__proto__` is a field like any other. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/**
 * Reads the token of an IMDS-like answer: `access_token`, and `expires_on` (seconds since 1970) or else `expires_in`
 * (seconds from now), each as number or as text. A lifetime beyond a day is cut to a day. A problem quotes nothing of
 * the answer.
 */
export function readTokenAnswer(body: unknown, nowMs: number): TokenAnswer {
  const token = fieldOf(body, "access_token");
  if (token === undefined || token === "") return problem("has no access_token");
  if (typeof token !== "string" || token.length > MAX_TOKEN_CHARACTERS || !TOKEN_CHARACTERS.test(token)) {
    return problem("has an access_token that is none");
  }
  const type = fieldOf(body, "token_type");
  if (type !== undefined && (typeof type !== "string" || !/^(?:bearer)?$/i.test(type))) {
    return problem("has a token of another type than Bearer");
  }
  const expiresOn = seconds(fieldOf(body, "expires_on"));
  const expiresIn = seconds(fieldOf(body, "expires_in"));
  if (expiresOn === undefined && expiresIn === undefined) {
    return problem("does not say when its token expires");
  }
  const expiresOnTimestamp = Math.min(
    expiresOn === undefined ? nowMs + (expiresIn ?? 0) * 1_000 : expiresOn * 1_000,
    nowMs + MAX_LIFETIME_MS,
  );
  return expiresOnTimestamp <= nowMs
    ? problem("has a token that has expired already (check the node's clock)")
    : { ok: true, token: { token, expiresOnTimestamp } };
}

/** Whole seconds, as JSON number or as text. Zero is what Go writes for "not set". */
function seconds(value: unknown): number | undefined {
  const number =
    typeof value === "string" && /^\d{1,12}(?:\.\d{1,9})?$/.test(value.trim()) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 1
    ? Math.floor(number)
    : undefined;
}

function problem(words: string): TokenAnswer {
  return { ok: false, problem: words };
}
