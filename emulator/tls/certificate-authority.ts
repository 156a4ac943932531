import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import type { SecureContext, SecureContextOptions } from "node:tls";
import { issueCertificate, toPem } from "../x509/certificate.js";

const DAY_MS = 86_400_000;

/** Contexts remembered; a client that asks for ever new names gets new ones, and the oldest go. */
export const MAX_CONTEXTS = 200;

/** An authority that outlives one emulator: its certificate, and the private key that belongs to it, both in PEM. */
export interface KeptAuthority {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** A certificate authority, made at start or brought, that issues a server certificate for any name on demand. */
export class CertificateAuthority {
  /** The authority's own certificate: what a client has to trust. */
  readonly pem: string;
  readonly #subject: string;
  readonly #keys: KeyPair;
  /** One key serves all names: issuing is then one signature. */
  readonly #serverKeys: KeyPair = makeEcKeys();
  readonly #contexts = new Map<string, SecureContext>();

  /**
   * @param authority - a common name (plain text, shown by a client that does not trust it), or one that is brought
   * @throws {RangeError} when what is brought is no authority's certificate, or not with the key that belongs to it
   */
  constructor(authority: string | KeptAuthority) {
    if (typeof authority === "string") {
      this.#subject = `CN=${authority}`;
      this.#keys = makeEcKeys();
      this.pem = selfSigned(this.#subject, this.#keys);
    } else {
      const { subject, keys, pem } = readAuthority(authority);
      this.#subject = subject;
      this.#keys = keys;
      this.pem = pem;
    }
  }

  /** TLS settings with a certificate for these names (DNS names or IP addresses; the first is the subject). */
  contextFor(names: readonly string[], validity: Validity = "current"): SecureContext {
    const key = `${validity} ${names.join(" ")}`;
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const made = createSecureContext(this.settingsFor(names, validity));
    this.#contexts.set(key, made);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > MAX_CONTEXTS && oldest !== undefined) this.#contexts.delete(oldest);
    return made;
  }

  /** The same as options of a server; each call makes a certificate. */
  settingsFor(names: readonly string[], validity: Validity): SecureContextOptions {
    const [first = "localhost"] = names;
    const untilMs = validity === "current" ? 90 * DAY_MS : -DAY_MS;
    const certificate = issueCertificate(
      {
        // A common name holds at most 64 characters; the names that count are the alternative ones.
        subject: `CN=${first.slice(0, 64).replaceAll(",", "")}`,
        publicKey: this.#serverKeys.publicKey,
        notBefore: new Date(Date.now() + untilMs - 100 * DAY_MS),
        notAfter: new Date(Date.now() + untilMs),
        dnsNames: names.filter((name) => isIP(name) === 0),
        ipAddresses: names.filter((name) => isIP(name) !== 0),
      },
      { subject: this.#subject, ...this.#keys },
    );
    return {
      cert: toPem("CERTIFICATE", certificate),
      key: this.#serverKeys.privateKey.export({ type: "pkcs8", format: "pem" }),
      minVersion: "TLSv1.2",
    };
  }
}

export type Validity = "current" | "expired";

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function makeEcKeys(): KeyPair {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function selfSigned(subject: string, keys: KeyPair): string {
  const certificate = issueCertificate(
    {
      subject,
      publicKey: keys.publicKey,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + 365 * DAY_MS),
      isAuthority: true,
    },
    { subject, ...keys },
  );
  return toPem("CERTIFICATE", certificate);
}

function readAuthority(kept: KeptAuthority): { subject: string; keys: KeyPair; pem: string } {
  let certificate: X509Certificate;
  let privateKey: KeyObject;
  try {
    certificate = new X509Certificate(kept.certificatePem);
    privateKey = createPrivateKey(kept.keyPem);
  } catch {
    // The parser's own words may quote the key.
    throw new RangeError("the authority's certificate and key must be PEM");
  }
  if (!certificate.ca) throw new RangeError("the authority's certificate is not one of an authority");
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new RangeError("the authority's key does not belong to its certificate");
  }
  return {
    // Node gives each attribute a line, and escapes a comma within a value.
    subject: certificate.subject.replaceAll("\n", ", "),
    keys: { privateKey, publicKey: createPublicKey(privateKey) },
    pem: certificate.toString(),
  };
}
