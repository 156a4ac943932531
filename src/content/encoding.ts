import { ProviderError } from "../errors/provider-error.js";
import type { ObjectEncoding } from "../model/key-vault-object.js";
import { decodeBase64 } from "./base64.js";

const OUTSIDE_HEX = /[^0-9A-Fa-f]/;
const REMEDY = "store it in the vault that way, or change objectEncoding in parameters.objects";

/**
 * The bytes that a secret's text stands for, as `objectEncoding` says. No message quotes the text.
 *
 * | objectEncoding | reads | refuses |
 * |---|---|---|
 * | `utf-8` | any text, as it is | nothing |
 * | `base64` | RFC 4648 section 4, line breaks anywhere | the URL alphabet, missing padding, spaces |
 * | `hex` | digits in either case | an odd number of digits, spaces, `0x` |
 *
 * @throws {ProviderError} CONTENT_ENCODING_INVALID
 */
export function decodeText(text: string, encoding: ObjectEncoding): Uint8Array {
  switch (encoding) {
    case "utf-8":
      return Buffer.from(text, "utf8");
    case "base64": {
      const bytes = decodeBase64(text);
      if (typeof bytes !== "string") return bytes;
      throw invalid(
        bytes === "alphabet"
          ? "the value is not base64: it holds characters outside the standard alphabet (A-Z a-z 0-9 + /)"
          : "the value is not base64: its length is not a multiple of four; the padding may be missing",
      );
    }
    case "hex":
      if (OUTSIDE_HEX.test(text)) {
        throw invalid("the value is not hex: it holds characters other than 0-9, a-f and A-F");
      }
      if (text.length % 2 !== 0) throw invalid("the value is not hex: it has an odd number of digits");
      return Buffer.from(text, "hex");
  }
}

function invalid(seen: string): ProviderError {
  return new ProviderError("CONTENT_ENCODING_INVALID", `${seen}; ${REMEDY}`);
}
