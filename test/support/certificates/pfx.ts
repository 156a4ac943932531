import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import forge from "node-forge";
import {
  chunked,
  context,
  indefinite,
  integer,
  nothing,
  objectIdentifier,
  octets,
  sequence,
  set,
} from "./der.js";

type Digest = "sha1" | "sha256" | "sha384" | "sha512";

/** How one part of a PFX is encrypted. `claims` is written in place of the iterations that were really done. */
export interface Encryption {
  readonly cipher: "none" | "3des" | "rc2-40" | "aes128" | "aes192" | "aes256";
  readonly digest?: Digest;
  readonly iterations?: number;
  readonly claims?: number | bigint;
}

export interface Mac {
  readonly kind: "none" | "hmac" | "pbmac1";
  readonly digest?: Digest;
  readonly iterations?: number;
  readonly claims?: number | bigint;
}

export interface PfxRequest {
  /** PKCS#8 DER. */
  readonly keys?: readonly Uint8Array[];
  readonly certificates?: readonly Uint8Array[];
  /** Further SafeBags, as they are. */
  readonly bags?: readonly Uint8Array[];
  readonly keyEncryption?: Encryption;
  readonly certificateEncryption?: Encryption;
  readonly mac?: Mac;
  /** An empty password ends with a zero character in RFC 7292; some writers leave it out. */
  readonly emptyPassword?: "two zero bytes" | "no bytes";
  /** `windows`: indefinite lengths and chunked octet strings. */
  readonly layout?: "der" | "windows";
}

const IDS = {
  data: objectIdentifier("1.2.840.113549.1.7.1"),
  encryptedData: objectIdentifier("1.2.840.113549.1.7.6"),
  pbes2: objectIdentifier("1.2.840.113549.1.5.13"),
  pbkdf2: objectIdentifier("1.2.840.113549.1.5.12"),
  pbmac1: objectIdentifier("1.2.840.113549.1.5.14"),
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  safeContentsBag: "1.2.840.113549.1.12.10.1.6",
} as const;
const DIGEST_IDS = {
  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
} as const;
const HMAC_IDS = {
  sha1: "1.2.840.113549.2.7",
  sha256: "1.2.840.113549.2.9",
  sha384: "1.2.840.113549.2.10",
  sha512: "1.2.840.113549.2.11",
} as const;
const AES = {
  aes128: { id: "2.16.840.1.101.3.4.1.2", name: "aes-128-cbc", keyBytes: 16 },
  aes192: { id: "2.16.840.1.101.3.4.1.22", name: "aes-192-cbc", keyBytes: 24 },
  aes256: { id: "2.16.840.1.101.3.4.1.42", name: "aes-256-cbc", keyBytes: 32 },
} as const;

/**
 * Writes a PFX with the empty password, in the many ways that writers have. Keys of the old schemes are derived by
 * node-forge, so that the provider's own derivation is held against another one.
 */
export function makePfx(request: PfxRequest): Buffer {
  const {
    keyEncryption = { cipher: "3des" },
    certificateEncryption = keyEncryption,
    layout = "der",
  } = request;
  const password = request.emptyPassword === "no bytes" ? null : "";
  const keyBags = (request.keys ?? []).map((key) =>
    keyEncryption.cipher === "none"
      ? bag(IDS.keyBag, key)
      : bag(IDS.shroudedKeyBag, sequence(...encrypt(key, keyEncryption, password).map(asOctets))),
  );
  const certificateBags = (request.certificates ?? []).map((certificate) => certificateBag(certificate));
  const parts = [
    part(sequence(...certificateBags), certificateEncryption, password, layout),
    part(sequence(...keyBags, ...(request.bags ?? [])), { cipher: "none" }, password, layout),
  ];
  const content = layout === "der" ? sequence(...parts) : indefinite(0x30, ...parts);
  const mac = makeMac(content, request.mac ?? { kind: "hmac" }, password);
  if (layout === "der") {
    return sequence(integer(3), sequence(IDS.data, context(0, octets(content))), ...mac);
  }
  return indefinite(
    0x30,
    integer(3),
    indefinite(0x30, IDS.data, indefinite(0xa0, chunked(content, 1000))),
    ...mac,
  );
}

/** A SafeBag with the attributes that Windows writes. */
export function bag(id: string, value: Uint8Array): Buffer {
  const localKeyId = sequence(
    objectIdentifier("1.2.840.113549.1.9.21"),
    set(octets(Buffer.from([1, 0, 0, 0]))),
  );
  return sequence(objectIdentifier(id), context(0, value), set(localKeyId));
}

export function certificateBag(certificate: Uint8Array, kind = "1.2.840.113549.1.9.22.1"): Buffer {
  return bag(IDS.certificateBag, sequence(objectIdentifier(kind), context(0, octets(certificate))));
}

export function safeContentsBag(...bags: readonly Uint8Array[]): Buffer {
  return bag(IDS.safeContentsBag, sequence(...bags));
}

/** ContentInfo: data, or encryptedData. */
function part(
  content: Buffer,
  encryption: Encryption,
  password: "" | null,
  layout: "der" | "windows",
): Buffer {
  const isDer = layout === "der";
  if (encryption.cipher === "none") {
    const wrapped = isDer ? octets(content) : chunked(content, 500);
    return sequence(IDS.data, context(0, wrapped));
  }
  const [algorithm, encrypted] = encrypt(content, encryption, password);
  const bytes = isDer ? retag(octets(encrypted), 0x80) : chunked(encrypted, 64, 0xa0);
  return sequence(IDS.encryptedData, context(0, sequence(integer(0), sequence(IDS.data, algorithm, bytes))));
}

