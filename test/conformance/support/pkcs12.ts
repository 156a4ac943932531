import { createPublicKey } from "node:crypto";
import forge from "node-forge";

/** The certificates of a PFX with an empty password, as DER, read by node-forge. */
export function certificatesOf(pfx: Buffer): Buffer[] {
  const asn1 = forge.asn1.fromDer(pfx.toString("binary"));
  // Key Vault's empty password is no bytes at all, not an empty text with its terminator.
  const opened = forge.pkcs12.pkcs12FromAsn1(asn1, false, undefined as unknown as string);
  const bags = opened.getBags({ bagType: forge.pki.oids["certBag"] ?? "" });
  return Object.values(bags)
    .flatMap((found) => found ?? [])
    .map(({ cert, asn1: raw }) => {
      // An elliptic curve's certificate is left undecoded.
      const body = cert === undefined || (cert as unknown) === null ? raw : forge.pki.certificateToAsn1(cert);
      return Buffer.from(forge.asn1.toDer(body).getBytes(), "binary");
    });
}

/** A certificate's SubjectPublicKeyInfo, in base64. */
export function publicKeyOf(certificate: Buffer): string {
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`;
  return createPublicKey(pem).export({ type: "spki", format: "der" }).toString("base64");
}
