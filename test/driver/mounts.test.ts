import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { plant } from "../support/secrecy.js";
import { NODE_NAME } from "./support/stock-driver.js";
import { sharedWorld } from "./support/shared-world.js";

describe("the stock driver mounts", () => {
  it("CSI inline volume: the secret is a file of a tmpfs, and the status tells its id and version", async () => {
    const shop = await sharedWorld().workload();
    const value = shop.pod.plantSecret("secret1");
    await shop.define(secretYaml("secret1"));
    const volume = shop.volume();
    await volume.publish();
    expect(volume.mounted).to.equal("tmpfs");
    expect(await volume.list()).to.deep.equal(["secret1"]);
    expect(await volume.read("secret1")).to.equal(value);
    expect(await volume.mode("..data/secret1")).to.equal("644");

    const status = await shop.status();
    expect(status?.status).to.deep.include({
      mounted: true,
      podName: shop.pod.name,
      secretProviderClassName: "shop-class",
      targetPath: volume.targetPath,
    });
    expect(status?.status.objects.map(({ id }) => id)).to.deep.equal(["secret/secret1"]);
    expect(status?.status.objects[0]?.version).to.match(/^[0-9a-f]{32}$/);
    expect(status?.metadata.labels).to.deep.equal({
      "internal.secrets-store.csi.k8s.io/node-name": NODE_NAME,
    });
    expect(status?.metadata.ownerReferences?.map(({ kind, uid }) => ({ kind, uid }))).to.deep.equal([
      { kind: "Pod", uid: shop.uid },
    ]);
  });

  it("secrets, keys and certificates, under aliases and in folders, with the modes that were asked for", async () => {
    const shop = await sharedWorld().workload();
    const value = shop.pod.plantSecret("secret1");
    shop.pod.vault.createKey("key1", { kty: "RSA" });
    shop.pod.vault.createCertificate("cert1", { subject: "CN=test.domain.com" });
    await shop.define(
      objectsYaml(
        { objectName: "secret1", objectType: "secret", objectAlias: "db/password", filePermission: '"0400"' },
        { objectName: "key1", objectType: "key", filePermission: '"0440"' },
        { objectName: "cert1", objectType: "cert", objectAlias: "tls/cert.pem" },
      ),
    );
    const volume = shop.volume();
    await volume.publish();
    expect(await volume.list()).to.deep.equal(["db", "key1", "tls"]);
    expect(await volume.read("db/password")).to.equal(value);
    expect(await volume.mode("db/password")).to.equal("400");
    expect(await volume.mode("..data/key1")).to.equal("440");
    expect(await volume.read("key1")).to.contain("BEGIN PUBLIC KEY");
    expect(new X509Certificate(await volume.bytes("tls/cert.pem")).subject).to.contain("test.domain.com");
    expect((await shop.status())?.status.objects.map(({ id }) => id).sort()).to.deep.equal([
      "cert/cert1",
      "key/key1",
      "secret/secret1",
    ]);
  });

  it("a history of versions, each a file of a folder", async () => {
    const shop = await sharedWorld().workload();
    const values = [3, 2, 1].map((hoursAgo) => {
      const value = plant();
      shop.pod.vault.setSecret("secret1", value, { created: new Date(Date.now() - hoursAgo * 3_600_000) });
      return value;
    });
    await shop.define(secretYaml("secret1", { objectVersionHistory: 5 }));
    const volume = shop.volume();
    await volume.publish();
    for (const [at, value] of values.reverse().entries()) {
      expect(await volume.read(`secret1/${at}`)).to.equal(value);
    }
  });

  it("bytes that are no text, as they are", async () => {
    const shop = await sharedWorld().workload();
    const bytes = Buffer.from([0, 1, 0xff, 0xfe, 10, 0]);
    shop.pod.vault.setSecret("binary", bytes.toString("base64"));
    await shop.define(secretYaml("binary", { objectEncoding: "base64" }));
    const volume = shop.volume();
    await volume.publish();
    expect(await volume.bytes("binary")).to.deep.equal(bytes);
  });

  it("with the credential of nodePublishSecretRef", async () => {
    const shop = await sharedWorld().workload({ identity: "service-principal" });
    const value = shop.pod.plantSecret("secret1");
    await shop.define(secretYaml("secret1"));
    const { clientId, clientSecret } = shop.pod;
    const volume = shop.volume({ secret: { clientid: clientId, clientsecret: clientSecret }, audiences: [] });
    await volume.publish();
    expect(await volume.read("secret1")).to.equal(value);
  });

  it("with tokens that come as a secret, as from Kubernetes 1.35 on", async () => {
    const shop = await sharedWorld().workload();
    const value = shop.pod.plantSecret("secret1");
    await shop.define(secretYaml("secret1"));
    const volume = shop.volume({ tokensInSecrets: true });
    await volume.publish();
    expect(await volume.read("secret1")).to.equal(value);
  });

  it("multiple SecretProviderClasses: two volumes of one pod, as two identities", async () => {
    const world = sharedWorld();
    const shop = await world.workload({}, ["own", "others"]);
    const other = world.world.pod();
    other.application.replaceCredentials({
      federated: [
        { issuer: world.world.issuerUrl, subject: shop.pod.subject, audience: "api://AzureADTokenExchange" },
      ],
    });
    const values = [shop.pod.plantSecret("secret1"), other.plantSecret("secret1")];
    await shop.define(secretYaml("secret1"), { name: "own" });
    await shop.define(secretYaml("secret1"), { name: "others", parameters: { ...other.parameters } });
    const volumes = ["own", "others"].map((className) => shop.volume({ className }));
    await Promise.all(volumes.map((volume) => volume.publish()));
    for (const [at, volume] of volumes.entries()) expect(await volume.read("secret1")).to.equal(values[at]);
    const readers = world.world.emulator.requests.all
      .filter(
        ({ vault, kind }) => kind === "read" && [shop.pod.vault.name, other.vault.name].includes(vault ?? ""),
      )
      .map(({ principal }) => principal?.clientId);
    expect(readers.sort()).to.deep.equal([shop.pod.clientId, other.clientId].sort());
    expect((await shop.status("own"))?.status.mounted).to.equal(true);
    expect((await shop.status("others"))?.status.mounted).to.equal(true);
  });

  it("what the pod's own volumeAttributes name instead of the class's parameters", async () => {
    const shop = await sharedWorld().workload();
    shop.pod.plantSecret("secret1");
    const value = shop.pod.plantSecret("secret2");
    await shop.define(secretYaml("secret1"));
    const volume = shop.volume({ attributes: { objects: secretYaml("secret2") } });
    await volume.publish();
    expect(await volume.list()).to.deep.equal(["secret2"]);
    expect(await volume.read("secret2")).to.equal(value);
  });

  it("CSI inline volume, unmount succeeds: neither mount nor folder is left, and it may be asked twice", async () => {
    const shop = await sharedWorld().workload();
    shop.pod.plantSecret("secret1");
    await shop.define(secretYaml("secret1"));
    const volume = shop.volume();
    await volume.publish();
    await volume.unpublish();
    expect(await volume.isGone()).to.equal(true);
    await volume.unpublish();
    expect(await volume.isGone()).to.equal(true);
    expect(sharedWorld().driver.output).not.to.contain("failed to clean and unmount target path");
  });

  it("and counts it under the provider's name", async () => {
    const shop = await sharedWorld().workload();
    shop.pod.plantSecret("secret1");
    await shop.define(secretYaml("secret1"));
    const published = async (): Promise<number> => {
      const line = /^node_publish_total\{[^}]*provider="azure"[^}]*\} (\d+)/m.exec(
        await sharedWorld().driver.metrics(),
      );
      return Number(line?.[1] ?? 0);
    };
    const before = await published();
    await shop.volume().publish();
    expect(await published()).to.equal(before + 1);
  });
});