/** @returns AlgorithmIdentifier and the encrypted bytes */
function encrypt(plain: Uint8Array, encryption: Encryption, password: "" | null): [Buffer, Buffer] {
  const { cipher, iterations = 3, claims = iterations, digest = "sha256" } = encryption;
  const salt = randomBytes(8);
  if (cipher === "none") throw new Error("nothing to encrypt with");
  if (cipher === "3des" || cipher === "rc2-40") {
    const isRc2 = cipher === "rc2-40";
    const key = deriveByForge(password, salt, 1, iterations, isRc2 ? 5 : 24, forge.md.sha1.create());
    const iv = deriveByForge(password, salt, 2, iterations, 8, forge.md.sha1.create());
    const id = objectIdentifier(`1.2.840.113549.1.12.1.${isRc2 ? "6" : "3"}`);
    const algorithm = sequence(id, sequence(octets(salt), integer(claims)));
    return [algorithm, isRc2 ? encryptRc2(key, iv, plain) : run("des-ede3-cbc", key, iv, plain)];
  }
  const { id, name, keyBytes } = AES[cipher];
  const iv = randomBytes(16);
  const derivation = pbkdf2(salt, claims, undefined, digest);
  const algorithm = sequence(IDS.pbes2, sequence(derivation, sequence(objectIdentifier(id), octets(iv))));
  return [algorithm, run(name, pbkdf2Sync("", salt, iterations, keyBytes, digest), iv, plain)];
}

/** MacData, or nothing. */
function makeMac(content: Buffer, mac: Mac, password: "" | null): Buffer[] {
  const { kind, digest = "sha1", iterations = 3, claims = iterations } = mac;
  if (kind === "none") return [];
  const salt = randomBytes(8);
  if (kind === "pbmac1") {
    const keyBytes = 32;
    const derivation = pbkdf2(salt, claims, keyBytes, digest);
    const algorithm = sequence(
      IDS.pbmac1,
      sequence(derivation, sequence(objectIdentifier(HMAC_IDS[digest]), nothing())),
    );
    const key = pbkdf2Sync("", salt, iterations, keyBytes, digest);
    return [
      sequence(sequence(algorithm, octets(hmac(digest, key, content))), octets(Buffer.from("NOT USED"))),
    ];
  }
  const md = forge.md[digest].create();
  const key = deriveByForge(password, salt, 3, iterations, md.digestLength, md);
  const algorithm = sequence(objectIdentifier(DIGEST_IDS[digest]), nothing());
  const count = claims === 1 ? [] : [integer(claims)]; // DEFAULT 1
  return [sequence(sequence(algorithm, octets(hmac(digest, key, content))), octets(salt), ...count)];
}

function pbkdf2(
  salt: Buffer,
  iterations: number | bigint,
  keyBytes: number | undefined,
  digest: Digest,
): Buffer {
  return sequence(
    IDS.pbkdf2,
    sequence(
      octets(salt),
      integer(iterations),
      ...(keyBytes === undefined ? [] : [integer(keyBytes)]),
      ...(digest === "sha1" ? [] : [sequence(objectIdentifier(HMAC_IDS[digest]), nothing())]), // DEFAULT SHA-1
    ),
  );
}

/** Not in the type declarations of node-forge. */
interface UntypedForge {
  readonly pbe: {
    generatePkcs12Key(
      password: string | null,
      salt: forge.util.ByteStringBuffer,
      purpose: number,
      iterations: number,
      bytes: number,
      digest: forge.md.MessageDigest,
    ): forge.util.ByteStringBuffer;
  };
}

/** PKCS#12's key derivation as node-forge does it. @param password - null: no bytes at all */
export function deriveByForge(
  password: string | null,
  salt: Buffer,
  purpose: number,
  iterations: number,
  bytes: number,
  digest: forge.md.MessageDigest,
): Buffer {
  const { pbe } = forge as unknown as UntypedForge;
  const saltBuffer = forge.util.createBuffer(salt.toString("latin1"));
  const key = pbe.generatePkcs12Key(password, saltBuffer, purpose, iterations, bytes, digest);
  return Buffer.from(key.getBytes(), "latin1");
}

function encryptRc2(key: Buffer, iv: Buffer, plain: Uint8Array): Buffer {
  const cipher = forge.rc2.createEncryptionCipher(key.toString("latin1"), key.length * 8);
  cipher.start(iv.toString("latin1"));
  cipher.update(forge.util.createBuffer(Buffer.from(plain).toString("latin1")));
  cipher.finish();
  return Buffer.from(cipher.output.getBytes(), "latin1");
}

function run(name: string, key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

function hmac(digest: Digest, key: Uint8Array, content: Uint8Array): Buffer {
  return createHmac(digest, key).update(content).digest();
}

/** The second part of an EncryptedPrivateKeyInfo is an octet string; the first stays as it is. */
function asOctets(piece: Buffer, index: number): Buffer {
  return index === 0 ? piece : octets(piece);
}

function retag(element: Buffer, tag: number): Buffer {
  return Buffer.concat([Buffer.from([tag]), element.subarray(1)]);
}
