import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import forge from "node-forge";
import { bmp, encodeDer, integer, objectId, octets, sequence, set, tagged, taggedOctets } from "./der.js";
import type { Der } from "./der.js";

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const LOCAL_KEY_ID = "1.2.840.113549.1.9.21";
const MICROSOFT_PROVIDER_NAME = "1.3.6.1.4.1.311.17.1";
const SHA1_AND_3DES = "1.2.840.113549.1.12.1.3";
const SHA1 = "1.3.14.3.2.26";

/** Rounds that Key Vault uses, for the MAC and for both encryptions. */
const ITERATIONS = 2000;
/** Purposes of a derived key. @see RFC 7292 appendix B.3 */
const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

/**
 * A PFX just as Key Vault makes it for a certificate: key bag and certificates under pbeWithSHA1And3-KeyTripleDES-CBC,
 * SHA-1 MAC, 2,000 iterations each, the provider's name on the key bag, and no password, written as zero bytes and not
 * as an empty string with its two-byte end.
 * @param key - PKCS#8 DER; undefined for a key that may not be exported: then the file has certificates only
 * @param certificates - DER, in the order of the file
 * @param leaf - the one of them that belongs to the key
 * @see RFC 7292
 */
export function writeServicePfx(
  key: Buffer | undefined,
  certificates: readonly Buffer[],
  leaf: Buffer,
): Buffer {
  const contents = encodeDer(
    sequence(
      ...(key === undefined
        ? []
        : [sequence(objectId(DATA), tagged(0, octets(encodeDer(sequence(keyBag(key))))))]),
      encryptedData(encodeDer(sequence(...certificates.map((der) => certificateBag(der, der === leaf))))),
    ),
  );
  const salt = randomBytes(20);
  const mac = createHmac("sha1", derive(PURPOSE.mac, salt, 20))
    .update(contents)
    .digest();
  return encodeDer(
    sequence(
      integer(3),
      sequence(objectId(DATA), tagged(0, octets(contents))),
      sequence(sequence(sequence(objectId(SHA1)), octets(mac)), octets(salt), integer(ITERATIONS)),
    ),
  );
}

function keyBag(key: Buffer): Der {
  const { algorithm, encrypted } = encrypt(key);
  return sequence(
    objectId(SHROUDED_KEY_BAG),
    tagged(0, sequence(algorithm, octets(encrypted))),
    set(
      localKeyId(),
      sequence(objectId(MICROSOFT_PROVIDER_NAME), set(bmp("Microsoft Software Key Storage Provider"))),
    ),
  );
}

function certificateBag(certificate: Buffer, isLeaf: boolean): Der {
  return sequence(
    objectId(CERTIFICATE_BAG),
    tagged(0, sequence(objectId(X509_CERTIFICATE), tagged(0, octets(certificate)))),
    ...(isLeaf ? [set(localKeyId())] : []),
  );
}

/** What ties a key to its certificate: 1, small end first. */
function localKeyId(): Der {
  return sequence(objectId(LOCAL_KEY_ID), set(octets(Buffer.of(1, 0, 0, 0))));
}

function encryptedData(contents: Buffer): Der {
  const { algorithm, encrypted } = encrypt(contents);
  const content = sequence(objectId(DATA), algorithm, taggedOctets(0, encrypted));
  return sequence(objectId(ENCRYPTED_DATA), tagged(0, sequence(integer(0), content)));
}

function encrypt(plain: Buffer): { algorithm: Der; encrypted: Buffer } {
  const salt = randomBytes(8);
  const cipher = createCipheriv("des-ede3-cbc", derive(PURPOSE.key, salt, 24), derive(PURPOSE.iv, salt, 8));
  return {
    algorithm: sequence(objectId(SHA1_AND_3DES), sequence(octets(salt), integer(ITERATIONS))),
    encrypted: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}

/** A key from no password at all. @see RFC 7292 appendix B.2 */
function derive(purpose: 1 | 2 | 3, salt: Buffer, length: number): Buffer {
  const key = forge.pkcs12.generateKey(
    null,
    forge.util.createBuffer(salt.toString("binary")),
    purpose,
    ITERATIONS,
    length,
  );
  return Buffer.from(key.getBytes(), "binary");
}
