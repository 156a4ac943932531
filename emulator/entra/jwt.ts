import { sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** Longest token that is read; the service's own limits are near 16 KiB. */
export const MAX_JWT_CHARS = 16 * 1024;

export type Claims = Readonly<Record<string, unknown>>;

/** A token taken apart, its signature not yet checked. */
export interface ParsedJwt {
  readonly header: Claims;
  readonly claims: Claims;
  readonly signedPart: string;
  readonly signature: Buffer;
}

/** An RS256 token in compact form. */
export function signJwt(header: Claims, claims: Claims, privateKey: KeyObject): string {
  const signedPart = `${encode({ typ: "JWT", alg: "RS256", ...header })}.${encode(claims)}`;
  return `${signedPart}.${sign("sha256", Buffer.from(signedPart), privateKey).toString("base64url")}`;
}

/** The parts of a token in compact form, or undefined when it has another form. */
export function parseJwt(token: string): ParsedJwt | undefined {
  if (token.length > MAX_JWT_CHARS) return undefined;
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token);
  if (parts === null) return undefined;
  const [, header = "", claims = "", signature = ""] = parts;
  const parsedHeader = decode(header);
  const parsedClaims = decode(claims);
  if (parsedHeader === undefined || parsedClaims === undefined) return undefined;
  return {
    header: parsedHeader,
    claims: parsedClaims,
    signedPart: `${header}.${claims}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

/** Whether the token is RS256 and was signed by the owner of the key. */
export function isSignedBy(jwt: ParsedJwt, publicKey: KeyObject): boolean {
  return (
    jwt.header["alg"] === "RS256" && verify("sha256", Buffer.from(jwt.signedPart), publicKey, jwt.signature)
  );
}

/** A claim's text, or undefined when it is absent or no text. */
export function textClaim(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  return typeof value === "string" ? value : undefined;
}

/** A claim that is a number of seconds, or undefined. */
export function secondsClaim(claims: Claims, name: string): number | undefined {
  const value = claims[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The audiences of a token, whichever way they are written. */
export function audiencesOf(claims: Claims): string[] {
  const audience = claims["aud"];
  const list: unknown[] = Array.isArray(audience) ? audience : [audience];
  return list.filter((entry) => typeof entry === "string");
}

function encode(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}
