import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { context, element, integer, nothing, objectIdentifier, octets, sequence, set } from "./der.js";

export type KeyKind = "rsa" | "prime256v1" | "secp384r1" | "secp521r1" | "secp256k1" | "ed25519";

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** Who signs; without one the certificate signs itself. */
  readonly issuer?: Certificate;
  readonly keys?: KeyPair;
  /** `none` leaves the extension out; default: hash of the public key. */
  readonly subjectKeyId?: Buffer | "none";
  /** `none` leaves the extension out; default: the issuer's subject key identifier. */
  readonly authorityKeyId?: Buffer | "none";
  /** Pads the certificate with an unknown extension of that many bytes. */
  readonly paddingBytes?: number;
}

/** A certificate with its keys, to be used as an issuer or packed into a PFX. */
export interface Certificate {
  readonly commonName: string;
  readonly der: Buffer;
  readonly keys: KeyPair;
  readonly privateKeyDer: Buffer;
  readonly subjectKeyId: Buffer | "none";
}

const SIGNATURES = {
  rsa: sequence(objectIdentifier("1.2.840.113549.1.1.11"), nothing()),
  ec: sequence(objectIdentifier("1.2.840.10045.4.3.2")),
  ed25519: sequence(objectIdentifier("1.3.101.112")),
};

export function makeKeys(kind: KeyKind = "prime256v1"): KeyPair {
  if (kind === "rsa") return generateKeyPairSync("rsa", { modulusLength: 2048 });
  if (kind === "ed25519") return generateKeyPairSync("ed25519");
  return generateKeyPairSync("ec", { namedCurve: kind });
}

/** Issues a certificate that OpenSSL and Go accept, with exactly the key identifiers asked for. */
export function makeCertificate(request: CertificateRequest): Certificate {
  const { commonName, issuer, keys = makeKeys() } = request;
  const publicKeyInfo = keys.publicKey.export({ format: "der", type: "spki" });
  const subjectKeyId = request.subjectKeyId ?? createHash("sha1").update(publicKeyInfo).digest();
  const authorityKeyId = request.authorityKeyId ?? issuer?.subjectKeyId ?? subjectKeyId;
  const signer = issuer?.keys.privateKey ?? keys.privateKey;
  const algorithm = SIGNATURES[signer.asymmetricKeyType as keyof typeof SIGNATURES];
  const extensions = [
    ...(subjectKeyId === "none" ? [] : [extension("2.5.29.14", octets(subjectKeyId))]),
    ...(authorityKeyId === "none" ? [] : [extension("2.5.29.35", sequence(element(0x80, authorityKeyId)))]),
    ...(request.paddingBytes === undefined
      ? []
      : [extension("1.3.6.1.4.1.99999.1", octets(randomBytes(request.paddingBytes)))]),
  ];
  const body = sequence(
    context(0, integer(2)),
    integer(BigInt(`0x01${randomBytes(8).toString("hex")}`)),
    algorithm,
    name(issuer?.commonName ?? commonName),
    sequence(utcTime("250101000000Z"), utcTime("491231235959Z")),
    name(commonName),
    publicKeyInfo,
    ...(extensions.length === 0 ? [] : [context(3, sequence(...extensions))]),
  );
  const signature = sign(signer.asymmetricKeyType === "ed25519" ? null : "sha256", body, signer);
  return {
    commonName,
    der: sequence(body, algorithm, element(0x03, Buffer.from([0]), signature)),
    keys,
    privateKeyDer: keys.privateKey.export({ format: "der", type: "pkcs8" }),
    subjectKeyId,
  };
}

/** A root, an intermediate and a leaf of one chain. */
export function makeChain(leafKind: KeyKind = "prime256v1") {
  const root = makeCertificate({ commonName: "root" });
  const intermediate = makeCertificate({ commonName: "intermediate", issuer: root });
  const leaf = makeCertificate({ commonName: "leaf", issuer: intermediate, keys: makeKeys(leafKind) });
  return { root, intermediate, leaf };
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(id), octets(value));
}

function name(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier("2.5.4.3"), element(0x0c, Buffer.from(commonName)))));
}

function utcTime(text: string): Buffer {
  return element(0x17, Buffer.from(text));
}
