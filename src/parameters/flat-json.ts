import { ProviderError } from "../errors/provider-error.js";
import { quote } from "../model/quote.js";

export interface FlatJsonLimits {
  /** Characters of the whole text. */
  readonly maxLength: number;
  readonly maxKeys: number;
}

/**
 * Decodes a JSON object of strings as the driver writes it, into a Map, in which a key such as `__proto__` is data. As
 * Go does, `null` is no entries, and a value of `null` is an empty text. Texts come out as valid Unicode.
 * @param name - what the text is, for messages
 * @throws {ProviderError} REQUEST_TOO_LARGE, REQUEST_MALFORMED; without a piece of the text but a key's name
 */
export function decodeFlatJson(name: string, text: string, limits: FlatJsonLimits): Map<string, string> {
  if (text.length > limits.maxLength) {
    throw new ProviderError(
      "REQUEST_TOO_LARGE",
      `${name} of the request are ${text.length} characters long; at most ${limits.maxLength} are read`,
    );
  }
  checkShape(name, text, limits.maxKeys);
  const decoded = parse(name, text);
  const entries = new Map<string, string>();
  if (decoded === null) return entries;
  if (typeof decoded !== "object" || Array.isArray(decoded)) throw malformed(name, "it is not a JSON object");
  for (const [key, value] of Object.entries(decoded as Readonly<Record<string, unknown>>)) {
    if (value !== null && typeof value !== "string") {
      throw malformed(
        name,
        `the value of ${quote(key)} is not a text; parameters are texts, so put it in quotes`,
      );
    }
    entries.set(toValidUnicode(key), toValidUnicode(value ?? ""));
  }
  return entries;
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // V8's message quotes the text.
    throw malformed(name, "it is not valid JSON");
  }
}

function malformed(name: string, why: string): ProviderError {
  return new ProviderError("REQUEST_MALFORMED", `failed to unmarshal ${name} of the request: ${why}`);
}

/** The driver's JSON is UTF-8, in which half of a surrogate pair cannot stand: Go puts U+FFFD in its place. */
function toValidUnicode(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x7b, 0x5b];

/**
 * Refuses, without building anything, what would be costly to parse and cannot be right: many keys, and nesting. A flat
 * object has four quotes for each of its keys and one opening bracket.
 */
function checkShape(name: string, text: string, maxKeys: number): void {
  let quotes = 0;
  let openings = 0;
  let isInText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === QUOTE) {
      isInText = !isInText;
      quotes += 1;
    } else if (isInText) {
      if (character === BACKSLASH) i += 1;
    } else if (OPENING.includes(character)) {
      openings += 1;
    }
    if (openings > 1) throw malformed(name, "it is nested; it must be one JSON object of texts");
    if (quotes > 4 * maxKeys) {
      throw new ProviderError("REQUEST_TOO_LARGE", `${name} of the request have more than ${maxKeys} keys`);
    }
  }
}
