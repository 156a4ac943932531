import type { Sensitive } from "./sensitive.js";

/** A secret as the vault answers it. */
export interface SecretValue {
  readonly type: "secret";
  /** The concrete version that was read. */
  readonly version: string;
  readonly value: Sensitive<string>;
  /** Undefined when the vault gives none. */
  readonly contentType: string | undefined;
  /** True when the secret carries a certificate and its key (`kid` is set). */
  readonly backsCertificate: boolean;
}

/** The public half of a key, as a JSON Web Key; numbers are big-endian bytes. */
export interface KeyValue {
  readonly type: "key";
  readonly version: string;
  /** `RSA`, `RSA-HSM`, `EC`, `EC-HSM`, `oct` …; undefined when the vault gives none. */
  readonly kty: string | undefined;
  readonly crv: string | undefined;
  readonly n: Uint8Array | undefined;
  readonly e: Uint8Array | undefined;
  readonly x: Uint8Array | undefined;
  readonly y: Uint8Array | undefined;
}

/** A certificate's own DER. */
export interface CertificateValue {
  readonly type: "cert";
  readonly version: string;
  readonly der: Uint8Array;
}

export type VaultValue = SecretValue | KeyValue | CertificateValue;
