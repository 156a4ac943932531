import { Sensitive } from "../model/sensitive.js";

/** A pod has one token for each audience of the CSIDriver object, each of a few KiB. */
const MAX_TOKEN_LENGTH = 64 * 1024;

/**
 * The token for one audience, out of what the driver passes on: `{"<audience>":{"token":"…","expirationTimestamp":"…"}}`.
 * @returns the token, or what is wrong in the words that people search for
 * @see https://kubernetes-csi.github.io/docs/token-requests.html
 */
export function findToken(
  tokens: Sensitive<string>,
  audience: string,
): { readonly token: Sensitive<string> } | { readonly problem: string } {
  if (tokens.reveal() === "") return { problem: "service account tokens not found" };
  let all: unknown;
  try {
    all = JSON.parse(tokens.reveal());
  } catch {
    return { problem: "service account tokens are no JSON" };
  }
  const entry = ownValue(all, audience);
  if (entry === undefined) return { problem: `token for audience ${audience} not found` };
  const token = ownValue(entry, "token");
  if (
    typeof token !== "string" ||
    token === "" ||
    token.length > MAX_TOKEN_LENGTH ||
    !/^[\x21-\x7e]+$/.test(token)
  ) {
    return { problem: `token for audience ${audience} is no token` };
  }
  return { token: new Sensitive(token) };
}

function ownValue(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
