/** Enough to recognise what was written, too little to flood a pod's events. */
const MAX_QUOTED_LENGTH = 80;

/** Controls, format characters (direction marks), lone surrogates, line separators, and the quote itself. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}"\\]/gu;

/**
 * What somebody else wrote, in quotes, safe to put into a message: cut after 80 characters, with everything escaped
 * that could break a line or a terminal. Never for secrets.
 * @example quote("a\nb") // "a\nb" with the line break escaped, quotes included
 */
export function quote(text: string): string {
  const cut = text.length > MAX_QUOTED_LENGTH ? ` (${text.length} characters)` : "";
  return `"${printable(text)}"${cut}`;
}

/** As {@link quote}, without the quotes and the length. @param maxLength - in UTF-16 code units */
export function printable(text: string, maxLength = MAX_QUOTED_LENGTH): string {
  const escaped = text.slice(0, maxLength).replace(UNPRINTABLE, escapeCharacter);
  return text.length > maxLength ? `${escaped}…` : escaped;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  if (character === "\n") return "\\n";
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Whether a text can be sent as UTF-8 without loss: no half of a surrogate pair stands alone in it. */
export function isWellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}
