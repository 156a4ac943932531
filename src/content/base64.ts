const LINE_BREAKS = /[\r\n]+/g;
const OUTSIDE_ALPHABET = /[^A-Za-z0-9+/]/;

/** Why a text is not base64. */
export type Base64Fault = "alphabet" | "padding";

/**
 * The bytes that a base64 text stands for, or why it is none. Reads what Go's `base64.StdEncoding` reads: the standard
 * alphabet, padding required, line breaks anywhere, bits beyond the last byte ignored.
 * @see RFC 4648 section 4; https://pkg.go.dev/encoding/base64
 */
export function decodeBase64(text: string): Uint8Array | Base64Fault {
  const characters = text.replaceAll(LINE_BREAKS, "");
  const padding = characters.endsWith("==") ? 2 : characters.endsWith("=") ? 1 : 0;
  if (OUTSIDE_ALPHABET.test(characters.slice(0, characters.length - padding))) return "alphabet";
  // A lone character of the last group (6 bits) makes no byte: `A===` ends here, for its third `=` is not padding.
  if (characters.length % 4 !== 0) return "padding";
  return Buffer.from(characters, "base64");
}
