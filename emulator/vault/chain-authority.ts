import type { RsaKeys } from "../rsa-keys.js";
import { issueCertificate } from "../x509/certificate.js";
import type { CertificateRequest, CertificateSigner } from "../x509/certificate.js";

const YEAR_MS = 365 * 86_400_000;

/** A public-looking authority with a root and an issuing authority below it, for certificates with a chain. */
export class ChainAuthority {
  readonly #root: Buffer;
  readonly #issuing: Buffer;
  readonly #signer: CertificateSigner;

  constructor(rsaKeys: RsaKeys, nowMs: number) {
    const root = { subject: "CN=Emulated Root CA, O=Emulated Trust", ...rsaKeys.take() };
    this.#signer = { subject: "CN=Emulated Issuing CA 1, O=Emulated Trust", ...rsaKeys.take() };
    const validity = { notBefore: new Date(nowMs - YEAR_MS), notAfter: new Date(nowMs + 10 * YEAR_MS) };
    this.#root = issueCertificate({ ...root, ...validity, isAuthority: true }, root);
    this.#issuing = issueCertificate({ ...this.#signer, ...validity, isAuthority: true }, root);
  }

  /** DER of a new leaf, of the issuing authority and of the root, in this order. */
  issue(request: CertificateRequest): Buffer[] {
    return [issueCertificate(request, this.#signer), this.#issuing, this.#root];
  }
}
