import { hash } from "node:crypto";
import { iterateSha1 } from "./iterated-sha1.js";

export type DigestName = "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

/** The digests of PKCS#12 and PBKDF2, with Node's names; sizes in bytes. @see FIPS 180-4 */
export const DIGESTS: Readonly<Record<DigestName, { readonly size: number; readonly block: number }>> = {
  sha1: { size: 20, block: 64 },
  sha224: { size: 28, block: 64 },
  sha256: { size: 32, block: 64 },
  sha384: { size: 48, block: 128 },
  sha512: { size: 64, block: 128 },
};

/** What a derived key is for. @see RFC 7292 appendix B.3 */
export const PURPOSE = { encryption: 1, initialVector: 2, mac: 3 } as const;

export interface DerivationInput {
  readonly digest: DigestName;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  /** 1 or more; each costs 0.4 µs (SHA-1) or 1 to 3 µs for every `size` bytes of the key. */
  readonly iterations: number;
}

/**
 * PKCS#12's own key derivation, which Node does not have.
 * @param length - bytes of the key
 * @see RFC 7292 appendix B.2
 */
export function derivePkcs12Key(
  { digest, password, salt, iterations }: DerivationInput,
  purpose: number,
  length: number,
): Uint8Array {
  const { size, block } = DIGESTS[digest];
  const diversifier = Buffer.alloc(block, purpose);
  const material = Buffer.concat([repeatToBlocks(salt, block), repeatToBlocks(password, block)]);
  const key = Buffer.alloc(Math.ceil(length / size) * size);
  for (let offset = 0; offset < length; offset += size) {
    let digested: Uint8Array = hash(digest, Buffer.concat([diversifier, material]), "buffer");
    if (digest === "sha1") digested = iterateSha1(digested, iterations - 1);
    else for (let i = 1; i < iterations; i++) digested = hash(digest, digested, "buffer");
    key.set(digested, offset);
    addToBlocks(material, repeatToBlocks(digested, block).subarray(0, block), block);
  }
  return key.subarray(0, length);
}

/** The bytes over and over until the next multiple of a block; none stay none. */
function repeatToBlocks(bytes: Uint8Array, block: number): Buffer {
  const repeated = Buffer.alloc(Math.ceil(bytes.length / block) * block);
  for (let i = 0; i < repeated.length; i++) repeated[i] = bytes[i % bytes.length] ?? 0;
  return repeated;
}

/** Adds `summand + 1` to each block of the material, as big-endian numbers of a block's size. */
function addToBlocks(material: Buffer, summand: Buffer, block: number): void {
  for (let start = 0; start < material.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += (material[start + i] ?? 0) + (summand[i] ?? 0);
      material[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
