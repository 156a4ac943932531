import { type BerElement, expectTag, readChildren, readObjectIdentifier, TAG } from "../ber.js";
import type { DigestName } from "./key-derivation.js";

/** Which algorithm, and its parameters where it has any. @see RFC 5280 section 4.1.1.2 */
export interface AlgorithmIdentifier {
  readonly id: string;
  readonly parameters: BerElement | undefined;
}

/** @throws {MalformedBer} */
export function readAlgorithmIdentifier(element: BerElement | undefined): AlgorithmIdentifier {
  const [id, parameters] = readChildren(expectTag(element, TAG.sequence), 2);
  return { id: readObjectIdentifier(id), parameters };
}

/** @see RFC 8018 appendix C; RFC 8017 appendix B.1 */
export const HMAC_DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ["1.2.840.113549.2.7", "sha1"],
  ["1.2.840.113549.2.8", "sha224"],
  ["1.2.840.113549.2.9", "sha256"],
  ["1.2.840.113549.2.10", "sha384"],
  ["1.2.840.113549.2.11", "sha512"],
]);

/** @see RFC 8017 appendix B.1 */
export const DIGEST_NAMES: ReadonlyMap<string, DigestName> = new Map([
  ["1.3.14.3.2.26", "sha1"],
  ["2.16.840.1.101.3.4.2.4", "sha224"],
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);
