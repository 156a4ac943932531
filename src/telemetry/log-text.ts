import type { LogFields } from "./logger.js";

/** The longest message or value that a line shows, in UTF-16 code units. */
export const MAX_LOG_TEXT_LENGTH = 4096;
/** The longest name of a field. */
const MAX_KEY_LENGTH = 64;
/** The most fields of one line; those after are dropped. */
export const MAX_LOG_FIELDS = 32;

/** A field as it is printed: bounded text, a finite number as it is, or a boolean. */
export type LogScalar = string | number | boolean;

/**
 * Cuts a text to {@link MAX_LOG_TEXT_LENGTH} and says how much is missing; half a surrogate pair becomes U+FFFD,
 * so that the text is always valid UTF-8.
 */
export function boundLogText(text: string, maxLength = MAX_LOG_TEXT_LENGTH): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…(+${text.length - maxLength})` : text;
  return cut.replace(/\p{Surrogate}/gu, "\ufffd");
}

/**
 * The fields that a line shows, in the order given: undefined ones left out, texts bounded, and at most
 * {@link MAX_LOG_FIELDS} of them. Names that the line itself uses get a `_` behind them.
 */
export function boundLogFields(fields: LogFields, reserved: ReadonlySet<string>): [string, LogScalar][] {
  const bounded: [string, LogScalar][] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (bounded.length === MAX_LOG_FIELDS) break;
    const key = name.slice(0, MAX_KEY_LENGTH).replace(/[^\w./-]/g, "_");
    bounded.push([reserved.has(key) ? `${key}_` : key, toScalar(value)]);
  }
  return bounded;
}

/** Anything but a scalar is a mistake that the types did not see; how it would print is not known, so it is not. */
function toScalar(value: unknown): LogScalar {
  if (typeof value === "string") return boundLogText(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return typeof value === "boolean" ? value : "[not a scalar]";
}

/**
 * Every character that can end a line, move a terminal's cursor or turn the reading direction becomes a JSON
 * escape. A pod's author chooses names that stand in the log: none of them may forge a line or hide one.
 */
export function escapeLogText(text: string): string {
  return text.replace(/["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

/** As {@link escapeLogText} for text that is JSON already: its quotes and backslashes stay. */
export function escapeJsonLine(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  // Code units, so that a character beyond U+FFFF becomes the pair that JSON knows.
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
