import { createHash } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { signJwt } from "./jwt.js";
import type { Claims } from "./jwt.js";
import type { RsaKeyPair } from "../rsa-keys.js";

/** One RS256 key with its name, as a token issuer publishes it. */
export class SigningKey {
  /** Base64url of the SHA-256 of the public key, as kube-apiserver names its keys. */
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly #privateKey: KeyObject;

  constructor(keys: RsaKeyPair) {
    this.publicKey = keys.publicKey;
    this.#privateKey = keys.privateKey;
    this.kid = createHash("sha256")
      .update(keys.publicKey.export({ type: "spki", format: "der" }))
      .digest("base64url");
  }

  sign(claims: Claims): string {
    return signJwt({ kid: this.kid }, claims, this.#privateKey);
  }

  /** Its entry of a key set. @see RFC 7517 section 4 */
  toJwk(): Record<string, unknown> {
    return { ...this.publicKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: this.kid };
  }
}
