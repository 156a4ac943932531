import { createPublicKey, X509Certificate } from "node:crypto";
import { expect } from "chai";
import { MAX_SPLIT_BLOCKS } from "../../../src/content/certificate-secret.js";
import { encodePem } from "../../../src/content/pem.js";
import { MAX_PFX_BYTES } from "../../../src/content/pfx/limits.js";
import { readPfx } from "../../../src/content/pfx/read-pfx.js";
import { type ContentOptions, type ReadPfx, toFiles } from "../../../src/content/to-files.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import type { KeyVaultObject } from "../../../src/model/key-vault-object.js";
import { Sensitive } from "../../../src/model/sensitive.js";
import type { VaultValue } from "../../../src/model/vault-value.js";
import { makeCertificate, makeChain, makeKeys } from "../../support/certificates/certificate.js";
import { makePfx, type PfxRequest } from "../../support/certificates/pfx.js";
import { failureOf } from "./failure.js";

const PEM = "application/x-pem-file";
const PKCS12 = "application/x-pkcs12";
const DEFAULTS: ContentOptions = { constructPemChain: true, separateCertAndKeyFiles: false };
const SPLIT: ContentOptions = { constructPemChain: true, separateCertAndKeyFiles: true };

const OBJECT: KeyVaultObject = {
  index: 0,
  type: "secret",
  name: "web",
  fileName: "web",
  version: "",
  historyCount: 0,
  format: "pem",
  encoding: "utf-8",
  fileMode: 0o640,
};

const readHere: ReadPfx = (pfx) => Promise.resolve().then(() => readPfx(pfx));
const neverRead: ReadPfx = () => Promise.reject(new Error("the PFX was opened"));

const secret = (
  value: string,
  contentType?: string,
  backsCertificate = contentType !== undefined,
): VaultValue => ({
  type: "secret",
  version: "1",
  value: new Sensitive(value),
  contentType,
  backsCertificate,
});

async function files(
  value: VaultValue,
  object: Partial<KeyVaultObject> = {},
  options: ContentOptions = DEFAULTS,
  readPfxFile: ReadPfx = readHere,
) {
  const request = { object: { ...OBJECT, ...object }, path: "tls/web", value };
  const outcome = await toFiles(request, options, readPfxFile);
  return {
    warnings: outcome.warnings,
    files: outcome.files.map(({ path, mode, contents }) => {
      expect(mode).to.equal(0o640);
      return [path, Buffer.from(contents).toString("latin1")] as const;
    }),
  };
}

const { root, intermediate, leaf } = makeChain("rsa");
const KEY_PEM = encodePem("PRIVATE KEY", leaf.privateKeyDer);
const CHAIN_PEM = [leaf, intermediate, root].map(({ der }) => encodePem("CERTIFICATE", der)).join("");
const VAULT_ORDER = [leaf, root, intermediate].map(({ der }) => der);
const pfxSecret = (request: PfxRequest = { keys: [leaf.privateKeyDer], certificates: VAULT_ORDER }) =>
  secret(makePfx(request).toString("base64"), PKCS12);

