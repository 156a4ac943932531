import { createPublicKey, X509Certificate } from "node:crypto";
import { expect } from "chai";
import { commonNames, readPem } from "../support/pem.js";
import { apply, findSecret, podReady, secretValues } from "./support/cluster.js";
import { explainNamespace } from "./support/diagnosis.js";
import { pod } from "./support/objects.js";
import type { SecretObject, VaultObject } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { SecondProvider, setFlag } from "./support/second-provider.js";
import { eventually } from "./support/wait.js";
import { readTexts, readVolume } from "./support/volume-files.js";
import type { VolumeFile } from "./support/volume-files.js";
import { certificatesOf, publicKeyOf } from "./support/pkcs12.js";

const DOMAIN = "test.domain.com";
const SECRET_VALUE = "test";

/** What the old provider's own suite asks of a vault's objects (test/e2e of its repository), under its names. */
describe("the old provider's suite: objects", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.open("objects");
    const { vault } = scene;
    const certificate = { subject: `CN=${DOMAIN}`, dnsNames: [DOMAIN] };
    await Promise.all([
      vault.setSecret("secret1", SECRET_VALUE),
      vault.createKey("key1", { kty: "RSA" }),
      vault.createKey("eckey1", { kty: "EC", crv: "P-256" }),
      vault.createKey("rsahsmkey1", { kty: "RSA-HSM" }),
      vault.createKey("echsmkey1", { kty: "EC-HSM", crv: "P-256" }),
      vault.createCertificate("pemcert1", { ...certificate, contentType: "application/x-pem-file" }),
      vault.createCertificate("pkcs12cert1", { ...certificate, contentType: "application/x-pkcs12" }),
      vault.createCertificate("ecccert1", { ...certificate, keyType: "EC", curve: "P-256" }),
    ]);
  });
  after(() => scene.close());

  /** A pod that mounts a class of these objects. @returns its files */
  async function mount(
    name: string,
    objects: readonly VaultObject[],
    more: { secretObjects?: readonly SecretObject[]; provider?: string } = {},
  ): Promise<ReadonlyMap<string, VolumeFile>> {
    await scene.applyClass({ name, objects, ...more });
    await apply(scene.namespace, pod({ name, volumes: [name], serviceAccount: scene.serviceAccount }));
    await podReady(scene.namespace, name);
    return readVolume(scene.namespace, name);
  }

  async function syncedSecret(name: string): Promise<{ type: string; values: Record<string, string> }> {
    const values = await eventually(`Secret ${name} is there`, () => secretValues(scene.namespace, name), {
      explain: () => explainNamespace(scene.namespace),
    });
    return { type: (await findSecret(scene.namespace, name))?.type ?? "", values };
  }

  function textOf(files: ReadonlyMap<string, VolumeFile>, path: string): string {
    const file = files.get(path);
    if (file === undefined) throw new Error(`no file ${path}, but ${[...files.keys()].join(", ")}`);
    return file.text;
  }

  function bytesOf(files: ReadonlyMap<string, VolumeFile>, path: string): Buffer {
    return files.get(path)?.bytes ?? Buffer.alloc(0);
  }

  /** The SubjectPublicKeyInfo of a PEM public key or certificate. */
  const spki = (pem: string): string =>
    createPublicKey(pem).export({ type: "spki", format: "der" }).toString("base64");

  it("should read secret from pod, by its name and by its alias; should create Kubernetes secrets, TLS and opaque", async () => {
    const files = await mount(
      "secrets",
      [
        { objectName: "secret1" },
        { objectName: "secret1", objectAlias: "SECRET_1" },
        { objectName: "pemcert1", objectType: "secret" },
      ],
      {
        secretObjects: [
          {
            secretName: "tls-secret",
            type: "kubernetes.io/tls",
            data: [
              { objectName: "pemcert1", key: "tls.key" },
              { objectName: "pemcert1", key: "tls.crt" },
            ],
          },
          { secretName: "opaque-secret", data: [{ objectName: "SECRET_1", key: "username" }] },
        ],
      },
    );
    expect(textOf(files, "secret1")).to.equal(SECRET_VALUE);
    expect(textOf(files, "SECRET_1")).to.equal(SECRET_VALUE);
    const opaque = await syncedSecret("opaque-secret");
    expect(opaque).to.deep.equal({ type: "Opaque", values: { username: SECRET_VALUE } });
    const tls = await syncedSecret("tls-secret");
    expect(tls.type).to.equal("kubernetes.io/tls");
    const certificate = readPem(tls.values["tls.crt"] ?? "");
    const key = readPem(tls.values["tls.key"] ?? "");
    expect(commonNames(certificate)).to.deep.equal([DOMAIN]);
    expect(certificate.certificates[0]?.checkPrivateKey(key.privateKeys[0] ?? fail())).to.equal(true);
  });

  it("should read key from pod, by its name and by its alias: RSA, EC, RSA-HSM, EC-HSM", async () => {
    const key = (objectName: string, objectAlias?: string): VaultObject => ({
      objectName,
      objectType: "key",
      ...(objectAlias === undefined ? {} : { objectAlias }),
    });
    const files = await mount("keys", [
      key("key1"),
      key("key1", "KEY_1"),
      key("eckey1"),
      key("rsahsmkey1"),
      key("echsmkey1"),
    ]);
    const kinds = ["key1", "eckey1", "rsahsmkey1", "echsmkey1"].map((name) => {
      const text = textOf(files, name);
      expect(readPem(text).labels).to.deep.equal(["PUBLIC KEY"]);
      return createPublicKey(text).asymmetricKeyType;
    });
    expect(kinds).to.deep.equal(["rsa", "ec", "rsa", "ec"]);
    expect(textOf(files, "KEY_1")).to.equal(textOf(files, "key1"));
    expect(createPublicKey(textOf(files, "key1")).asymmetricKeyDetails).to.include({ modulusLength: 2048 });
  });

  /** The same certificate as cert, key and secret: `name`, `name-pub-key`, `name-secret`. */
  function threeForms(objectName: string): VaultObject[] {
    return [
      { objectName, objectType: "cert" },
      { objectName, objectType: "key", objectAlias: `${objectName}-pub-key` },
      { objectName, objectType: "secret", objectAlias: `${objectName}-secret` },
    ];
  }

  /** Certificate, public key and bundle of one name agree. @returns the public key */
  function expectAgreement(files: ReadonlyMap<string, VolumeFile>, name: string): string {
    const certificate = readPem(textOf(files, name));
    expect(commonNames(certificate), name).to.deep.equal([DOMAIN]);
    expect(certificate.certificates[0]?.checkHost(DOMAIN), name).to.equal(DOMAIN);
    const publicKey = spki(textOf(files, `${name}-pub-key`));
    expect(spki(textOf(files, name)), `${name}: cert and key`).to.equal(publicKey);
    const bundle = readPem(textOf(files, `${name}-secret`));
    expect(commonNames(bundle), `${name}: certificates of the bundle`).to.deep.equal([DOMAIN]);
    expect(
      certificate.certificates[0]?.checkPrivateKey(bundle.privateKeys[0] ?? fail()),
      `${name}: cert and private key`,
    ).to.equal(true);
    return publicKey;
  }

  it("should read PEM, PKCS12 and ECC certs, keys and secrets from pod; the pfx file decodes", async () => {
    const pfx = { objectType: "secret", objectFormat: "pfx" } as const;
    const files = await mount("certificates", [
      ...["pemcert1", "pkcs12cert1", "ecccert1"].flatMap(threeForms),
      { objectName: "pkcs12cert1", objectAlias: "pkcs12cert1-secret-pfx", ...pfx },
      { objectName: "pkcs12cert1", objectAlias: "pkcs12cert1-pfx-binary", ...pfx, objectEncoding: "base64" },
      { objectName: "ecccert1", objectAlias: "ecccert1-pfx-binary", ...pfx, objectEncoding: "base64" },
    ]);
    expectAgreement(files, "pemcert1");
    const text = textOf(files, "pkcs12cert1-secret-pfx");
    const binary = bytesOf(files, "pkcs12cert1-pfx-binary");
    expect(Buffer.from(text, "base64").equals(binary), "pfx as text and as bytes").to.equal(true);
    for (const name of ["pkcs12cert1", "ecccert1"]) {
      const publicKey = expectAgreement(files, name);
      const [leaf] = certificatesOf(bytesOf(files, `${name}-pfx-binary`));
      expect(publicKeyOf(leaf ?? fail()), `${name}: pfx`).to.equal(publicKey);
    }
    expect(createPublicKey(textOf(files, "ecccert1-pub-key")).asymmetricKeyType).to.equal("ec");
  });

  it("should write cert and key in separate files", async () => {
    // As a provider of its own: the flag is for all classes of a provider.
    const separating = await SecondProvider.start((_, container) => {
      setFlag(container, "write-cert-and-key-in-separate-files", "true");
    });
    try {
      const objects = ["pemcert1", "pkcs12cert1"].flatMap(threeForms);
      const files = await mount("separate", objects, { provider: separating.name });
      for (const name of ["pemcert1", "pkcs12cert1"]) {
        const publicKey = expectAgreement(files, name);
        const certificate = readPem(textOf(files, `${name}-secret.crt`));
        const key = readPem(textOf(files, `${name}-secret.key`));
        expect(certificate.labels).to.deep.equal(["CERTIFICATE"]);
        expect(key.privateKeys).to.have.lengthOf(1);
        expect(spki(textOf(files, `${name}-secret.crt`))).to.equal(publicKey);
        expect(certificate.certificates[0]?.checkPrivateKey(key.privateKeys[0] ?? fail())).to.equal(true);
      }
    } finally {
      await separating.stop();
    }
  });

  it("should read multiple versions of secret from pod, by name and by alias; should create TLS and opaque secrets of them", async () => {
    const { vault } = scene;
    await vault.setSecret("versioned", "oldest");
    for (const value of ["older", "newest"]) {
      await nextSecond();
      await vault.setSecret("versioned", value);
    }
    const history = { objectVersionHistory: 5 };
    const files = await mount(
      "versions",
      [
        { objectName: "versioned", ...history },
        { objectName: "versioned", objectAlias: "SECRET_1", ...history },
        { objectName: "pemcert1", objectType: "secret", ...history },
      ],
      {
        secretObjects: [
          {
            secretName: "versions-tls",
            type: "kubernetes.io/tls",
            data: [
              { objectName: "pemcert1/0", key: "tls.key" },
              { objectName: "pemcert1/0", key: "tls.crt" },
            ],
          },
          { secretName: "versions-opaque", data: [{ objectName: "versioned/0", key: "username" }] },
        ],
      },
    );
    const expected = { "0": "newest", "1": "older", "2": "oldest" };
    for (const alias of ["versioned", "SECRET_1"]) {
      const texts = await readTexts(scene.namespace, "versions", `/mnt/secrets-store/${alias}`);
      expect(texts, alias).to.deep.equal(expected);
    }
    expect(commonNames(readPem(textOf(files, "pemcert1/0")))).to.deep.equal([DOMAIN]);
    expect((await syncedSecret("versions-opaque")).values).to.deep.equal({ username: "newest" });
    const tls = await syncedSecret("versions-tls");
    expect(new X509Certificate(tls.values["tls.crt"] ?? "").checkHost(DOMAIN)).to.equal(DOMAIN);
    expect(readPem(tls.values["tls.key"] ?? "").privateKeys).to.have.lengthOf(1);
  });
});

function fail(): never {
  throw new Error("it is missing");
}

/** Versions are ordered by the second in which they were made. */
function nextSecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1100));
}
