import { createHmac, timingSafeEqual } from "node:crypto";
import {
  type BerElement,
  expectTag,
  MalformedBer,
  readChildren,
  readCount,
  readOctets,
  TAG,
} from "../ber.js";
import { type AlgorithmIdentifier, DIGEST_NAMES, readAlgorithmIdentifier } from "./algorithm-identifier.js";
import type { DecryptionContext } from "./decrypt.js";
import { derivePkcs12Key, DIGESTS, type DigestName, PURPOSE } from "./key-derivation.js";
import { invalidPfx } from "./limits.js";
import { derivePbkdf2Key, readHmacDigest, readPbkdf2 } from "./pbkdf2.js";

const PBMAC1 = "1.2.840.113549.1.5.14";
/** HMAC hashes longer keys first; no writer makes one. */
const MAX_MAC_KEY_BYTES = 64;

/**
 * Checks the MAC over the file's content, made with the empty password: HMAC with a key of PKCS#12's own derivation,
 * or PBMAC1.
 * @param macData - MacData
 * @param content - what the MAC covers
 * @throws {MalformedBer}
 * @throws {ProviderError} CONTENT_PFX_INVALID when it does not match, CONTENT_PFX_TOO_COSTLY
 * @see RFC 7292 section 4; RFC 9579 section 4
 */
export function checkIntegrity(macData: BerElement, content: Uint8Array, context: DecryptionContext): void {
  const [digestInfo, salt, count] = readChildren(expectTag(macData, TAG.sequence), 3);
  const [algorithm, digest] = readChildren(expectTag(digestInfo, TAG.sequence), 2);
  const expected = readOctets(expectTag(digest, TAG.octetString));
  const identifier = readAlgorithmIdentifier(algorithm);
  if (identifier.id === PBMAC1) {
    if (isSame(computePbmac1(identifier, content, context), expected)) return;
  } else {
    const name = DIGEST_NAMES.get(identifier.id);
    if (name === undefined)
      throw invalidPfx(`the PFX has a MAC by algorithm ${identifier.id}, which is not read`);
    const input = {
      digest: name,
      salt: readOctets(expectTag(salt, TAG.octetString)),
      iterations: count === undefined ? 1 : readCount(count),
    };
    context.budget.spend(input.iterations);
    const isRight = context.password.open((password) => {
      const key = derivePkcs12Key({ ...input, password }, PURPOSE.mac, DIGESTS[name].size);
      return isSame(hmac(name, key, content), expected) || undefined;
    });
    if (isRight) return;
  }
  throw invalidPfx(
    "the PFX does not open with the empty password: it has another one, or is damaged",
    "import it into the vault anew, with its password",
  );
}

/** Salt and iterations of MacData itself mean nothing here. */
function computePbmac1(
  { parameters }: AlgorithmIdentifier,
  content: Uint8Array,
  { budget }: DecryptionContext,
): Uint8Array {
  const [derivation, scheme] = readChildren(expectTag(parameters, TAG.sequence), 2);
  const digest = readHmacDigest(scheme);
  const pbkdf2 = readPbkdf2(derivation);
  const { keyLength = 0 } = pbkdf2;
  if (keyLength < 1 || keyLength > MAX_MAC_KEY_BYTES) throw new MalformedBer("key length of the MAC");
  return hmac(digest, derivePbkdf2Key(pbkdf2, keyLength, budget), content);
}

function hmac(digest: DigestName, key: Uint8Array, content: Uint8Array): Uint8Array {
  return createHmac(digest, key).update(content).digest();
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
