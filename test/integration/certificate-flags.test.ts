import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { v1alpha1 } from "../../provider-proto/generated/messages.js";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { commonNames, readPem } from "../support/pem.js";
import { RawClient } from "../support/raw-client.js";
import { World } from "../support/world.js";

describe("--construct-pem-chain=false", () => {
  let world: World;
  before(async () => {
    world = await World.start({ flags: ["--construct-pem-chain=false"] });
  });
  after(async () => {
    await world.stop();
  });

  it("keeps the order in the vault", async () => {
    const pod = world.pod();
    pod.vault.createCertificate("tls", { keyType: "EC", subject: "CN=tls.example", chain: "rootFirst" });
    const { files } = await pod.mount(secretYaml("tls"));
    const file = readPem(files.get("tls")?.text ?? "");
    expect(file.labels[0]).to.equal("PRIVATE KEY");
    expect(commonNames(file)).to.deep.equal(["Emulated Root CA", "Emulated Issuing CA 1", "tls.example"]);
  });
});

describe("--write-cert-and-key-in-separate-files", () => {
  let world: World;
  before(async () => {
    world = await World.start({ flags: ["--write-cert-and-key-in-separate-files"] });
  });
  after(async () => {
    await world.stop();
  });

  for (const contentType of ["application/x-pkcs12", "application/x-pem-file"] as const) {
    it(`${contentType}: .crt and .key come before the single file`, async () => {
      const pod = world.pod();
      const version = pod.vault.createCertificate("tls", {
        subject: "CN=tls.example",
        contentType,
        chain: true,
      });
      const { files, versions } = await pod.mount(
        secretYaml("tls", { objectAlias: "d/tls", filePermission: "0440" }),
      );
      expect([...files.keys()]).to.deep.equal(["d/tls.crt", "d/tls.key", "d/tls"]);
      expect([...files.values()].map(({ mode }) => mode)).to.deep.equal([0o440, 0o440, 0o440]);
      const crt = readPem(files.get("d/tls.crt")?.text ?? "");
      const key = readPem(files.get("d/tls.key")?.text ?? "");
      expect(commonNames(crt)).to.deep.equal(["tls.example", "Emulated Issuing CA 1", "Emulated Root CA"]);
      expect([crt.privateKeys.length, key.certificates.length, key.privateKeys.length]).to.deep.equal([
        0, 0, 1,
      ]);
      const [privateKey] = key.privateKeys;
      if (privateKey === undefined) throw new Error("no key");
      expect(crt.certificates[0]?.checkPrivateKey(privateKey)).to.equal(true);
      expect([...versions]).to.deep.equal([["secret/tls", version]]);
    });
  }

  it("answers one version for each file", async () => {
    const pod = world.pod();
    const version = pod.vault.createCertificate("tls", { keyType: "EC" });
    const raw = new RawClient(`unix:${world.provider.socketPath}`);
    const request = v1alpha1.MountRequest.encode(pod.request({ objects: secretYaml("tls") })).finish();
    const answer = v1alpha1.MountResponse.decode(
      (await raw.unary("/v1alpha1.CSIDriverProvider/Mount", request)).bytes,
    );
    raw.close();
    expect(answer.objectVersion.map(({ id, version: read }) => [id, read])).to.deep.equal(
      Array(3).fill(["secret/tls", version]),
    );
  });

  it("splits an object of format pfx too: its certificates and key as PEM, the file itself as it is", async () => {
    const pod = world.pod();
    pod.vault.createCertificate("tls", { keyType: "EC", subject: "CN=tls.example" });
    const { files } = await pod.mount(secretYaml("tls", { objectFormat: "pfx", objectEncoding: "base64" }));
    expect([...files.keys()]).to.deep.equal(["tls.crt", "tls.key", "tls"]);
    expect(readPem(files.get("tls.crt")?.text ?? "").certificates).to.have.length(1);
    expect(readPem(files.get("tls.key")?.text ?? "").privateKeys).to.have.length(1);
    expect(files.get("tls")?.bytes[0]).to.equal(0x30);
  });

  it("leaves plain secrets, keys and certificates alone", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    pod.vault.createCertificate("tls", { keyType: "EC" });
    const { files } = await pod.mount(
      objectsYaml(
        { objectName: "one", objectType: "secret" },
        { objectName: "tls", objectType: "cert", objectAlias: "cert" },
        { objectName: "tls", objectType: "key", objectAlias: "key" },
      ),
    );
    expect([...files.keys()]).to.deep.equal(["one", "cert", "key"]);
    expect(() => new X509Certificate(files.get("cert")?.text ?? "")).not.to.throw();
  });

  it("an object whose .crt another object writes is an error that names the file", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    pod.vault.createCertificate("tls", { keyType: "EC" });
    const { status, message } = await pod.mountError(
      objectsYaml(
        { objectName: "tls", objectType: "secret" },
        { objectName: "one", objectType: "secret", objectAlias: "tls.crt" },
      ),
    );
    expect(status).to.equal("INVALID_ARGUMENT");
    expect(message).to.contain("tls.crt");
  });
});
