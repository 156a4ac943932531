import { X509Certificate } from "node:crypto";
import forge from "node-forge";
import type { CertificateContentType } from "./certificates.js";
import type { CertificateParts } from "./make-certificate.js";
import { publicPartOf } from "./make-key.js";
import type { AttributeOptions } from "./stored-object.js";

/** A certificate that its owner brings along; the secret keeps it byte for byte. */
export interface ImportOptions extends Omit<AttributeOptions, "expires" | "notBefore"> {
  /** A PFX file. */
  readonly pfx?: Buffer;
  /** Of the PFX; default none. Needed here only to find the leaf. */
  readonly password?: string;
  /** PEM text: a key and certificates. */
  readonly pem?: string;
  /** The leaf, as PEM or DER, for a PFX in a form that can't be read here. */
  readonly certificate?: Buffer | string;
}

/**
 * Takes a certificate in as its owner made it.
 * @throws {RangeError} when there is neither `pfx` nor `pem`, or no leaf can be found
 */
export function importCertificate(options: ImportOptions): CertificateParts {
  const { pfx, pem } = options;
  const contentType: CertificateContentType =
    pfx === undefined ? "application/x-pem-file" : "application/x-pkcs12";
  const value = pfx?.toString("base64") ?? pem;
  if (value === undefined) throw new RangeError("importCertificate needs pfx or pem");
  const leaf = new X509Certificate(options.certificate ?? pem ?? leafOfPfx(pfx, options.password));
  const kty = leaf.publicKey.asymmetricKeyType === "rsa" ? "RSA" : "EC";
  const publicPart = publicPartOf(leaf.publicKey, kty);
  return {
    certificate: {
      der: leaf.raw,
      policy: {
        kty,
        keySize:
          leaf.publicKey.asymmetricKeyDetails?.modulusLength ??
          Number(/\d+/.exec(publicPart["crv"] ?? "")?.[0]),
        curve: publicPart["crv"],
        isExportable: true,
        contentType,
        subject: leaf.subject.split("\n").reverse().join(", "),
        dnsNames: [],
        validityMonths: 12,
        issuer: "Unknown",
      },
    },
    key: { kty, publicPart, isManaged: true, isExportable: true },
    secret: { value, contentType, isManaged: true },
    notBefore: Math.floor(Date.parse(leaf.validFrom) / 1000),
    expires: Math.floor(Date.parse(leaf.validTo) / 1000),
  };
}

/** The certificate that has the key's local id, or the first one. */
function leafOfPfx(pfx: Buffer | undefined, password: string | undefined): Buffer {
  const bags = readCertificateBags(pfx, password);
  const leaf = bags.find((bag) => hasLocalKeyId(bag)) ?? bags[0];
  if (leaf === undefined) {
    throw new RangeError("no certificate can be read from the PFX; give its leaf in the option certificate");
  }
  // Of a certificate that the library understands it keeps no tree, but it builds the same one again.
  const tree = leaf.cert ? forge.pki.certificateToAsn1(leaf.cert) : leaf.asn1;
  return Buffer.from(forge.asn1.toDer(tree).getBytes(), "binary");
}

function readCertificateBags(pfx: Buffer | undefined, password: string | undefined): forge.pkcs12.Bag[] {
  try {
    const tree = forge.asn1.fromDer(pfx?.toString("binary") ?? "");
    // No password at all is tried first, then an empty one: files have either.
    const passwords = password === undefined ? [undefined, ""] : [password];
    for (const candidate of passwords) {
      const read = tryRead(tree, candidate);
      if (read !== undefined)
        return read.safeContents.flatMap(({ safeBags }) => safeBags).filter(isCertificateBag);
    }
  } catch {
    // The library's message may quote the file; ours follows.
  }
  return [];
}

function tryRead(tree: forge.asn1.Asn1, password: string | undefined): forge.pkcs12.Pkcs12Pfx | undefined {
  try {
    return forge.pkcs12.pkcs12FromAsn1(tree, false, password);
  } catch {
    return undefined;
  }
}

function isCertificateBag(bag: forge.pkcs12.Bag): boolean {
  return bag.type === forge.pki.oids["certBag"];
}

function hasLocalKeyId(bag: forge.pkcs12.Bag): boolean {
  const attributes: unknown = bag.attributes;
  return typeof attributes === "object" && attributes !== null && "localKeyId" in attributes;
}
