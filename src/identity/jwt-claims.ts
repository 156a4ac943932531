/** Longest token that is looked into, in characters; real ones have some 1,500. */
const MAX_TOKEN_CHARACTERS = 32 * 1024;

/**
 * The claims of a JSON Web Token, **not verified**: for messages and comparisons only. Undefined when it is no such token.
 * A Map, so that `__proto__` is a claim like any other.
 * @see RFC 7519 section 3
 */
export function readUnverifiedClaims(token: string): ReadonlyMap<string, unknown> | undefined {
  if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
  const [, payload, ...rest] = token.split(".", 4);
  if (payload === undefined || rest.length !== 1) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    if (typeof claims !== "object" || claims === null || Array.isArray(claims)) return undefined;
    return new Map(Object.entries(claims));
  } catch {
    return undefined;
  }
}

/** What Entra ID compares with an application's federated identity credentials. */
export interface FederatedClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/**
 * Issuer, subject and audience of a federated token, for the person who must write them into a federated identity
 * credential. The pod's author may have put anything there, so each is cut and cleaned. Undefined when the token cannot be
 * read.
 */
export function readFederatedClaims(token: string): FederatedClaims | undefined {
  const claims = readUnverifiedClaims(token);
  if (claims === undefined) return undefined;
  const audience: unknown = claims.get("aud");
  const audiences: unknown[] = Array.isArray(audience) ? audience.slice(0, 3) : [audience];
  return {
    issuer: shown(claims.get("iss")),
    subject: shown(claims.get("sub")),
    audience: audiences.map(shown).join(", "),
  };
}

const MAX_SHOWN_CHARACTERS = 400;

/** Long enough to be copied whole: an issuer's URL has some 120 characters, a subject up to 340. */
function shown(value: unknown): string {
  if (typeof value !== "string" || value === "") return "(none)";
  const clean = value.slice(0, MAX_SHOWN_CHARACTERS).replace(/[\p{C}\p{Zl}\p{Zp}"]/gu, "?");
  return value.length > MAX_SHOWN_CHARACTERS ? `${clean}…` : clean;
}
