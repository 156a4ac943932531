import { Sensitive } from "../model/sensitive.js";

/** A pod has one token for each audience that the CSIDriver object asks for, each of 1 to 2 KiB. */
export const MAX_TOKENS_LENGTH = 128 * 1024;

export type FoundToken =
  | { readonly token: Sensitive<string> }
  /** In the words that people search for. */
  | { readonly problem: string };

/**
 * Finds the token for one audience in what the driver passes on: `{"<audience>":{"token":"…","expirationTimestamp":"…"}}`.
 * @param tokens - JSON text; empty when the driver sent none
 * @see https://kubernetes-csi.github.io/docs/token-requests.html
 */
export function findToken(tokens: Sensitive<string>, audience: string): FoundToken {
  const text = tokens.reveal();
  if (text === "") return { problem: "service account tokens not found" };
  if (text.length > MAX_TOKENS_LENGTH) return { problem: "service account tokens are too long" };
  let byAudience: unknown;
  try {
    byAudience = JSON.parse(text);
  } catch {
    // V8's message quotes the text.
    return { problem: "service account tokens are not valid JSON" };
  }
  const entry = ownValue(byAudience, audience);
  if (entry === undefined) return { problem: `token for audience ${audience} not found` };
  const token = ownValue(entry, "token");
  if (typeof token !== "string" || token === "")
    return { problem: `token for audience ${audience} not found` };
  if (!/^[\x21-\x7e]+$/.test(token)) return { problem: `token for audience ${audience} is not a token` };
  return { token: new Sensitive(token) };
}

function ownValue(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
