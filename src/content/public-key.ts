import { createPublicKey, type JsonWebKey } from "node:crypto";
import { ProviderError } from "../errors/provider-error.js";
import type { KeyValue } from "../model/vault-value.js";
import { encodePem } from "./pem.js";

/** RSA moduli beyond this are not read; Key Vault makes at most 4,096 bits. */
export const MAX_RSA_BITS = 16_384;
const MAX_EXPONENT_BYTES = 8;

/** Key Vault's curve names, with Node's name for each and the bytes of a coordinate. */
const CURVES: ReadonlyMap<string, { readonly jwkName: string; readonly coordinateBytes: number }> = new Map([
  ["P-256", { jwkName: "P-256", coordinateBytes: 32 }],
  ["P-256K", { jwkName: "secp256k1", coordinateBytes: 32 }],
  ["P-384", { jwkName: "P-384", coordinateBytes: 48 }],
  ["P-521", { jwkName: "P-521", coordinateBytes: 66 }],
]);

/**
 * The public key as a PEM `PUBLIC KEY` (PKIX SubjectPublicKeyInfo). Numbers may come with leading zeros.
 *
 * | kty | needs |
 * |---|---|
 * | `RSA`, `RSA-HSM` | n of at most 16,384 bits, e of at most 64 |
 * | `EC`, `EC-HSM` | crv `P-256`, `P-256K`, `P-384` or `P-521`; x, y of a point on it |
 * | any other, or none | refused: it has no public half |
 *
 * @throws {ProviderError} CONTENT_KEY_UNSUPPORTED
 * @see RFC 5280 section 4.1.2.7; RFC 5480
 */
export function publicKeyToPem(key: KeyValue): string {
  const jwk = toJsonWebKey(key);
  try {
    const der = createPublicKey({ key: jwk, format: "jwk" }).export({ format: "der", type: "spki" });
    return encodePem("PUBLIC KEY", der);
  } catch (error) {
    // OpenSSL's own words help nobody here.
    throw new ProviderError(
      "CONTENT_KEY_UNSUPPORTED",
      `the numbers of this ${key.kty ?? ""} key make no valid public key; create the key in the vault anew`,
      { cause: error },
    );
  }
}

function toJsonWebKey(key: KeyValue): JsonWebKey {
  switch (key.kty) {
    case "RSA":
    case "RSA-HSM":
      return {
        kty: "RSA",
        n: base64Url(number(key, "n", MAX_RSA_BITS / 8)),
        e: base64Url(number(key, "e", MAX_EXPONENT_BYTES)),
      };
    case "EC":
    case "EC-HSM": {
      const curve = CURVES.get(key.crv ?? "");
      if (curve === undefined) {
        throw unsupported(
          key.crv === undefined ? "the key has no curve (crv)" : `curve ${excerpt(key.crv)} is not supported`,
          `use a key on ${[...CURVES.keys()].join(", ")}`,
        );
      }
      const coordinate = (name: "x" | "y") => {
        const significant = number(key, name, curve.coordinateBytes);
        const padded = Buffer.alloc(curve.coordinateBytes);
        padded.set(significant, curve.coordinateBytes - significant.length);
        return base64Url(padded);
      };
      return { kty: "EC", crv: curve.jwkName, x: coordinate("x"), y: coordinate("y") };
    }
    case undefined:
      throw unsupported("the vault's answer has no key type (kty)", "create the key in the vault anew");
    default:
      throw unsupported(
        `key type ${excerpt(key.kty)} has no public key to write`,
        "use objectType: key for RSA, RSA-HSM, EC and EC-HSM keys only",
      );
  }
}

/** Big-endian bytes without leading zeros; a number that is zero counts as missing. */
function number(key: KeyValue, name: "n" | "e" | "x" | "y", maxBytes: number): Uint8Array {
  const bytes = key[name] ?? new Uint8Array(0);
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0)
    throw unsupported(`the ${key.kty ?? ""} key has no "${name}"`, "create the key in the vault anew");
  const significant = bytes.subarray(first);
  if (significant.length > maxBytes) {
    throw unsupported(
      `"${name}" of the ${key.kty ?? ""} key has ${significant.length * 8} bits, at most ${maxBytes * 8} are read`,
      "use a smaller key",
    );
  }
  return significant;
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

const LIKE_A_NAME = /^[\w-]{1,12}$/;

/** A name as the service makes them; anything else that an answer holds there is not shown. */
function excerpt(text: string): string {
  return LIKE_A_NAME.test(text) ? `"${text}"` : "that is no name";
}

function unsupported(seen: string, remedy: string): ProviderError {
  return new ProviderError("CONTENT_KEY_UNSUPPORTED", `${seen}; ${remedy}`);
}
