import { createDecipheriv } from "node:crypto";
import {
  type BerElement,
  contentOf,
  expectTag,
  MalformedBer,
  readChildren,
  readCount,
  readElement,
  readOctets,
  TAG,
} from "../ber.js";
import { readAlgorithmIdentifier } from "./algorithm-identifier.js";
import type { EmptyPassword } from "./empty-password.js";
import { derivePkcs12Key, PURPOSE } from "./key-derivation.js";
import { invalidPfx, type IterationBudget } from "./limits.js";
import { derivePbkdf2Key, readPbkdf2 } from "./pbkdf2.js";
import { decryptRc2 } from "./rc2.js";

/** What reading one file carries along. */
export interface DecryptionContext {
  readonly password: EmptyPassword;
  readonly budget: IterationBudget;
}

interface BlockCipher {
  readonly keyBytes: number;
  readonly blockBytes: number;
  /** @returns the plain text, padding left on; `encrypted` is a whole number of blocks */
  decrypt(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Uint8Array;
}

/** Ciphers of PKCS#12's own schemes, which derive key and initial vector with SHA-1. @see RFC 7292 appendix C */
const PKCS12_CIPHERS: ReadonlyMap<string, BlockCipher> = new Map([
  ["1.2.840.113549.1.12.1.3", native("des-ede3-cbc", 24, 8)],
  ["1.2.840.113549.1.12.1.4", native("des-ede-cbc", 16, 8)],
  ["1.2.840.113549.1.12.1.5", { keyBytes: 16, blockBytes: 8, decrypt: decryptRc2 }],
  ["1.2.840.113549.1.12.1.6", { keyBytes: 5, blockBytes: 8, decrypt: decryptRc2 }],
]);

const PBES2 = "1.2.840.113549.1.5.13";
/** @see RFC 8018 appendix B.2; NIST's list of AES object identifiers */
const PBES2_CIPHERS: ReadonlyMap<string, BlockCipher> = new Map([
  ["1.2.840.113549.3.7", native("des-ede3-cbc", 24, 8)],
  ["2.16.840.1.101.3.4.1.2", native("aes-128-cbc", 16, 16)],
  ["2.16.840.1.101.3.4.1.22", native("aes-192-cbc", 24, 16)],
  ["2.16.840.1.101.3.4.1.42", native("aes-256-cbc", 32, 16)],
]);

const WRONG_PASSWORD =
  "a part of the PFX does not open with the empty password: it has another one, or is damaged";

/**
 * Decrypts one part of a PFX with the empty password.
 * @param algorithm - AlgorithmIdentifier: a PKCS#12 scheme with RC2 or Triple DES, or PBES2 with AES or Triple DES
 * @returns BER of one SEQUENCE, which every encrypted part of a PFX is
 * @throws {MalformedBer}
 * @throws {ProviderError} CONTENT_PFX_INVALID, CONTENT_PFX_TOO_COSTLY
 */
export function decryptPart(
  algorithm: BerElement | undefined,
  encrypted: Uint8Array,
  context: DecryptionContext,
): Uint8Array {
  const { id, parameters } = readAlgorithmIdentifier(algorithm);
  const plain =
    id === PBES2
      ? decryptPbes2(parameters, encrypted, context)
      : decryptPkcs12(id, parameters, encrypted, context);
  if (plain === undefined)
    throw invalidPfx(WRONG_PASSWORD, "import it into the vault anew, with its password");
  return plain;
}

function decryptPkcs12(
  id: string,
  parameters: BerElement | undefined,
  encrypted: Uint8Array,
  { password, budget }: DecryptionContext,
): Uint8Array | undefined {
  const cipher = PKCS12_CIPHERS.get(id);
  if (cipher === undefined) throw unsupported(id);
  const [salt, count] = readChildren(expectTag(parameters, TAG.sequence), 2);
  const iterations = readCount(count);
  budget.spend(iterations);
  const input = { digest: "sha1", salt: readOctets(expectTag(salt, TAG.octetString)), iterations } as const;
  return password.open((encoding) => {
    const key = derivePkcs12Key({ ...input, password: encoding }, PURPOSE.encryption, cipher.keyBytes);
    const iv = derivePkcs12Key({ ...input, password: encoding }, PURPOSE.initialVector, cipher.blockBytes);
    return decryptSequence(cipher, key, iv, encrypted);
  });
}

/** @see RFC 8018 section 6.2 and appendix A.4 */
function decryptPbes2(
  parameters: BerElement | undefined,
  encrypted: Uint8Array,
  { budget }: DecryptionContext,
): Uint8Array | undefined {
  const [derivation, scheme] = readChildren(expectTag(parameters, TAG.sequence), 2);
  const { id, parameters: vector } = readAlgorithmIdentifier(scheme);
  const cipher = PBES2_CIPHERS.get(id);
  if (cipher === undefined) throw unsupported(id);
  const pbkdf2 = readPbkdf2(derivation);
  const iv = contentOf(expectTag(vector, TAG.octetString));
  if (iv.length !== cipher.blockBytes || (pbkdf2.keyLength ?? cipher.keyBytes) !== cipher.keyBytes) {
    throw new MalformedBer("key or initial vector of another size");
  }
  return decryptSequence(cipher, derivePbkdf2Key(pbkdf2, cipher.keyBytes, budget), iv, encrypted);
}

/** @returns undefined when the key is wrong: bad padding, or what comes out is no SEQUENCE */
function decryptSequence(
  cipher: BlockCipher,
  key: Uint8Array,
  iv: Uint8Array,
  encrypted: Uint8Array,
): Uint8Array | undefined {
  if (encrypted.length === 0 || encrypted.length % cipher.blockBytes !== 0) {
    throw new MalformedBer("encrypted bytes are not whole blocks");
  }
  const padded = cipher.decrypt(key, iv, encrypted);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > cipher.blockBytes) return undefined;
  if (padded.subarray(-padding).some((byte) => byte !== padding)) return undefined;
  const plain = padded.subarray(0, -padding);
  try {
    return readElement(plain).end === plain.length && plain[0] === TAG.sequence ? plain : undefined;
  } catch (error) {
    if (error instanceof MalformedBer) return undefined;
    throw error;
  }
}

function native(name: string, keyBytes: number, blockBytes: number): BlockCipher {
  return {
    keyBytes,
    blockBytes,
    decrypt: (key, iv, encrypted) => {
      const decipher = createDecipheriv(name, key, iv).setAutoPadding(false);
      return Buffer.concat([decipher.update(encrypted), decipher.final()]);
    },
  };
}

function unsupported(id: string) {
  return invalidPfx(
    `the PFX is encrypted with algorithm ${id}, which is not read`,
    "export it with AES-256-CBC or Triple DES and import it into the vault anew",
  );
}
