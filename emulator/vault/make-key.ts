import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { RsaKeys } from "../rsa-keys.js";
import type { KeyContent, KeyType } from "./keys.js";
import type { AttributeOptions } from "./stored-object.js";

/** Curves as the service names them, with the names that Node has for them. */
export const CURVES = {
  "P-256": "P-256",
  "P-384": "P-384",
  "P-521": "P-521",
  "P-256K": "secp256k1",
} as const;

export type Curve = keyof typeof CURVES;

/** Sizes of RSA keys that the service makes. */
export const RSA_SIZES = [2048, 3072, 4096] as const;

export interface KeyOptions extends AttributeOptions {
  readonly kty: KeyType;
  /** Bits of an RSA key; default 2048. */
  readonly size?: (typeof RSA_SIZES)[number];
  /** Curve of an EC key; default "P-256". */
  readonly crv?: Curve;
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A new key of the kind asked for; its private part is thrown away, nobody can read it. */
export function makeKey(options: KeyOptions, rsaKeys: RsaKeys): KeyContent {
  const { kty } = options;
  const publicPart = kty === "oct-HSM" ? {} : publicPartOf(makePair(options, rsaKeys).publicKey, kty);
  return { kty, publicPart, isManaged: false, isExportable: false };
}

/** A fresh pair: RSA of a size, or EC on a curve. @throws {RangeError} for a size or curve the service lacks */
export function makePair(options: Pick<KeyOptions, "kty" | "size" | "crv">, rsaKeys: RsaKeys): KeyPair {
  const { kty, size = 2048, crv = "P-256" } = options;
  if (kty === "RSA" || kty === "RSA-HSM") {
    if (!RSA_SIZES.includes(size)) throw new RangeError(`RSA keys have 2048, 3072 or 4096 bits, not ${size}`);
    return rsaKeys.take(size);
  }
  if (!Object.hasOwn(CURVES, crv))
    throw new RangeError(`curve ${crv} is none of ${Object.keys(CURVES).join(", ")}`);
  return generateKeyPairSync("ec", { namedCurve: CURVES[crv] });
}

/** `n` and `e`, or `crv`, `x` and `y`, as the service writes them: an HSM pads the exponent to four bytes. */
export function publicPartOf(publicKey: KeyObject, kty: KeyType): Readonly<Record<string, string>> {
  const { n, e, crv, x, y } = publicKey.export({ format: "jwk" });
  if (n !== undefined && e !== undefined) {
    const exponent = Buffer.from(e, "base64url");
    const padded =
      kty === "RSA-HSM" ? Buffer.concat([Buffer.alloc(4 - exponent.length), exponent]) : exponent;
    return { n, e: padded.toString("base64url") };
  }
  return { crv: crv === "secp256k1" ? "P-256K" : (crv ?? ""), x: x ?? "", y: y ?? "" };
}
