import { randomBytes } from "node:crypto";
import { expect } from "chai";
import forge from "node-forge";
import { derivePkcs12Key, DIGESTS, PURPOSE } from "../../../../src/content/pfx/key-derivation.js";
import { deriveByForge } from "../../../support/certificates/pfx.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("content/pfx/key-derivation derivePkcs12Key", () => {
  const bmp = (text: string) => Buffer.from(`${text}\0`, "utf16le").swap16();

  /** From the PKCS#12 test vectors that OpenSSL's and Bouncy Castle's tests share. */
  for (const { password, salt, iterations, purpose, length, expected } of [
    {
      password: "smeg",
      salt: "0a58cf64530d823f",
      iterations: 1,
      purpose: PURPOSE.encryption,
      length: 24,
      expected: "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3",
    },
    {
      password: "smeg",
      salt: "0a58cf64530d823f",
      iterations: 1,
      purpose: PURPOSE.initialVector,
      length: 8,
      expected: "79993dfe048d3b76",
    },
    {
      password: "smeg",
      salt: "3d83c0e4546ac140",
      iterations: 1,
      purpose: PURPOSE.mac,
      length: 20,
      expected: "8d967d88f6caa9d714800ab3d48051d63f73a312",
    },
    {
      password: "queeg",
      salt: "05dec959acff72f7",
      iterations: 1000,
      purpose: PURPOSE.encryption,
      length: 24,
      expected: "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4",
    },
    {
      password: "queeg",
      salt: "05dec959acff72f7",
      iterations: 1000,
      purpose: PURPOSE.initialVector,
      length: 8,
      expected: "11dedad7758d4860",
    },
    {
      password: "queeg",
      salt: "263216fcc2fab31c",
      iterations: 1000,
      purpose: PURPOSE.mac,
      length: 20,
      expected: "5ec4c7a80df652294c3925b6489a7ab857c83476",
    },
  ]) {
    it(`derives a published key: ${password}, purpose ${purpose}`, () => {
      const input = {
        digest: "sha1",
        password: bmp(password),
        salt: Buffer.from(salt, "hex"),
        iterations,
      } as const;
      expect(hex(derivePkcs12Key(input, purpose, length))).to.equal(expected);
    });
  }

  for (const digest of ["sha1", "sha256", "sha384", "sha512"] as const) {
    for (const { name, password, ours } of [
      { name: "an empty password with its terminator", password: "", ours: new Uint8Array(2) },
      { name: "no password bytes", password: null, ours: new Uint8Array(0) },
    ] as const) {
      for (const { salt, iterations, length } of [
        { salt: randomBytes(8), iterations: 1, length: 1 },
        { salt: randomBytes(20), iterations: 2, length: DIGESTS[digest].size },
        { salt: randomBytes(129), iterations: 3, length: DIGESTS[digest].size * 2 + 1 },
      ]) {
        it(`derives what node-forge does: ${digest}, ${name}, ${length} bytes`, () => {
          const key = derivePkcs12Key({ digest, password: ours, salt, iterations }, PURPOSE.mac, length);
          const theirs = deriveByForge(
            password,
            salt,
            PURPOSE.mac,
            iterations,
            length,
            forge.md[digest].create(),
          );
          expect(hex(key)).to.equal(hex(theirs));
        });
      }
    }
  }

  it("derives from no salt at all", () => {
    const input = {
      digest: "sha256",
      password: new Uint8Array(2),
      salt: new Uint8Array(0),
      iterations: 2,
    } as const;
    const theirs = deriveByForge("", Buffer.alloc(0), 1, 2, 40, forge.md.sha256.create());
    expect(hex(derivePkcs12Key(input, 1, 40))).to.equal(hex(theirs));
  });
});
