import { randomBytes } from "node:crypto";
import { expect } from "chai";
import forge from "node-forge";
import { decryptRc2 } from "../../../../src/content/pfx/rc2.js";

function encryptWhole(key: Buffer, iv: Buffer, plain: Buffer): Buffer {
  const cipher = forge.rc2.createEncryptionCipher(key.toString("latin1"), key.length * 8);
  cipher.start(iv.toString("latin1"));
  cipher.update(forge.util.createBuffer(plain.toString("latin1")));
  cipher.finish(() => true);
  return Buffer.from(cipher.output.getBytes(), "latin1");
}

describe("content/pfx/rc2 decryptRc2", () => {
  /** RFC 2268 section 5, in CBC mode with an initial vector of zeros. */
  for (const { key, plain, encrypted } of [
    { key: "88bca90e90875a7f0f79c384627bafb2", plain: "0000000000000000", encrypted: "2269552ab0f85ca6" },
  ]) {
    it(`decrypts the published ${encrypted}`, () => {
      const decrypted = decryptRc2(Buffer.from(key, "hex"), Buffer.alloc(8), Buffer.from(encrypted, "hex"));
      expect(Buffer.from(decrypted).toString("hex")).to.equal(plain);
    });
  }

  for (const bytes of [0, 8, 4088, 4096, 4104, 8192, 12_288, 20_008]) {
    it(`decrypts ${bytes} bytes as if in one piece`, () => {
      const [key, iv, plain] = [randomBytes(5), randomBytes(8), randomBytes(bytes)];
      expect(Buffer.from(decryptRc2(key, iv, encryptWhole(key, iv, plain)))).to.deep.equal(plain);
    });
  }

  it("takes time in proportion to the bytes: 256 KiB in well under the 3 s of one piece", () => {
    const started = performance.now();
    decryptRc2(randomBytes(16), randomBytes(8), randomBytes(256 * 1024));
    expect(performance.now() - started).to.be.below(1500);
  });
});