describe("content/to-files toFiles", () => {
  describe("a plain secret", () => {
    for (const { name, value, object, expected } of [
      { name: "its text as it is", value: " a\r\nb\n", object: {}, expected: " a\r\nb\n" },
      { name: "an empty text", value: "", object: {}, expected: "" },
      { name: "base64 decoded", value: "AP8=", object: { encoding: "base64" }, expected: "\0\xff" },
      { name: "hex decoded", value: "00fF", object: { encoding: "hex" }, expected: "\0\xff" },
    ] as const) {
      it(`is ${name}`, async () => {
        expect(await files(secret(value), object)).to.deep.equal({
          files: [["tls/web", expected]],
          warnings: [],
        });
      });
    }

    it("is neither split nor converted, whatever it looks like and is called", async () => {
      for (const value of [KEY_PEM + CHAIN_PEM, makePfx({}).toString("base64")]) {
        for (const contentType of [PEM, PKCS12, "text/plain"]) {
          for (const format of ["pem", "pfx"] as const) {
            const made = await files(secret(value, contentType, false), { format }, SPLIT, neverRead);
            expect(made).to.deep.equal({ files: [["tls/web", value]], warnings: [] });
          }
        }
      }
    });

    it("that cannot be decoded is refused without being quoted", async () => {
      const error = await failureOf(() => files(secret("hush, hush"), { encoding: "hex" }));
      expect(error.code).to.equal("CONTENT_ENCODING_INVALID");
      expect(error.message).not.to.contain("hush");
    });
  });

  it("writes a key's public half and a certificate", async () => {
    const { n, e } = leaf.keys.publicKey.export({ format: "jwk" });
    const number = (text = "") => Buffer.from(text, "base64url");
    const key = {
      type: "key",
      version: "1",
      kty: "RSA",
      crv: undefined,
      n: number(n),
      e: number(e),
      x: undefined,
      y: undefined,
    } as const;
    const made = await files(key, { type: "key" }, SPLIT, neverRead);
    expect(made.files.map(([path]) => path)).to.deep.equal(["tls/web"]);
    expect(createPublicKey(made.files[0]?.[1] ?? "").equals(leaf.keys.publicKey)).to.equal(true);

    const certificate = await files(
      { type: "cert", version: "1", der: leaf.der },
      { type: "cert" },
      SPLIT,
      neverRead,
    );
    expect(certificate.files).to.deep.equal([["tls/web", new X509Certificate(leaf.der).toString()]]);
  });

  describe("a certificate's PFX", () => {
    it("becomes its key and its chain in order", async () => {
      expect(await files(pfxSecret())).to.deep.equal({
        files: [["tls/web", KEY_PEM + CHAIN_PEM]],
        warnings: [],
      });
    });

    it("keeps the vault's order when no chain is to be constructed", async () => {
      const expected = KEY_PEM + VAULT_ORDER.map((der) => encodePem("CERTIFICATE", der)).join("");
      const made = await files(pfxSecret(), {}, { ...DEFAULTS, constructPemChain: false });
      expect(made).to.deep.equal({ files: [["tls/web", expected]], warnings: [] });
    });

    it("keeps the vault's order with a warning when the chain is not complete", async () => {
      const made = await files(pfxSecret({ keys: [leaf.privateKeyDer], certificates: [root.der, leaf.der] }));
      expect(made.files).to.deep.equal([
        ["tls/web", KEY_PEM + encodePem("CERTIFICATE", root.der) + encodePem("CERTIFICATE", leaf.der)],
      ]);
      expect(made.warnings).to.deep.equal([
        "the certificate chain is not complete: certificates are missing, or do not belong to it; " +
          "they keep the order that they have in the vault",
      ]);
    });

    it("puts all keys before the certificates", async () => {
      const other = makeKeys().privateKey.export({ format: "der", type: "pkcs8" });
      const made = await files(pfxSecret({ keys: [leaf.privateKeyDer, other], certificates: [leaf.der] }));
      expect(made.files[0]?.[1]).to.equal(
        KEY_PEM + encodePem("PRIVATE KEY", other) + encodePem("CERTIFICATE", leaf.der),
      );
    });

    it("may hold a key alone only when no chain is to be constructed", async () => {
      const value = pfxSecret({ keys: [leaf.privateKeyDer] });
      expect((await failureOf(() => files(value))).code).to.equal("CONTENT_CHAIN_INVALID");
      const made = await files(value, {}, { ...DEFAULTS, constructPemChain: false });
      expect(made.files).to.deep.equal([["tls/web", KEY_PEM]]);
    });

    it("is split into certificates and key, before the single file", async () => {
      expect(await files(pfxSecret(), {}, SPLIT)).to.deep.equal({
        files: [
          ["tls/web.crt", CHAIN_PEM],
          ["tls/web.key", KEY_PEM],
          ["tls/web", KEY_PEM + CHAIN_PEM],
        ],
        warnings: [],
      });
    });

    it("without a key gives an empty key file and a warning", async () => {
      const made = await files(pfxSecret({ certificates: [leaf.der] }), {}, SPLIT);
      expect(made.files[1]).to.deep.equal(["tls/web.key", ""]);
      expect(made.warnings).to.deep.equal(["the .key file is empty: the secret holds no private key"]);
    });

    for (const encoding of ["base64", "hex"] as const) {
      it(`cannot be written as PEM and decoded from ${encoding}`, async () => {
        const error = await failureOf(() => files(pfxSecret(), { encoding }, DEFAULTS, neverRead));
        expect(error.code).to.equal("CONTENT_ENCODING_INVALID");
        expect(error.message).to.equal(
          `objectEncoding ${encoding} cannot decode a certificate that is written as PEM; ` +
            "remove objectEncoding, or add objectFormat: pfx, in parameters.objects",
        );
      });
    }

    for (const { name, value, code, message } of [
      {
        name: "no base64",
        value: "hush!",
        code: "CONTENT_PFX_INVALID",
        message: "the value of this PKCS#12 secret is not base64; import the certificate into the vault anew",
      },
      {
        name: "no PFX",
        value: "aHVzaA==",
        code: "CONTENT_PFX_INVALID",
        message: "the PFX is cut off or damaged; import the certificate into the vault anew",
      },
      {
        name: "too large",
        value: Buffer.alloc(MAX_PFX_BYTES + 1).toString("base64"),
        code: "CONTENT_PFX_TOO_COSTLY",
        message:
          "the PFX has 262145 bytes, at most 262144 are read; import the certificate into the vault anew",
      },
    ]) {
      it(`is refused when it is ${name}`, async () => {
        const error = await failureOf(() => files(secret(value, PKCS12)));
        expect(error.code).to.equal(code);
        expect(error.message).to.equal(message);
      });
    }

    it("that is too large is not even handed to the reader", async () => {
      const value = secret(Buffer.alloc(MAX_PFX_BYTES + 1).toString("base64"), PKCS12);
      expect((await failureOf(() => files(value, {}, DEFAULTS, neverRead))).code).to.equal(
        "CONTENT_PFX_TOO_COSTLY",
      );
    });

    it("may have line breaks in its base64", async () => {
      const { value } = pfxSecret() as { value: Sensitive<string> };
      const folded = value.reveal().replaceAll(/.{76}/g, "$&\r\n");
      expect((await files(secret(folded, PKCS12))).files).to.deep.equal([["tls/web", KEY_PEM + CHAIN_PEM]]);
    });
  });

  describe("a certificate's PFX with objectFormat pfx", () => {
    const pfx = makePfx({ keys: [leaf.privateKeyDer], certificates: VAULT_ORDER });
    const value = secret(pfx.toString("base64"), PKCS12);

    it("stays the text that it is, unopened", async () => {
      const made = await files(value, { format: "pfx" }, DEFAULTS, neverRead);
      expect(made).to.deep.equal({ files: [["tls/web", pfx.toString("base64")]], warnings: [] });
    });

    it("becomes its bytes with objectEncoding base64", async () => {
      const made = await files(value, { format: "pfx", encoding: "base64" }, DEFAULTS, neverRead);
      expect(made.files).to.deep.equal([["tls/web", pfx.toString("latin1")]]);
    });

    it("stays what it is even when it is no PFX at all", async () => {
      const made = await files(secret("hush!", PKCS12), { format: "pfx" }, DEFAULTS, neverRead);
      expect(made.files).to.deep.equal([["tls/web", "hush!"]]);
    });

    it("refuses objectEncoding hex", async () => {
      const error = await failureOf(() => files(value, { format: "pfx", encoding: "hex" }));
      expect(error.code).to.equal("CONTENT_ENCODING_INVALID");
    });

    for (const { encoding, expected } of [
      { encoding: "utf-8", expected: pfx.toString("base64") },
      { encoding: "base64", expected: pfx.toString("latin1") },
    ] as const) {
      it(`is split into PEM files beside the single one in ${encoding}`, async () => {
        expect(await files(value, { format: "pfx", encoding }, SPLIT)).to.deep.equal({
          files: [
            ["tls/web.crt", CHAIN_PEM],
            ["tls/web.key", KEY_PEM],
            ["tls/web", expected],
          ],
          warnings: [],
        });
      });
    }

    it("still mounts when it cannot be opened to be split: empty files and a warning", async () => {
      expect(await files(secret("aHVzaA==", PKCS12), { format: "pfx" }, SPLIT)).to.deep.equal({
        files: [
          ["tls/web.crt", ""],
          ["tls/web.key", ""],
          ["tls/web", "aHVzaA=="],
        ],
        warnings: [
          "the .crt and .key files stay empty: the PFX is cut off or damaged; import the certificate into the vault anew",
        ],
      });
    });

    for (const code of ["WORKER_OVERLOADED", "CALL_CANCELLED", "INTERNAL"] as const) {
      it(`does not take ${code} for a file that cannot be opened`, async () => {
        const reject: ReadPfx = () => Promise.reject(new ProviderError(code, "no"));
        expect((await failureOf(() => files(value, { format: "pfx" }, SPLIT, reject))).code).to.equal(code);
      });
    }
  });

  describe("a certificate's PEM", () => {
    const text = `Bag Attributes\r\n${KEY_PEM.replaceAll("\n", "\r\n")}${CHAIN_PEM}`;

    it("stays as it is, in both formats", async () => {
      for (const format of ["pem", "pfx"] as const) {
        const made = await files(secret(text, PEM), { format }, DEFAULTS, neverRead);
        expect(made).to.deep.equal({ files: [["tls/web", text]], warnings: [] });
      }
    });

    it("is split, its blocks written anew", async () => {
      expect(await files(secret(text, PEM), {}, SPLIT, neverRead)).to.deep.equal({
        files: [
          ["tls/web.crt", CHAIN_PEM],
          ["tls/web.key", KEY_PEM],
          ["tls/web", text],
        ],
        warnings: [],
      });
    });

    it("is split wherever keys stand, several too, each in its order", async () => {
      const ec = makeCertificate({ commonName: "ec" });
      const parameters = encodePem("EC PARAMETERS", Buffer.from("06082a8648ce3d030107", "hex"));
      const sec1 = ec.keys.privateKey.export({ format: "pem", type: "sec1" }) as string;
      const ecPem = encodePem("CERTIFICATE", ec.der);
      const made = await files(secret(CHAIN_PEM + parameters + sec1 + ecPem + KEY_PEM, PEM), {}, SPLIT);
      expect(made.files.slice(0, 2)).to.deep.equal([
        ["tls/web.crt", CHAIN_PEM + ecPem],
        ["tls/web.key", parameters + sec1 + KEY_PEM],
      ]);
    });

    it("keeps the headers of an encrypted key", async () => {
      const encrypted = leaf.keys.privateKey.export({
        format: "pem",
        type: "pkcs1",
        cipher: "aes-128-cbc",
        passphrase: "x",
      }) as string;
      expect(encrypted).to.contain("DEK-Info: AES-128-CBC,");
      const made = await files(secret(encrypted, PEM), {}, SPLIT);
      expect(made.files[1]).to.deep.equal(["tls/web.key", encrypted]);
    });

    for (const { name, value, warnings } of [
      {
        name: "only a key",
        value: KEY_PEM,
        warnings: ["the .crt file is empty: the secret holds no certificate"],
      },
      {
        name: "only certificates",
        value: CHAIN_PEM,
        warnings: ["the .key file is empty: the secret holds no private key"],
      },
      {
        name: "neither",
        value: "-----BEGIN CERTIFICATE-----\nMIIC",
        warnings: [
          "the .crt file is empty: the secret holds no certificate",
          "the .key file is empty: the secret holds no private key",
        ],
      },
    ]) {
      it(`with ${name} is split with a warning`, async () => {
        const made = await files(secret(value, PEM), {}, SPLIT);
        expect(made.files).to.have.length(3);
        expect(made.files[2]).to.deep.equal(["tls/web", value]);
        expect(made.warnings).to.deep.equal(warnings);
      });
    }

    for (const count of [MAX_SPLIT_BLOCKS - 1, MAX_SPLIT_BLOCKS, MAX_SPLIT_BLOCKS + 1]) {
      it(`is ${count > MAX_SPLIT_BLOCKS ? "not split, but refused," : "split"} with ${count} blocks`, async () => {
        const value = secret(encodePem("CERTIFICATE", Buffer.from("x")).repeat(count), PEM);
        expect((await files(value)).files).to.have.length(1);
        if (count <= MAX_SPLIT_BLOCKS) {
          expect((await files(value, {}, SPLIT)).files[0]?.[1].match(/BEGIN/g)).to.have.length(count);
        } else {
          const error = await failureOf(() => files(value, {}, SPLIT));
          expect(error.code).to.equal("CONTENT_CERTIFICATE_INVALID");
          expect(error.message).to.equal(
            "the secret holds more than 1000 PEM blocks, too many to write certificates and keys apart; " +
              "put fewer certificates into it",
          );
        }
      });
    }

    it("is decoded by objectEncoding like any text", async () => {
      const encoded = Buffer.from(KEY_PEM).toString("base64");
      expect((await files(secret(encoded, PEM), { encoding: "base64" })).files).to.deep.equal([
        ["tls/web", KEY_PEM],
      ]);
      const error = await failureOf(() => files(secret(KEY_PEM, PEM), { encoding: "base64" }));
      expect(error.code).to.equal("CONTENT_ENCODING_INVALID");
    });
  });

  const REMEDY =
    "; set its content type in the vault to application/x-pkcs12 or application/x-pem-file, or read it with objectType: cert";
  for (const { contentType, message } of [
    { contentType: undefined, message: "the secret backs a certificate but has no content type" },
    { contentType: "", message: 'the secret backs a certificate but has the unknown content type ""' },
    {
      contentType: "text/plain",
      message: 'the secret backs a certificate but has the unknown content type "text/plain"',
    },
    {
      contentType: "x".repeat(500),
      message: `the secret backs a certificate but has the unknown content type "${"x".repeat(80)}"`,
    },
  ]) {
    it(`refuses a certificate's secret with content type ${contentType?.slice(0, 20) ?? "none"}`, async () => {
      for (const format of ["pem", "pfx"] as const) {
        const error = await failureOf(() => files(secret("hush", contentType, true), { format }, SPLIT));
        expect(error.code).to.equal("CONTENT_TYPE_UNSUPPORTED");
        expect(error.message).to.equal(message + REMEDY);
      }
    });
  }
});
