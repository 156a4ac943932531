import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { expect } from "chai";
import { MAX_RSA_BITS, publicKeyToPem } from "../../../src/content/public-key.js";
import type { KeyValue } from "../../../src/model/vault-value.js";
import { makeKeys } from "../../support/certificates/certificate.js";
import { failureOf } from "./failure.js";

const NO_KEY: KeyValue = {
  type: "key",
  version: "1",
  kty: undefined,
  crv: undefined,
  n: undefined,
  e: undefined,
  x: undefined,
  y: undefined,
};

/** A key as Key Vault shows it. */
function keyValue(publicKey: KeyObject, kty: string, crv?: string): KeyValue {
  const jwk = publicKey.export({ format: "jwk" });
  const bytes = (text: string | undefined) =>
    text === undefined ? undefined : Buffer.from(text, "base64url");
  return { ...NO_KEY, kty, crv, n: bytes(jwk.n), e: bytes(jwk.e), x: bytes(jwk.x), y: bytes(jwk.y) };
}

const asPem = (publicKey: KeyObject) => publicKey.export({ format: "pem", type: "spki" });
const withZeros = (bytes: Uint8Array | undefined) =>
  Buffer.concat([Buffer.alloc(3), bytes ?? Buffer.alloc(0)]);

describe("content/public-key publicKeyToPem", () => {
  const rsa = makeKeys("rsa").publicKey;
  const ec = makeKeys("prime256v1").publicKey;

  for (const { kty, crv, publicKey } of [
    { kty: "RSA", crv: undefined, publicKey: rsa },
    { kty: "RSA-HSM", crv: undefined, publicKey: rsa },
    {
      kty: "RSA",
      crv: undefined,
      publicKey: generateKeyPairSync("rsa", { modulusLength: 1024, publicExponent: 3 }).publicKey,
    },
    { kty: "EC", crv: "P-256", publicKey: ec },
    { kty: "EC-HSM", crv: "P-256", publicKey: ec },
    { kty: "EC", crv: "P-384", publicKey: makeKeys("secp384r1").publicKey },
    { kty: "EC-HSM", crv: "P-521", publicKey: makeKeys("secp521r1").publicKey },
    { kty: "EC", crv: "P-256K", publicKey: makeKeys("secp256k1").publicKey },
  ]) {
    it(`writes ${kty} ${crv ?? ""} as OpenSSL does`, () => {
      const key = keyValue(publicKey, kty, crv);
      expect(publicKeyToPem(key)).to.equal(asPem(publicKey));
      const padded = {
        ...key,
        n: key.n && withZeros(key.n),
        e: key.e && withZeros(key.e),
        x: key.x && withZeros(key.x),
        y: key.y && withZeros(key.y),
      };
      expect(publicKeyToPem(padded), "with leading zeros").to.equal(asPem(publicKey));
    });
  }

  it("pads coordinates whose first bytes are zero", () => {
    let publicKey: KeyObject;
    let key: KeyValue;
    do {
      publicKey = makeKeys("prime256v1").publicKey;
      key = keyValue(publicKey, "EC", "P-256");
    } while (key.x?.[0] !== 0 && key.y?.[0] !== 0);
    const strip = (bytes: Uint8Array | undefined) => bytes?.subarray(bytes.findIndex((byte) => byte !== 0));
    expect(publicKeyToPem({ ...key, x: strip(key.x), y: strip(key.y) })).to.equal(asPem(publicKey));
  });

  /** x509.MarshalPKIXPublicKey of Go 1.26, for a modulus of 512 bits. */
  it("writes the bytes that Go writes", () => {
    const key = { ...NO_KEY, kty: "RSA", n: Buffer.alloc(64, 0xab), e: Buffer.from([1, 0, 1]) };
    expect(publicKeyToPem(key)).to.equal(
      "-----BEGIN PUBLIC KEY-----\n" +
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKurq6urq6urq6urq6urq6urq6urq6ur\n" +
        "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6sCAwEAAQ==\n" +
        "-----END PUBLIC KEY-----\n",
    );
  });

  for (const { name, bits, isRead } of [
    { name: "one bit less than", bits: MAX_RSA_BITS - 8, isRead: true },
    { name: "exactly", bits: MAX_RSA_BITS, isRead: true },
    { name: "more than", bits: MAX_RSA_BITS + 8, isRead: false },
  ]) {
    it(`${isRead ? "reads" : "refuses"} a modulus of ${name} the most bits`, async () => {
      const key = { ...NO_KEY, kty: "RSA", n: Buffer.alloc(bits / 8, 0xff), e: Buffer.from([3]) };
      if (isRead) {
        expect(createPublicKey(publicKeyToPem(key)).asymmetricKeyDetails?.modulusLength).to.equal(bits);
      } else {
        const error = await failureOf(() => publicKeyToPem(key));
        expect(error.message).to.equal(
          '"n" of the RSA key has 16392 bits, at most 16384 are read; use a smaller key',
        );
      }
    });
  }

  const validEc = keyValue(ec, "EC", "P-256");
  const validRsa = keyValue(rsa, "RSA");
  for (const { name, key, message } of [
    {
      name: "no kty",
      key: NO_KEY,
      message: "the vault's answer has no key type (kty); create the key in the vault anew",
    },
    {
      name: "a symmetric key",
      key: { ...NO_KEY, kty: "oct-HSM" },
      message:
        'key type "oct-HSM" has no public key to write; use objectType: key for RSA, RSA-HSM, EC and EC-HSM keys only',
    },
    {
      name: "kty in other case",
      key: { ...validRsa, kty: "rsa" },
      message:
        'key type "rsa" has no public key to write; use objectType: key for RSA, RSA-HSM, EC and EC-HSM keys only',
    },
    {
      name: "a kty without end",
      key: { ...NO_KEY, kty: "k".repeat(1000) },
      message: `key type that is no name has no public key to write; use objectType: key for RSA, RSA-HSM, EC and EC-HSM keys only`,
    },
    {
      name: "an RSA key without n",
      key: { ...validRsa, n: undefined },
      message: 'the RSA key has no "n"; create the key in the vault anew',
    },
    {
      name: "an RSA key without e",
      key: { ...validRsa, e: undefined },
      message: 'the RSA key has no "e"; create the key in the vault anew',
    },
    {
      name: "an exponent of 72 bits",
      key: { ...validRsa, e: Buffer.alloc(9, 1) },
      message: '"e" of the RSA key has 72 bits, at most 64 are read; use a smaller key',
    },
    {
      name: "an RSA key whose n is zero",
      key: { ...validRsa, n: Buffer.alloc(8) },
      message: 'the RSA key has no "n"; create the key in the vault anew',
    },
    {
      name: "an RSA key whose e has no bytes",
      key: { ...validRsa, e: Buffer.alloc(0) },
      message: 'the RSA key has no "e"; create the key in the vault anew',
    },
    {
      name: "no curve",
      key: { ...validEc, crv: undefined },
      message: "the key has no curve (crv); use a key on P-256, P-256K, P-384, P-521",
    },
    {
      name: "an unknown curve",
      key: { ...validEc, crv: "P-224" },
      message: 'curve "P-224" is not supported; use a key on P-256, P-256K, P-384, P-521',
    },
    {
      name: "an EC key without x",
      key: { ...validEc, x: undefined },
      message: 'the EC key has no "x"; create the key in the vault anew',
    },
    {
      name: "an EC key without y",
      key: { ...validEc, y: undefined },
      message: 'the EC key has no "y"; create the key in the vault anew',
    },
    {
      name: "a coordinate that is too long",
      key: { ...validEc, y: Buffer.alloc(33, 1) },
      message: '"y" of the EC key has 264 bits, at most 256 are read; use a smaller key',
    },
    {
      name: "a point beside the curve",
      key: { ...validEc, y: Buffer.alloc(32, 1) },
      message: "the numbers of this EC key make no valid public key; create the key in the vault anew",
    },
    {
      name: "a point of another curve",
      key: { ...validEc, crv: "P-384" },
      message: "the numbers of this EC key make no valid public key; create the key in the vault anew",
    },
  ]) {
    it(`refuses ${name}`, async () => {
      const error = await failureOf(() => publicKeyToPem(key));
      expect(error.code).to.equal("CONTENT_KEY_UNSUPPORTED");
      expect(error.message).to.equal(message);
    });
  }
});
