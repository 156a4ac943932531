/** Longest text of a service shown, in characters. */
const MAX_SHOWN = 400;
/** Longest text of a service looked at: what follows the shown part may be anything. */
const MAX_READ = 4_096;

const CONTROL_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
const TOKEN_LIKE = [/\beyJ[\w-]*(?:\.[\w-]*)*/g, /\bBearer\s+\S+/gi, /[A-Za-z0-9+_=-]{64,}/g];

/**
 * A service's own message, fit to be shown: one line, at most 400 characters, with everything that looks like a token
 * replaced by `[removed]`. Empty when there is nothing to show.
 */
export function shownServiceText(text: unknown): string {
  if (typeof text !== "string") return "";
  const scrubbed = TOKEN_LIKE.reduce(
    (line, pattern) => line.replace(pattern, "[removed]"),
    text.slice(0, MAX_READ).replace(CONTROL_CHARACTERS, " "),
  );
  const line = scrubbed.replace(/\s+/g, " ").trim();
  return line.length <= MAX_SHOWN ? line : `${line.slice(0, MAX_SHOWN - 1).trimEnd()}…`;
}

/** A service's error code as it stands, for example `SecretNotFound`; undefined for anything that is no such word. */
export function shownServiceCode(code: unknown): string | undefined {
  return typeof code === "string" && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(code) ? code : undefined;
}
