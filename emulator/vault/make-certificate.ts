import type { KeyObject } from "node:crypto";
import type { RsaKeys } from "../rsa-keys.js";
import { issueCertificate, toPem } from "../x509/certificate.js";
import { writeServicePfx } from "../x509/pkcs12.js";
import { servicePkcs8 } from "../x509/service-key.js";
import type { CertificateContent, CertificateContentType } from "./certificates.js";
import type { ChainAuthority } from "./chain-authority.js";
import type { KeyContent } from "./keys.js";
import { makePair, publicPartOf } from "./make-key.js";
import type { Curve, KeyOptions } from "./make-key.js";
import type { SecretContent } from "./secrets.js";
import type { AttributeOptions } from "./stored-object.js";

/** The service dates its certificates ten minutes back. */
const BACKDATED_MS = 600_000;

export interface CertificateOptions extends Omit<AttributeOptions, "expires" | "notBefore"> {
  /** Default "RSA". */
  readonly keyType?: "RSA" | "EC";
  /** Of an EC key; default "P-256". */
  readonly curve?: Curve;
  /** Of an RSA key; default 2048. */
  readonly keySize?: NonNullable<KeyOptions["size"]>;
  /** Default "application/x-pkcs12". */
  readonly contentType?: CertificateContentType;
  /**
   * Default false: self-signed. Else issued by an authority below a root, and the secret holds all three: leaf first,
   * or root first as some issuers deliver them.
   */
  readonly chain?: boolean | "rootFirst";
  /** Default "CN=default". */
  readonly subject?: string;
  readonly dnsNames?: readonly string[];
  /** Default 12. */
  readonly validityMonths?: number;
  /** Default true; else the secret holds certificates only. */
  readonly exportable?: boolean;
}

/** The three objects that one certificate is. */
export interface CertificateParts {
  readonly certificate: CertificateContent;
  readonly key: KeyContent;
  readonly secret: SecretContent;
  /** Validity, in seconds since the epoch: `nbf` and `exp` of all three. */
  readonly notBefore: number;
  readonly expires: number;
}

/** What certificates are made with. */
export interface CertificateMaker {
  readonly rsaKeys: RsaKeys;
  readonly authority: () => ChainAuthority;
  readonly nowMs: number;
}

/** Makes a certificate with its key and its secret, in the service's own style. */
export function makeCertificate(options: CertificateOptions, maker: CertificateMaker): CertificateParts {
  const { keyType = "RSA", curve = "P-256", keySize = 2048, contentType = "application/x-pkcs12" } = options;
  const {
    chain = false,
    subject = "CN=default",
    dnsNames = [],
    validityMonths = 12,
    exportable = true,
  } = options;
  const pair = makePair({ kty: keyType, size: keySize, crv: curve }, maker.rsaKeys);
  const created = createdMs(options.created) ?? maker.nowMs;
  const notBefore = new Date(created - BACKDATED_MS);
  const notAfter = new Date(created);
  notAfter.setUTCMonth(notAfter.getUTCMonth() + validityMonths);
  const request = { subject, publicKey: pair.publicKey, notBefore, notAfter, dnsNames };
  const certificates =
    chain === false ? [issueCertificate(request, { subject, ...pair })] : maker.authority().issue(request);
  const [leaf = Buffer.alloc(0)] = certificates;
  const ordered = chain === "rootFirst" ? certificates.toReversed() : certificates;
  return {
    certificate: {
      der: leaf,
      policy: {
        kty: keyType,
        keySize: keyType === "RSA" ? keySize : curveBits(curve),
        curve: keyType === "EC" ? curve : undefined,
        isExportable: exportable,
        contentType,
        subject,
        dnsNames,
        validityMonths,
        issuer: chain === false ? "Self" : "EmulatedTrust",
      },
    },
    key: {
      kty: keyType,
      publicPart: publicPartOf(pair.publicKey, keyType),
      isManaged: true,
      isExportable: exportable,
    },
    secret: {
      value: secretValue(contentType, exportable ? pair.privateKey : undefined, ordered, leaf),
      contentType,
      isManaged: true,
    },
    notBefore: seconds(notBefore),
    expires: seconds(notAfter),
  };
}

/** PEM: the key, then the certificates; PFX: its base64 text. */
function secretValue(
  contentType: CertificateContentType,
  privateKey: KeyObject | undefined,
  certificates: readonly Buffer[],
  leaf: Buffer,
): string {
  const pkcs8 = privateKey && servicePkcs8(privateKey);
  if (contentType === "application/x-pkcs12")
    return writeServicePfx(pkcs8, certificates, leaf).toString("base64");
  const pems = certificates.map((der) => toPem("CERTIFICATE", der));
  return [...(pkcs8 === undefined ? [] : [toPem("PRIVATE KEY", pkcs8)]), ...pems].join("");
}

function curveBits(curve: Curve): number {
  return Number(/\d+/.exec(curve)?.[0]);
}

function createdMs(created: number | Date | undefined): number | undefined {
  return created instanceof Date ? created.getTime() : created && created * 1000;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
