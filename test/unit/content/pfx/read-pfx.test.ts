import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { orderChain } from "../../../../src/content/chain.js";
import { encodePem } from "../../../../src/content/pem.js";
import { readPfx } from "../../../../src/content/pfx/read-pfx.js";
import {
  type KeyKind,
  makeCertificate,
  makeChain,
  makeKeys,
} from "../../../support/certificates/certificate.js";
import {
  context,
  element,
  integer,
  objectIdentifier,
  octets,
  sequence,
  set,
} from "../../../support/certificates/der.js";
import {
  bag,
  certificateBag,
  type Encryption,
  type Mac,
  makePfx,
  safeContentsBag,
} from "../../../support/certificates/pfx.js";
import { failureOf } from "../failure.js";

const fixture = (name: string) => readFileSync(new URL(`../../../fixtures/pfx/${name}`, import.meta.url));
const buffers = (all: readonly Uint8Array[]) => all.map((bytes) => Buffer.from(bytes));

const { root, intermediate, leaf } = makeChain();
const CERTIFICATES = [leaf.der, root.der, intermediate.der];
const KEY = leaf.privateKeyDer;

describe("content/pfx/read-pfx readPfx", () => {
  describe("files that OpenSSL made", () => {
    for (const { file, kind, certificates } of [
      { file: "legacy-rc2", kind: "rsa", certificates: 3 },
      { file: "legacy-3des", kind: "rsa", certificates: 3 },
      { file: "legacy-rc2-128", kind: "ec", certificates: 1 },
      { file: "legacy-ec", kind: "ec", certificates: 3 },
      { file: "modern-aes256", kind: "rsa", certificates: 3 },
      { file: "modern-ec", kind: "ec", certificates: 3 },
      { file: "mac-sha384", kind: "ec", certificates: 1 },
      { file: "no-mac", kind: "ec", certificates: 1 },
      { file: "no-mac-3des", kind: "ec", certificates: 1 },
      { file: "plain-key", kind: "ec", certificates: 1 },
      { file: "p256k", kind: "ec", certificates: 1 },
      { file: "ed25519", kind: "ed25519", certificates: 1 },
    ]) {
      it(`reads ${file}: the key belongs to the first certificate`, () => {
        const { privateKeysDer, certificatesDer } = readPfx(fixture(`${file}.pfx`));
        expect(privateKeysDer).to.have.length(1);
        expect(certificatesDer).to.have.length(certificates);
        const key = createPrivateKey({
          key: Buffer.from(privateKeysDer[0] ?? []),
          format: "der",
          type: "pkcs8",
        });
        const certificate = new X509Certificate(certificatesDer[0] ?? new Uint8Array());
        expect(key.asymmetricKeyType).to.equal(kind);
        expect(certificate.checkPrivateKey(key)).to.equal(true);
      });
    }

    it("reads a file without a key", () => {
      const { privateKeysDer, certificatesDer } = readPfx(fixture("certificates-only.pfx"));
      expect(privateKeysDer).to.have.length(0);
      expect(certificatesDer).to.have.length(2);
    });

    for (const { file, expected } of [
      { file: "legacy-3des", expected: "rsa-chain" },
      { file: "legacy-rc2", expected: "rsa-chain" },
      { file: "modern-aes256", expected: "rsa-chain" },
      { file: "legacy-ec", expected: "ec-chain" },
      { file: "modern-ec", expected: "ec-chain" },
    ]) {
      it(`makes of ${file} the bytes that the Go provider makes`, () => {
        const { privateKeysDer, certificatesDer } = readPfx(fixture(`${file}.pfx`));
        const pem = [
          ...privateKeysDer.map((der) => encodePem("PRIVATE KEY", der)),
          ...orderChain(certificatesDer).certificates.map((der) => encodePem("CERTIFICATE", der)),
        ];
        expect(pem.join("")).to.equal(fixture(`${expected}.pem`).toString());
      });
    }
  });

  const ENCRYPTIONS: readonly Encryption[] = [
    { cipher: "none" },
    { cipher: "3des" },
    { cipher: "3des", iterations: 2000 },
    { cipher: "rc2-40", iterations: 1 },
    { cipher: "aes128", digest: "sha1" },
    { cipher: "aes192", digest: "sha256" },
    { cipher: "aes256", digest: "sha384" },
    { cipher: "aes256", digest: "sha512" },
  ];
  const MACS: readonly Mac[] = [
    { kind: "hmac", digest: "sha1", iterations: 1 },
    { kind: "hmac", digest: "sha1", iterations: 2000 },
    { kind: "hmac", digest: "sha256" },
    { kind: "hmac", digest: "sha384" },
    { kind: "hmac", digest: "sha512" },
    { kind: "pbmac1", digest: "sha1" },
    { kind: "pbmac1", digest: "sha256" },
    { kind: "pbmac1", digest: "sha512" },
    { kind: "none" },
  ];
  const describeMac = ({ kind, digest, iterations }: Mac) =>
    [kind, digest, iterations].filter(Boolean).join(" ");
  const describeCipher = ({ cipher, digest, iterations }: Encryption) =>
    [cipher, digest, iterations].filter(Boolean).join(" ");

  for (const mac of MACS) {
    for (const encryption of ENCRYPTIONS) {
      it(`reads ${describeCipher(encryption)} under ${describeMac(mac)}, in both layouts, both empty passwords`, () => {
        for (const layout of ["der", "windows"] as const) {
          for (const emptyPassword of ["two zero bytes", "no bytes"] as const) {
            const pfx = makePfx({
              keys: [KEY],
              certificates: CERTIFICATES,
              keyEncryption: encryption,
              mac,
              layout,
              emptyPassword,
            });
            const { privateKeysDer, certificatesDer } = readPfx(pfx);
            expect(buffers(privateKeysDer)).to.deep.equal([KEY]);
            expect(buffers(certificatesDer)).to.deep.equal(CERTIFICATES);
          }
        }
      });
    }
  }

  for (const kind of ["rsa", "prime256v1", "secp384r1", "secp521r1", "secp256k1", "ed25519"] as KeyKind[]) {
    it(`gives a ${kind} key back as PKCS#8 that Node opens`, () => {
      const { privateKey, publicKey } = makeKeys(kind);
      const der = privateKey.export({ format: "der", type: "pkcs8" });
      const [read] = readPfx(makePfx({ keys: [der] })).privateKeysDer;
      expect(Buffer.from(read ?? [])).to.deep.equal(der);
      const opened = createPublicKey(
        createPrivateKey({ key: Buffer.from(read ?? []), format: "der", type: "pkcs8" }),
      );
      expect(opened.equals(publicKey)).to.equal(true);
    });
  }

  it("leaves out the attributes that Windows adds to a key", () => {
    const usage = context(
      0,
      sequence(objectIdentifier("2.5.29.15"), set(element(0x03, Buffer.from([0, 0x10])))),
    );
    const withAttributes = sequence(KEY.subarray(headerBytes(KEY)), usage);
    expect(createPrivateKey({ key: withAttributes, format: "der", type: "pkcs8" }).type).to.equal("private");
    expect(buffers(readPfx(makePfx({ keys: [withAttributes] })).privateKeysDer)).to.deep.equal([KEY]);
  });

  it("adds the public half to an EC key that lacks it, as Go does", () => {
    const scalar = Buffer.from(leaf.keys.privateKey.export({ format: "jwk" }).d ?? "", "base64url");
    const algorithm = sequence(
      objectIdentifier("1.2.840.10045.2.1"),
      objectIdentifier("1.2.840.10045.3.1.7"),
    );
    const bare = sequence(integer(0), algorithm, octets(sequence(integer(1), octets(scalar))));
    expect(buffers(readPfx(makePfx({ keys: [bare] })).privateKeysDer)).to.deep.equal([KEY]);
  });

  it("keeps several keys and equal certificates, in the order of the file", () => {
    const other = makeCertificate({ commonName: "other", keys: makeKeys("rsa") });
    const certificates = [other.der, leaf.der, other.der];
    const read = readPfx(makePfx({ keys: [other.privateKeyDer, KEY], certificates }));
    expect(buffers(read.privateKeysDer)).to.deep.equal([other.privateKeyDer, KEY]);
    expect(buffers(read.certificatesDer)).to.deep.equal(certificates);
  });

  it("looks into nested bags and leaves out kinds that are no file's business", () => {
    const read = readPfx(
      makePfx({
        keys: [KEY],
        certificates: [leaf.der],
        bags: [
          safeContentsBag(certificateBag(root.der), safeContentsBag(certificateBag(intermediate.der))),
          bag("1.2.840.113549.1.12.10.1.4", sequence()), // revocation list
          bag("1.2.840.113549.1.12.10.1.5", sequence()), // secret
          bag("1.3.6.1.4.1.99999.1", octets(Buffer.from("?"))),
          certificateBag(Buffer.from("sdsi"), "1.2.840.113549.1.9.22.2"),
        ],
      }),
    );
    expect(buffers(read.certificatesDer)).to.deep.equal([leaf.der, root.der, intermediate.der]);
    expect(read.privateKeysDer).to.have.length(1);
  });

  it("reads a file with nothing in it, and one with bytes behind it", () => {
    expect(readPfx(makePfx({}))).to.deep.equal({ privateKeysDer: [], certificatesDer: [] });
    const trailing = Buffer.concat([makePfx({ certificates: [leaf.der] }), Buffer.alloc(3)]);
    expect(readPfx(trailing).certificatesDer).to.have.length(1);
  });

  it("gives bytes of their own, not views of the file", () => {
    const { privateKeysDer, certificatesDer } = readPfx(makePfx({ keys: [KEY], certificates: [leaf.der] }));
    for (const bytes of [...privateKeysDer, ...certificatesDer])
      expect(bytes.buffer.byteLength).to.equal(bytes.length);
  });

  const ANEW = "; import the certificate into the vault anew";
  const WITH_PASSWORD = "; import it into the vault anew, with its password";
  const keyPart = (algorithm: Buffer) =>
    makePfx({
      mac: { kind: "none" },
      bags: [bag("1.2.840.113549.1.12.10.1.2", sequence(algorithm, octets(Buffer.alloc(16))))],
    });
  const pbes2 = (derivation: Buffer, cipher: Buffer) =>
    sequence(objectIdentifier("1.2.840.113549.1.5.13"), sequence(derivation, cipher));
  const aes256 = (iv: Buffer) => sequence(objectIdentifier("2.16.840.1.101.3.4.1.42"), octets(iv));
  const pbkdf2 = (...parameters: Buffer[]) =>
    sequence(
      objectIdentifier("1.2.840.113549.1.5.12"),
      sequence(octets(Buffer.alloc(8)), integer(1), ...parameters),
    );
  const file = (...parts: Buffer[]) => sequence(integer(3), ...parts);
  const info = (type: string, ...content: Buffer[]) => sequence(objectIdentifier(type), ...content);
  const data = (content: Buffer) => info("1.2.840.113549.1.7.1", context(0, octets(content)));
  const DAMAGED = `the PFX is cut off or damaged${ANEW}`;
  for (const { name, pfx, message } of [
    {
      name: "a password",
      pfx: fixture("with-password.pfx"),
      message: `the PFX does not open with the empty password: it has another one, or is damaged${WITH_PASSWORD}`,
    },
    {
      name: "RC4",
      pfx: fixture("legacy-rc4.pfx"),
      message:
        "the PFX is encrypted with algorithm 1.2.840.113549.1.12.1.1, which is not read; export it with AES-256-CBC or Triple DES and import it into the vault anew",
    },
    {
      name: "another cipher of PBES2",
      pfx: keyPart(pbes2(pbkdf2(), sequence(objectIdentifier("1.2.3.4")))),
      message:
        "the PFX is encrypted with algorithm 1.2.3.4, which is not read; export it with AES-256-CBC or Triple DES and import it into the vault anew",
    },
    {
      name: "a key derived by scrypt",
      pfx: keyPart(
        pbes2(sequence(objectIdentifier("1.3.6.1.4.1.11591.4.11"), sequence()), aes256(Buffer.alloc(16))),
      ),
      message: `the PFX derives its keys by algorithm 1.3.6.1.4.1.11591.4.11; only PBKDF2 is read${ANEW}`,
    },
    {
      name: "a keyed digest of another kind",
      pfx: keyPart(pbes2(pbkdf2(sequence(objectIdentifier("1.2.3.5"))), aes256(Buffer.alloc(16)))),
      message: `the PFX uses the keyed digest 1.2.3.5; HMAC with SHA-1 or SHA-2 is read${ANEW}`,
    },
    {
      name: "a key of another size than the cipher's",
      pfx: keyPart(pbes2(pbkdf2(integer(1_000_000_000)), aes256(Buffer.alloc(16)))),
      message: DAMAGED,
    },
    {
      name: "an initial vector of another size",
      pfx: keyPart(pbes2(pbkdf2(), aes256(Buffer.alloc(15)))),
      message: DAMAGED,
    },
    {
      name: "encrypted bytes that are not whole blocks",
      pfx: keyPart(pbes2(pbkdf2(), aes256(Buffer.alloc(16)))).fill(0),
      message: DAMAGED,
    },
    {
      name: "a key under another password",
      pfx: keyPart(pbes2(pbkdf2(), aes256(Buffer.alloc(16)))),
      message: `a part of the PFX does not open with the empty password: it has another one, or is damaged${WITH_PASSWORD}`,
    },
    {
      name: "no iteration",
      pfx: makePfx({ keys: [KEY], mac: { kind: "hmac", claims: 0 } }),
      message: `the PFX asks for no iteration of key derivation at all${ANEW}`,
    },
    {
      name: "a MAC of another algorithm",
      pfx: file(
        data(sequence()),
        sequence(
          sequence(sequence(objectIdentifier("1.2.840.113549.2.5")), octets(Buffer.alloc(16))),
          octets(Buffer.alloc(8)),
        ),
      ),
      message: `the PFX has a MAC by algorithm 1.2.840.113549.2.5, which is not read${ANEW}`,
    },
    {
      name: "a signature instead of a password",
      pfx: file(info("1.2.840.113549.1.7.2", context(0, sequence()))),
      message: `the PFX is signed with a key, not protected by a password; such are not read${ANEW}`,
    },
    {
      name: "a part encrypted for a certificate",
      pfx: file(data(sequence(info("1.2.840.113549.1.7.3", context(0, sequence()))))),
      message: `a part of the PFX is encrypted for a certificate, not with a password; such are not read${ANEW}`,
    },
    {
      name: "a key that is none",
      pfx: makePfx({ keys: [sequence(integer(0))] }),
      message: `a private key of the PFX cannot be read: it is damaged or of an unknown kind${ANEW}`,
    },
    {
      name: "a key of an unknown kind",
      pfx: makePfx({
        keys: [sequence(integer(0), sequence(objectIdentifier("1.2.3.4")), octets(Buffer.from("?")))],
      }),
      message: `a private key of the PFX cannot be read: it is damaged or of an unknown kind${ANEW}`,
    },
    {
      name: "a certificate that is no sequence",
      pfx: makePfx({ certificates: [Buffer.from("text")] }),
      message: DAMAGED,
    },
    {
      name: "a bag without a value",
      pfx: makePfx({ bags: [sequence(objectIdentifier("1.2.3"), context(0))] }),
      message: DAMAGED,
    },
    { name: "version 2", pfx: sequence(integer(2), data(sequence())), message: DAMAGED },
    { name: "no content", pfx: file(info("1.2.840.113549.1.7.1")), message: DAMAGED },
    { name: "PEM text", pfx: Buffer.from("-----BEGIN CERTIFICATE-----\n"), message: DAMAGED },
    { name: "nothing", pfx: Buffer.alloc(0), message: DAMAGED },
  ]) {
    it(`refuses ${name}`, async () => {
      const error = await failureOf(() => readPfx(pfx));
      expect(error.code).to.equal("CONTENT_PFX_INVALID");
      expect(error.message).to.equal(message);
      expect(error.cause).to.equal(undefined);
    });
  }

  it("refuses a file whose content was changed after the MAC", async () => {
    for (const kind of ["hmac", "pbmac1"] as const) {
      const pfx = makePfx({
        keys: [KEY],
        keyEncryption: { cipher: "none" },
        mac: { kind, digest: "sha256" },
      });
      const at = pfx.indexOf(KEY.subarray(-10));
      pfx[at] = (pfx[at] ?? 0) ^ 1;
      const { message } = await failureOf(() => readPfx(pfx));
      expect(message).to.match(/^the PFX does not open with the empty password/);
    }
  });
});

function headerBytes(der: Uint8Array): number {
  const length = der[1] ?? 0;
  return length < 0x80 ? 2 : 2 + (length & 0x7f);
}
