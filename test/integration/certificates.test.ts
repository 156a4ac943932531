import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import type { CertificateOptions } from "../../emulator/vault/make-certificate.js";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { commonNames, readPem } from "../support/pem.js";
import type { Pod } from "../support/pod.js";
import { World } from "../support/world.js";

const CHAIN = ["tls.example", "Emulated Issuing CA 1", "Emulated Root CA"];
const KINDS: readonly CertificateOptions[] = [
  { keyType: "RSA" },
  { keyType: "RSA", keySize: 3072 },
  { keyType: "EC", curve: "P-256" },
  { keyType: "EC", curve: "P-384" },
  { keyType: "EC", curve: "P-521" },
  { keyType: "EC", curve: "P-256K" },
];

/** What the vault stores in the secret of the certificate `tls`. */
function storedValue(pod: Pod, version: string): string {
  return pod.vault.secrets.findVersion("tls", version)?.content.value ?? "";
}

describe("certificates", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  describe("objectType cert", () => {
    it("is the leaf's DER as PEM, with the certificate's version", async () => {
      const pod = world.pod();
      const version = pod.vault.createCertificate("tls", {
        keyType: "EC",
        subject: "CN=tls.example",
        chain: true,
      });
      const { files, versions } = await pod.mount(objectsYaml({ objectName: "tls", objectType: "cert" }));
      const file = readPem(files.get("tls")?.text ?? "");
      expect(file.labels).to.deep.equal(["CERTIFICATE"]);
      const stored = pod.vault.certificates.findVersion("tls", version)?.content.der ?? Buffer.alloc(0);
      expect(file.certificates[0]?.raw.equals(stored)).to.equal(true);
      expect([...versions]).to.deep.equal([["cert/tls", version]]);
    });

    it("has a history", async () => {
      const pod = world.pod();
      const versions = [1, 2, 3].map((i) =>
        pod.vault.createCertificate("tls", {
          keyType: "EC",
          subject: `CN=v${i}`,
          created: 1_700_000_000 + i,
        }),
      );
      const { files, versions: read } = await pod.mount(
        objectsYaml({ objectName: "tls", objectType: "cert", objectVersionHistory: 5 }),
      );
      expect([...read.values()]).to.deep.equal(versions.toReversed());
      expect([...files.values()].flatMap(({ text }) => commonNames(readPem(text)))).to.deep.equal([
        "v3",
        "v2",
        "v1",
      ]);
    });

    it("disabled can still be read, as the service lets everybody who may get it", async () => {
      const pod = world.pod();
      const version = pod.vault.createCertificate("tls", { keyType: "EC" });
      pod.vault.setEnabled("cert", "tls", version, false);
      const { files, versions } = await pod.mount(objectsYaml({ objectName: "tls", objectType: "cert" }));
      expect(readPem(files.get("tls")?.text ?? "").certificates).to.have.length(1);
      expect(versions.get("cert/tls")).to.equal(version);
    });

    for (const [name, cer] of Object.entries({
      "no cer": undefined,
      "a cer that is no base64": 7,
      "an empty cer": "",
      "a cer that is no certificate": Buffer.from("hush-a-planted-value-x").toString("base64"),
    })) {
      it(`an answer with ${name} is an error, and the process lives on`, async () => {
        const pod = world.pod();
        pod.vault.createCertificate("tls", { keyType: "EC" });
        world.emulator.faults.add(
          { kind: "rewrite", change: (body) => ({ ...(body as object), cer }) },
          { host: pod.vault.host, kind: "read" },
        );
        const { status, message } = await pod.mountError(
          objectsYaml({ objectName: "tls", objectType: "cert" }),
        );
        expect(status).to.be.oneOf(["INTERNAL", "INVALID_ARGUMENT"]);
        expect(message).to.contain("failed to get objectType:cert, objectName:tls");
      });
    }
  });

  describe("the secret of a PFX certificate", () => {
    for (const kind of KINDS) {
      it(`${kind.keyType} ${kind.curve ?? kind.keySize ?? ""}: PKCS#8 key first, then its certificate`, async () => {
        const pod = world.pod();
        const version = pod.vault.createCertificate("tls", { ...kind, subject: "CN=tls.example" });
        const { files, versions } = await pod.mount(secretYaml("tls"));
        const file = readPem(files.get("tls")?.text ?? "");
        expect(file.labels).to.deep.equal(["PRIVATE KEY", "CERTIFICATE"]);
        const [key] = file.privateKeys;
        if (key === undefined) throw new Error("no key");
        expect(file.certificates[0]?.checkPrivateKey(key)).to.equal(true);
        expect([...versions]).to.deep.equal([["secret/tls", version]]);
      });
    }

    for (const chain of [true, "rootFirst"] as const) {
      it(`with a chain that stands ${chain === true ? "leaf" : "root"} first comes leaf, intermediate, root`, async () => {
        const pod = world.pod();
        pod.vault.createCertificate("tls", { keyType: "EC", subject: "CN=tls.example", chain });
        const { files } = await pod.mount(secretYaml("tls"));
        const file = readPem(files.get("tls")?.text ?? "");
        expect(commonNames(file)).to.deep.equal(CHAIN);
        file.certificates.slice(1).forEach((issuer, i) => {
          expect(file.certificates[i]?.checkIssued(issuer)).to.equal(true);
          expect(file.certificates[i]?.verify(issuer.publicKey)).to.equal(true);
        });
      });
    }

    it("that may not be exported comes as certificates only", async () => {
      const pod = world.pod();
      pod.vault.createCertificate("tls", { keyType: "EC", subject: "CN=tls.example", exportable: false });
      const { files } = await pod.mount(secretYaml("tls"));
      expect(readPem(files.get("tls")?.text ?? "").labels).to.deep.equal(["CERTIFICATE"]);
    });

    it("objectFormat pfx is the base64 text that the vault holds", async () => {
      const pod = world.pod();
      const version = pod.vault.createCertificate("tls", { keyType: "EC" });
      for (const objectFormat of ["pfx", "PFX"]) {
        const { files } = await pod.mount(secretYaml("tls", { objectFormat }));
        expect(files.get("tls")?.text).to.equal(storedValue(pod, version));
      }
    });

    it("objectFormat pfx with objectEncoding base64 is the file's bytes", async () => {
      const pod = world.pod();
      const version = pod.vault.createCertificate("tls", { keyType: "EC" });
      const { files } = await pod.mount(secretYaml("tls", { objectFormat: "pfx", objectEncoding: "base64" }));
      expect(files.get("tls")?.bytes).to.deep.equal(Buffer.from(storedValue(pod, version), "base64"));
    });

    it("objectFormat pem is the default, in any case", async () => {
      const pod = world.pod();
      pod.vault.createCertificate("tls", { keyType: "EC" });
      const plain = await pod.mount(secretYaml("tls"));
      const named = await pod.mount(secretYaml("tls", { objectFormat: "PEM" }));
      expect(named.files.get("tls")?.text).to.equal(plain.files.get("tls")?.text);
    });

    it("has a history", async () => {
      const pod = world.pod();
      for (let i = 0; i < 3; i += 1) {
        pod.vault.createCertificate("tls", {
          keyType: "EC",
          subject: `CN=v${i}`,
          created: 1_700_000_000 + i,
        });
      }
      const { files } = await pod.mount(secretYaml("tls", { objectVersionHistory: 2 }));
      expect([...files].map(([path, { text }]) => [path, commonNames(readPem(text))])).to.deep.equal([
        ["tls/0", ["v2"]],
        ["tls/1", ["v1"]],
        ["tls/2", ["v0"]],
      ]);
    });
  });

  describe("the secret of a PEM certificate", () => {
    for (const chain of [false, true, "rootFirst"] as const) {
      it(`comes as it is, ${chain === false ? "self-signed" : `with a chain (${String(chain)})`}`, async () => {
        const pod = world.pod();
        const contentType = "application/x-pem-file";
        const version = pod.vault.createCertificate("tls", { contentType, chain });
        const { files } = await pod.mount(secretYaml("tls"));
        expect(files.get("tls")?.text).to.equal(storedValue(pod, version));
        expect(() => new X509Certificate(files.get("tls")?.text ?? "")).not.to.throw();
      });
    }

    it("imported in an odd layout comes as it is", async () => {
      const pod = world.pod();
      const source = world.pod();
      const made = source.vault.createCertificate("tls", {
        keyType: "EC",
        contentType: "application/x-pem-file",
      });
      const pem = `subject=CN = default\r\n\r\n${storedValue(source, made).replaceAll("\n", "\r\n")}trailing`;
      pod.vault.importCertificate("tls", { pem });
      const { files } = await pod.mount(secretYaml("tls"));
      expect(files.get("tls")?.text).to.equal(pem);
    });
  });

  it("as certificate, key and secret in one class agree", async () => {
    const pod = world.pod();
    pod.vault.createCertificate("tls", { keyType: "EC", subject: "CN=tls.example" });
    const { files, versions } = await pod.mount(
      objectsYaml(
        { objectName: "tls", objectType: "secret", objectAlias: "bundle" },
        { objectName: "tls", objectType: "cert", objectAlias: "cert" },
        { objectName: "tls", objectType: "key", objectAlias: "key" },
      ),
    );
    const bundle = readPem(files.get("bundle")?.text ?? "");
    expect(bundle.certificates[0]?.toString()).to.equal(files.get("cert")?.text);
    expect(bundle.certificates[0]?.publicKey.export({ type: "spki", format: "pem" })).to.equal(
      files.get("key")?.text,
    );
    expect(new Set(versions.values()).size).to.equal(1);
    expect([...versions.keys()]).to.deep.equal(["secret/tls", "cert/tls", "key/tls"]);
  });
});
