import { pbkdf2Sync } from "node:crypto";
import { type BerElement, expectTag, readChildren, readCount, readOctets, TAG } from "../ber.js";
import { HMAC_DIGESTS, readAlgorithmIdentifier } from "./algorithm-identifier.js";
import type { DigestName } from "./key-derivation.js";
import { invalidPfx, type IterationBudget } from "./limits.js";

const PBKDF2 = "1.2.840.113549.1.5.12";
const EMPTY_PASSWORD = new Uint8Array(0);

export interface Pbkdf2Parameters {
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Bytes; undefined when the file leaves it to the cipher. */
  readonly keyLength: number | undefined;
  readonly digest: DigestName;
}

/**
 * Reads the parameters of a key derivation, which must be PBKDF2.
 * @throws {MalformedBer}
 * @throws {ProviderError} CONTENT_PFX_INVALID for another derivation (scrypt) or digest
 * @see RFC 8018 appendix A.2
 */
export function readPbkdf2(element: BerElement | undefined): Pbkdf2Parameters {
  const { id, parameters } = readAlgorithmIdentifier(element);
  if (id !== PBKDF2) throw invalidPfx(`the PFX derives its keys by algorithm ${id}; only PBKDF2 is read`);
  const [salt, iterations, ...optional] = readChildren(expectTag(parameters, TAG.sequence), 4);
  const keyLength = optional.find(({ tag }) => tag === TAG.integer);
  const prf = optional.find(({ tag }) => tag === TAG.sequence);
  return {
    salt: readOctets(expectTag(salt, TAG.octetString)),
    iterations: readCount(iterations),
    keyLength: keyLength === undefined ? undefined : readCount(keyLength),
    digest: prf === undefined ? "sha1" : readHmacDigest(prf),
  };
}

/** @throws {MalformedBer} @throws {ProviderError} CONTENT_PFX_INVALID */
export function readHmacDigest(element: BerElement | undefined): DigestName {
  const { id } = readAlgorithmIdentifier(element);
  const digest = HMAC_DIGESTS.get(id);
  if (digest === undefined)
    throw invalidPfx(`the PFX uses the keyed digest ${id}; HMAC with SHA-1 or SHA-2 is read`);
  return digest;
}

/**
 * Derives a key from the empty password. Here it has one encoding only: HMAC pads a password with zero bytes, so that
 * none and two are the same key.
 * @param length - bytes
 * @throws {ProviderError} CONTENT_PFX_TOO_COSTLY
 */
export function derivePbkdf2Key(
  parameters: Pbkdf2Parameters,
  length: number,
  budget: IterationBudget,
): Uint8Array {
  budget.spend(parameters.iterations);
  return pbkdf2Sync(EMPTY_PASSWORD, parameters.salt, parameters.iterations, length, parameters.digest);
}
