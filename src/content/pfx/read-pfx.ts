import {
  type BerElement,
  encodingOf,
  expectTag,
  MalformedBer,
  readChildren,
  readCount,
  readElement,
  readObjectIdentifier,
  readOctets,
  TAG,
} from "../ber.js";
import { type DecryptionContext, decryptPart } from "./decrypt.js";
import { EmptyPassword } from "./empty-password.js";
import { checkIntegrity } from "./integrity.js";
import {
  costlyPfx,
  invalidPfx,
  IterationBudget,
  MAX_PFX_BAGS,
  MAX_PFX_BYTES,
  MAX_PFX_CERTIFICATES,
  MAX_PFX_NESTING,
} from "./limits.js";
import { normalizePrivateKey } from "./private-key.js";

/** What a PFX holds, each in the order of the file. */
export interface PfxContents {
  /** PKCS#8 DER, as OpenSSL and Go write it: no attributes. */
  readonly privateKeysDer: readonly Uint8Array[];
  /** X.509, byte for byte. */
  readonly certificatesDer: readonly Uint8Array[];
}

interface Reading extends DecryptionContext {
  readonly keys: Uint8Array[];
  readonly certificates: Uint8Array[];
  bags: number;
}

/** @see RFC 2315 section 14; RFC 7292 appendix D */
const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
const SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const VERSION = 3;
const MAX_PARTS = 64;

/**
 * Reads a PKCS#12 file that has the empty password: keys and certificates, whoever wrote it. Synchronous, and up to a
 * few seconds long when the file asks for the most iterations: run it in a worker thread.
 *
 * Reads what OpenSSL, Windows, Java and Key Vault write: DER and BER (indefinite lengths, chunks), RC2, Triple DES and
 * AES, a SHA-1 or SHA-2 MAC, PBMAC1 or none, any key that OpenSSL knows. Bags of other kinds (revocation lists,
 * secrets) are left out. Everything that costs is capped before it is done: bytes, iterations of all parts together,
 * bags, certificates, nesting.
 *
 * node-forge's own reader is not used: it refuses PBMAC1 and unknown bags, re-encodes what it reads, takes 18 s for a
 * million iterations, and says all of that only after the work is done.
 * @throws {ProviderError} CONTENT_PFX_INVALID, CONTENT_PFX_TOO_COSTLY; nothing else, whatever the bytes are
 * @see RFC 7292
 */
export function readPfx(pfx: Uint8Array): PfxContents {
  if (pfx.length > MAX_PFX_BYTES) {
    throw costlyPfx(`the PFX has ${pfx.length} bytes, at most ${MAX_PFX_BYTES} are read`);
  }
  const reading: Reading = {
    password: new EmptyPassword(),
    budget: new IterationBudget(),
    keys: [],
    certificates: [],
    bags: 0,
  };
  try {
    readFile(pfx, reading);
  } catch (error) {
    if (!(error instanceof MalformedBer)) throw error;
    throw invalidPfx("the PFX is cut off or damaged");
  }
  return { privateKeysDer: reading.keys, certificatesDer: reading.certificates };
}

/** PFX: version, authenticated content, MAC. @see RFC 7292 section 4 */
function readFile(pfx: Uint8Array, reading: Reading): void {
  const [version, authSafe, macData] = readChildren(expectTag(readElement(pfx), TAG.sequence), 3);
  if (readCount(version) !== VERSION) throw new MalformedBer("version");
  const { type, content } = readContentInfo(authSafe);
  if (type !== DATA)
    throw invalidPfx("the PFX is signed with a key, not protected by a password; such are not read");
  const safes = readOctets(expectTag(content, TAG.octetString, TAG.chunkedOctetString));
  if (macData !== undefined) checkIntegrity(macData, safes, reading);

  for (const part of readChildren(expectTag(readElement(safes), TAG.sequence), MAX_PARTS)) {
    const { type, content } = readContentInfo(part);
    if (type === DATA) {
      const plain = readOctets(expectTag(content, TAG.octetString, TAG.chunkedOctetString));
      readSafeContents(readElement(plain), reading, 0);
    } else if (type === ENCRYPTED_DATA) {
      readSafeContents(readElement(readEncryptedData(content, reading)), reading, 0);
    } else {
      throw invalidPfx(
        "a part of the PFX is encrypted for a certificate, not with a password; such are not read",
      );
    }
  }
}

function readContentInfo(element: BerElement | undefined): { type: string; content: BerElement | undefined } {
  const [type, wrapper] = readChildren(expectTag(element, TAG.sequence), 2);
  const [content] = wrapper === undefined ? [] : readChildren(expectTag(wrapper, TAG.context0Constructed), 1);
  return { type: readObjectIdentifier(type), content };
}

/** EncryptedData. @see RFC 2315 section 13 */
function readEncryptedData(element: BerElement | undefined, reading: Reading): Uint8Array {
  const [, contentInfo] = readChildren(expectTag(element, TAG.sequence), 3);
  const [type, algorithm, encrypted] = readChildren(expectTag(contentInfo, TAG.sequence), 3);
  if (readObjectIdentifier(type) !== DATA) throw new MalformedBer("encrypted content of another type");
  const bytes = readOctets(expectTag(encrypted, TAG.context0, TAG.context0Constructed));
  return decryptPart(algorithm, bytes, reading);
}

function readSafeContents(safe: BerElement, reading: Reading, depth: number): void {
  if (depth === MAX_PFX_NESTING) throw costlyPfx(`the PFX nests bags more than ${MAX_PFX_NESTING} deep`);
  expectTag(safe, TAG.sequence);
  for (let offset = safe.contentStart; offset < safe.contentEnd;) {
    const bag = readElement(safe.source, offset, safe.contentEnd);
    offset = bag.end;
    if (++reading.bags > MAX_PFX_BAGS) throw costlyPfx(`the PFX holds more than ${MAX_PFX_BAGS} bags`);
    const [type, wrapper] = readChildren(expectTag(bag, TAG.sequence), 3);
    const [value] = readChildren(expectTag(wrapper, TAG.context0Constructed), 1);
    if (value === undefined) throw new MalformedBer("bag without a value");
    readBag(readObjectIdentifier(type), value, reading, depth);
  }
}

function readBag(type: string, value: BerElement, reading: Reading, depth: number): void {
  switch (type) {
    case KEY_BAG:
      reading.keys.push(normalizePrivateKey(encodingOf(value)));
      break;
    case SHROUDED_KEY_BAG: {
      const [algorithm, encrypted] = readChildren(expectTag(value, TAG.sequence), 2);
      const bytes = readOctets(expectTag(encrypted, TAG.octetString, TAG.chunkedOctetString));
      reading.keys.push(normalizePrivateKey(decryptPart(algorithm, bytes, reading)));
      break;
    }
    case CERTIFICATE_BAG: {
      const [kind, wrapper] = readChildren(expectTag(value, TAG.sequence), 2);
      if (readObjectIdentifier(kind) !== X509_CERTIFICATE) break;
      if (reading.certificates.length === MAX_PFX_CERTIFICATES) {
        throw costlyPfx(`the PFX holds more than ${MAX_PFX_CERTIFICATES} certificates`);
      }
      const [certificate] = readChildren(expectTag(wrapper, TAG.context0Constructed), 1);
      const der = readOctets(expectTag(certificate, TAG.octetString, TAG.chunkedOctetString));
      expectTag(readElement(der), TAG.sequence);
      reading.certificates.push(Uint8Array.from(der));
      break;
    }
    case SAFE_CONTENTS_BAG:
      readSafeContents(value, reading, depth + 1);
      break;
  }
}
