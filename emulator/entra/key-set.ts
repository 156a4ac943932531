import { createPublicKey } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";

/** A public key with its name, as an issuer publishes it. */
export interface PublishedKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
}

/** Most keys of one set. */
const MAX_KEYS = 100;

/**
 * The RSA keys of a JSON Web Key Set; keys of other kinds are left out.
 * @throws {RangeError} when it is no such set
 * @see RFC 7517 section 5
 */
export function readKeySet(jwks: unknown): PublishedKey[] {
  const keys = typeof jwks === "object" && jwks !== null && "keys" in jwks ? jwks.keys : undefined;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) {
    throw new RangeError(`a key set has a list "keys" of at most ${MAX_KEYS} keys`);
  }
  return keys.flatMap((key: unknown) => {
    const { kid, kty } = (typeof key === "object" && key !== null ? key : {}) as Record<string, unknown>;
    return kty === "RSA" && typeof kid === "string" ? [{ kid, publicKey: importKey(key as JsonWebKey) }] : [];
  });
}

function importKey(key: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: { kty: "RSA", n: key.n ?? "", e: key.e ?? "" }, format: "jwk" });
  } catch {
    throw new RangeError("a key set has an RSA key whose n and e are none");
  }
}
