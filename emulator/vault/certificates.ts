import { createHash } from "node:crypto";
import type { StoredVersion } from "./stored-object.js";
import { listAttributes, wireAttributes } from "./wire.js";
import type { Place, Wire } from "./wire.js";

/** Content types that a certificate's secret may have. */
export type CertificateContentType = "application/x-pkcs12" | "application/x-pem-file";

/** What a certificate holds besides its secret and its key, which are objects of their own. */
export interface CertificateContent {
  /** DER of the leaf. */
  readonly der: Buffer;
  readonly policy: CertificatePolicy;
}

/** The parts of a policy that differ between certificates. */
export interface CertificatePolicy {
  readonly kty: "RSA" | "EC";
  readonly keySize: number;
  readonly curve?: string | undefined;
  readonly isExportable: boolean;
  readonly contentType: CertificateContentType;
  readonly subject: string;
  readonly dnsNames: readonly string[];
  readonly validityMonths: number;
  /** "Self", the name of an issuer, or "Unknown" for an imported one. */
  readonly issuer: string;
}

/**
 * A certificate's version. Only a read of the newest one shows the policy and the last operation.
 * @see CertificateBundle of the REST reference, 7.4
 */
export function certificateBundle(
  place: Place,
  name: string,
  version: StoredVersion<CertificateContent>,
  isNewestAsked: boolean,
): Wire {
  const { der, policy } = version.content;
  const { origin } = place;
  return {
    id: `${origin}/certificates/${name}/${version.id}`,
    kid: `${origin}/keys/${name}/${version.id}`,
    sid: `${origin}/secrets/${name}/${version.id}`,
    x5t: thumbprint(der),
    cer: der.toString("base64"),
    attributes: wireAttributes(version, place.recovery),
    ...(version.tags === undefined ? {} : { tags: version.tags }),
    ...(isNewestAsked
      ? { policy: wirePolicy(`${origin}/certificates/${name}/policy`, policy, version) }
      : {}),
    ...(isNewestAsked && policy.issuer !== "Unknown"
      ? { pending: { id: `${origin}/certificates/${name}/pending` } }
      : {}),
  };
}

/** A certificate as lists show it. @see CertificateItem of the REST reference, 7.4 */
export function certificateItem(_place: Place, id: string, version: StoredVersion<CertificateContent>): Wire {
  return {
    id,
    x5t: thumbprint(version.content.der),
    attributes: listAttributes(version),
    ...(version.tags === undefined ? {} : { tags: version.tags }),
  };
}

function thumbprint(der: Buffer): string {
  return createHash("sha1").update(der).digest("base64url");
}

function wirePolicy(id: string, policy: CertificatePolicy, version: StoredVersion<unknown>): Wire {
  const isImported = policy.issuer === "Unknown";
  return {
    id,
    key_props: {
      exportable: policy.isExportable,
      kty: policy.kty,
      key_size: policy.keySize,
      reuse_key: false,
      ...(policy.curve === undefined ? {} : { crv: policy.curve }),
    },
    secret_props: { contentType: policy.contentType },
    x509_props: {
      subject: policy.subject,
      ...(policy.dnsNames.length === 0 ? {} : { sans: { dns_names: policy.dnsNames } }),
      ekus: ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
      key_usage: policy.kty === "EC" ? ["digitalSignature"] : ["digitalSignature", "keyEncipherment"],
      validity_months: policy.validityMonths,
      basic_constraints: { ca: false },
    },
    lifetime_actions: [
      {
        trigger: { lifetime_percentage: 80 },
        action: { action_type: isImported ? "EmailContacts" : "AutoRenew" },
      },
    ],
    issuer: { name: policy.issuer, ...(policy.issuer === "Self" ? { cert_transparency: false } : {}) },
    attributes: { enabled: true, created: version.created, updated: version.created },
  };
}
