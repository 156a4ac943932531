import { createHash, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
} from "@peculiar/asn1-x509";
import { parseDistinguishedName } from "./distinguished-name.js";

const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

/** Whoever signs a certificate: its name and key. */
export interface CertificateSigner {
  /** For example `CN=Emulator CA`. */
  readonly subject: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What a certificate says. */
export interface CertificateRequest {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isAuthority?: boolean;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/**
 * A version 3 certificate in DER, signed with SHA-256 by the signer (RSA, or EC on any curve that Node knows).
 * @see RFC 5280 section 4
 */
export function issueCertificate(request: CertificateRequest, signer: CertificateSigner): Buffer {
  const isRsa = signer.privateKey.asymmetricKeyType === "rsa";
  const algorithm = isRsa
    ? new AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA, parameters: null })
    : new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: parseDistinguishedName(signer.subject),
    validity: new Validity({ notBefore: request.notBefore, notAfter: request.notAfter }),
    subject: parseDistinguishedName(request.subject),
    subjectPublicKeyInfo: AsnConvert.parse(spki(request.publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions(extensionsOf(request, signer)),
  });
  const signature = sign("sha256", Buffer.from(AsnConvert.serialize(body)), signer.privateKey);
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: bytes(signature),
  });
  return Buffer.from(AsnConvert.serialize(certificate));
}

/** PEM text of one DER structure. */
export function toPem(label: "CERTIFICATE" | "PRIVATE KEY", der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function extensionsOf(request: CertificateRequest, signer: CertificateSigner): Extension[] {
  const { isAuthority = false, dnsNames = [], ipAddresses = [] } = request;
  const usage = isAuthority
    ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
    : request.publicKey.asymmetricKeyType === "rsa"
      ? KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment
      : KeyUsageFlags.digitalSignature;
  const names = [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...ipAddresses.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  return [
    extension(id_ce_basicConstraints, new BasicConstraints(isAuthority ? { cA: true } : {}), isAuthority),
    extension(id_ce_keyUsage, new KeyUsage(usage), true),
    ...(isAuthority
      ? []
      : [extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth, id_kp_clientAuth]))]),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(request.publicKey))),
    extension(
      id_ce_authorityKeyIdentifier,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyId(signer.publicKey)) }),
    ),
    ...(names.length > 0 ? [extension(id_ce_subjectAltName, new SubjectAlternativeName(names))] : []),
  ];
}

function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** The first way of RFC 5280 section 4.2.1.2: SHA-1 of the public key's bits. */
function keyId(publicKey: KeyObject): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(spki(publicKey), SubjectPublicKeyInfo);
  return bytes(createHash("sha1").update(new Uint8Array(subjectPublicKey)).digest());
}

function spki(publicKey: KeyObject): ArrayBuffer {
  return bytes(publicKey.export({ type: "spki", format: "der" }));
}

/** 16 random bytes that read as a positive number in shortest form. */
function serialNumber(): ArrayBuffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return bytes(serial);
}

function bytes(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
