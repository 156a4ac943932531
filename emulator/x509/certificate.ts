import { createHash, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isIPv4 } from "node:net";
import {
  bits,
  boolean,
  childrenOf,
  contentOf,
  encodeDer,
  integer,
  nothing,
  objectId,
  octets,
  parseDer,
  sequence,
  tagged,
  taggedOctets,
  time,
} from "./der.js";
import type { Der } from "./der.js";
import { distinguishedName } from "./distinguished-name.js";
import { serviceSpki } from "./service-key.js";

const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** Whoever signs a certificate. */
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
 * A version 3 certificate in DER, signed with SHA-256 by the signer (RSA, or EC on any curve that Node knows); the
 * extensions are those of Key Vault's own, in its order.
 * @see RFC 5280 section 4.1
 */
export function issueCertificate(request: CertificateRequest, signer: CertificateSigner): Buffer {
  const algorithm =
    signer.privateKey.asymmetricKeyType === "rsa"
      ? sequence(objectId(SHA256_WITH_RSA), nothing())
      : sequence(objectId(ECDSA_WITH_SHA256));
  const body = sequence(
    tagged(0, integer(2)),
    integer(serialNumber()),
    algorithm,
    distinguishedName(signer.subject),
    sequence(time(request.notBefore), time(request.notAfter)),
    distinguishedName(request.subject),
    serviceSpki(request.publicKey),
    tagged(3, sequence(...extensions(request, signer))),
  );
  const signature = sign("sha256", encodeDer(body), signer.privateKey);
  return encodeDer(sequence(body, algorithm, bits(signature)));
}

/** PEM text of one DER structure, with a line feed after every line. */
export function toPem(label: "CERTIFICATE" | "PRIVATE KEY", der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function extensions(request: CertificateRequest, signer: CertificateSigner): Der[] {
  const { isAuthority = false, dnsNames = [], ipAddresses = [] } = request;
  const names = [
    ...dnsNames.map((name) => taggedOctets(2, Buffer.from(name, "ascii"))),
    ...ipAddresses.map((address) => taggedOctets(7, addressBytes(address))),
  ];
  return [
    extension("2.5.29.15", keyUsage(request), true),
    extension("2.5.29.19", sequence(...(isAuthority ? [boolean(true)] : [])), isAuthority),
    ...(isAuthority ? [] : [extension("2.5.29.37", sequence(objectId(SERVER_AUTH), objectId(CLIENT_AUTH)))]),
    ...(names.length === 0 ? [] : [extension("2.5.29.17", sequence(...names))]),
    extension("2.5.29.35", sequence(taggedOctets(0, keyId(signer.publicKey)))),
    extension("2.5.29.14", octets(keyId(request.publicKey))),
  ];
}

function extension(id: string, value: Der, isCritical = false): Der {
  return sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octets(encodeDer(value)));
}

/** keyCertSign and cRLSign of an authority; else digitalSignature, and keyEncipherment of an RSA key. */
function keyUsage({ isAuthority = false, publicKey }: CertificateRequest): Der {
  if (isAuthority) return bits(Buffer.of(0b0000_0110), 1);
  return publicKey.asymmetricKeyType === "rsa"
    ? bits(Buffer.of(0b1010_0000), 5)
    : bits(Buffer.of(0b1000_0000), 7);
}

/** The first way of RFC 5280 section 4.2.1.2: SHA-1 of the public key's bits. */
function keyId(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: "spki", format: "der" });
  const [, subjectPublicKey] = childrenOf(parseDer(spki));
  if (subjectPublicKey === undefined) throw new TypeError("no SubjectPublicKeyInfo");
  // The first byte of a bit string counts unused bits.
  return createHash("sha1").update(contentOf(subjectPublicKey).subarray(1)).digest();
}

/** 16 random bytes that read as a positive number in shortest form. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  // A URL's host is the address with its longest run of zeroes cut out: fill that in again.
  const [head = "", tail = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => "0"), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}
