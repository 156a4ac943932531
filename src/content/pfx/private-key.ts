import { createPrivateKey, type KeyObject } from "node:crypto";
import { invalidPfx } from "./limits.js";

/** Curves that a JSON Web Key can name, by OpenSSL's names. */
const JWK_CURVES: ReadonlySet<string | undefined> = new Set([
  "prime256v1",
  "secp384r1",
  "secp521r1",
  "secp256k1",
]);

/**
 * A private key as Go writes it, so that the same file comes out: PKCS#8 DER without the attributes that Windows adds,
 * an EC key with its public half, which Java leaves out.
 * @param pkcs8 - PrivateKeyInfo, BER
 * @throws {ProviderError} CONTENT_PFX_INVALID when it is no key that OpenSSL knows
 * @see RFC 5208 section 5; RFC 5915 section 3
 */
export function normalizePrivateKey(pkcs8: Uint8Array): Uint8Array {
  try {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
    return Uint8Array.from(withPublicHalf(key).export({ format: "der", type: "pkcs8" }));
  } catch {
    // OpenSSL's own words are not passed on: they may say what the key looks like.
    throw invalidPfx("a private key of the PFX cannot be read: it is damaged or of an unknown kind");
  }
}

/** OpenSSL works out the public half of an EC key, but writes it only for a key that was made with it. */
function withPublicHalf(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "ec" || !JWK_CURVES.has(key.asymmetricKeyDetails?.namedCurve)) return key;
  return createPrivateKey({ key: key.export({ format: "jwk" }), format: "jwk" });
}
