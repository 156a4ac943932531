import { ProviderError } from "../errors/provider-error.js";
import type { ObjectReference } from "./vault-reader.js";

/** Longer than any name or version that the service knows (127 and 32), short enough for any URL. */
const MAX_SEGMENT_LENGTH = 256;

/**
 * Refuses a name or version that cannot be one segment of a URL's path: `.` and `..` would be resolved away, and then
 * something else be asked for. All other characters are sent encoded, and the vault says itself what it does not take.
 * @throws {ProviderError} VAULT_REQUEST_REJECTED
 */
export function checkSegments({ name, version }: ObjectReference): void {
  if (name === "" || !isSegment(name)) {
    throw new ProviderError(
      "VAULT_REQUEST_REJECTED",
      "objectName cannot be the name of an object in a vault; names are letters, digits and hyphens, at most 127",
    );
  }
  if (!isSegment(version)) {
    throw new ProviderError(
      "VAULT_REQUEST_REJECTED",
      "objectVersion cannot be a version of an object in a vault; versions are 32 hexadecimal digits, empty for the newest",
    );
  }
}

function isSegment(text: string): boolean {
  return text.length <= MAX_SEGMENT_LENGTH && text !== "." && text !== ".." && !/\p{Cs}/u.test(text);
}
