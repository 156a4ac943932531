import type { KeyObject } from "node:crypto";
import { childrenOf, encodeDer, integer, objectId, octets, parseDer, sequence, set, tagged } from "./der.js";
import type { Der } from "./der.js";

const EC_PUBLIC_KEY = "1.2.840.10045.2.1";
const PRIME_FIELD = "1.2.840.10045.1.1";
const KEY_USAGE = "2.5.29.15";

/**
 * SubjectPublicKeyInfo as Key Vault writes it: the curve P-256K is not named but spelt out, every other one is named.
 * @see RFC 5480 section 2, RFC 3279 section 2.3.5
 */
export function serviceSpki(publicKey: KeyObject): Der {
  const spki = parseDer(publicKey.export({ type: "spki", format: "der" }));
  if (!isP256k(publicKey)) return spki;
  const [, bits] = childrenOf(spki);
  return sequence(p256kAlgorithm(), ...(bits === undefined ? [] : [bits]));
}

/**
 * PKCS#8 DER as Key Vault writes it: EC keys carry a key-usage attribute (digitalSignature) that RSA keys lack, and
 * P-256K is spelt out.
 * @see RFC 5208 section 5
 */
export function servicePkcs8(privateKey: KeyObject): Buffer {
  const der = privateKey.export({ type: "pkcs8", format: "der" });
  if (privateKey.asymmetricKeyType === "rsa") return der;
  const [version, algorithm, key] = childrenOf(parseDer(der));
  if (version === undefined || algorithm === undefined || key === undefined) throw new TypeError("no PKCS#8");
  const usage = sequence(objectId(KEY_USAGE), set(parseDer(Buffer.of(0x03, 0x02, 0x00, 0x80))));
  return encodeDer(
    sequence(version, isP256k(privateKey) ? p256kAlgorithm() : algorithm, key, tagged(0, usage)),
  );
}

function isP256k(key: KeyObject): boolean {
  return key.asymmetricKeyDetails?.namedCurve === "secp256k1";
}

/** The curve of SEC 2 section 2.4.1, its coefficients 0 and 7 as single bytes. */
function p256kAlgorithm(): Der {
  const prime = `00${"f".repeat(55)}efffffc2f`;
  const generator =
    "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798" +
    "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
  const order = "00fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  return sequence(
    objectId(EC_PUBLIC_KEY),
    sequence(
      integer(1),
      sequence(objectId(PRIME_FIELD), integer(Buffer.from(prime, "hex"))),
      sequence(octets(Buffer.of(0)), octets(Buffer.of(7))),
      octets(Buffer.from(generator, "hex")),
      integer(Buffer.from(order, "hex")),
      integer(1),
    ),
  );
}
