/** Longest text of a service shown, and longest looked at: what follows may be anything. In characters. */
const MAX_SHOWN = 300;
const MAX_READ = 4_096;

const TOKEN_LIKE = /\beyJ[\w-]*(?:\.[\w-]*)*|\bBearer\s+\S+|[A-Za-z0-9+_=-]{64,}/gi;

/**
 * What a token service says of its refusal, fit to be shown: one line, at most 300 characters, with everything that looks
 * like a token replaced by `[removed]`. Empty for anything but text.
 */
export function shownText(text: unknown): string {
  if (typeof text !== "string") return "";
  const line = text
    .slice(0, MAX_READ)
    .replace(TOKEN_LIKE, "[removed]")
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  return line.length <= MAX_SHOWN ? line : `${line.slice(0, MAX_SHOWN - 1).trimEnd()}…`;
}

/** A service's own word for an error, for example `invalid_request`; empty for anything that is no such word. */
export function shownCode(code: unknown): string {
  return typeof code === "string" && /^[A-Za-z][\w.-]{0,63}$/.test(code) ? code : "";
}
