import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { apply, eventSays, podReady } from "./support/cluster.js";
import { control, seedApplication } from "./support/embedded-vault.js";
import { mountPath, pod } from "./support/objects.js";
import type { VolumeOptions } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { readTexts } from "./support/volume-files.js";

const WRONG_SECRET = "a-wrong-client-secret";

/** As whom pods read, told by what they get and by what the vault saw. */
describe("identities of pods", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.open("identities");
    await scene.vault.setSecret("secret1", "test");
    await scene.vault.createKey("key1", { kty: "RSA" });
  });
  after(() => scene.close());

  /** Another identity for the service account of the scene's namespace, with a right to these secrets only. */
  async function anotherIdentity(...names: readonly string[]): Promise<string> {
    const clientId = randomUUID();
    const subject = `system:serviceaccount:${scene.namespace}:${scene.serviceAccount}`;
    await seedApplication({ clientId, federated: [{ subject }] });
    await scene.vault.grant(clientId, { secrets: ["get"], names });
    return clientId;
  }

  async function start(
    name: string,
    volumes: readonly (string | VolumeOptions)[],
    { namespace = scene.namespace, serviceAccount = scene.serviceAccount } = {},
  ): Promise<void> {
    await apply(namespace, pod({ name, volumes, serviceAccount }));
  }

  /** How many successful reads the vault has seen, by the client that it took them to be from. */
  function readsByClient(): Promise<Record<string, number>> {
    return control("GET", `/requests/count-by/clientId?host=${scene.vault.host}&kind=read&status=200`);
  }

  describe("workload identity", () => {
    it("should read secret and key from pod, with the namespace and service account that the identity trusts", async () => {
      await scene.applyClass({
        name: "trusted",
        objects: [{ objectName: "secret1" }, { objectName: "key1", objectType: "key" }],
      });
      await start("trusted", ["trusted"]);
      await podReady(scene.namespace, "trusted");
      const texts = await readTexts(scene.namespace, "trusted");
      expect(texts["secret1"]).to.equal("test");
      expect(texts["key1"]).to.match(/^-----BEGIN PUBLIC KEY-----/);
      expect((await readsByClient())[scene.clientId]).to.be.at.least(2);
    });

    it("another service account, or another namespace, is refused, and told what the identity would have to trust", async () => {
      const { namespace } = scene;
      const stranger = await scene.addNamespace("stranger");
      await scene.trust(namespace); // and no longer the one that was added
      await apply(namespace, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "other" } });
      const objects = [{ objectName: "secret1" }];
      await scene.applyClass({ name: "refused", objects });
      await scene.applyClass({ name: "refused", objects, namespace: stranger });
      await start("other-account", ["refused"], { serviceAccount: "other" });
      await start("other-namespace", ["refused"], { namespace: stranger });
      const ofAccount = await eventSays(namespace, "other-account", "FailedMount", "AADSTS700213");
      expect(ofAccount).to.include(`system:serviceaccount:${namespace}:other`);
      const ofNamespace = await eventSays(stranger, "other-namespace", "FailedMount", "AADSTS700213");
      expect(ofNamespace).to.include(`system:serviceaccount:${stranger}:${scene.serviceAccount}`);
    });
  });

  describe("service principal (nodePublishSecretRef)", () => {
    let clientId: string;
    const rightSecret = randomUUID();
    before(async () => {
      clientId = randomUUID();
      await seedApplication({ clientId, secrets: [rightSecret] });
      await scene.vault.grant(clientId, { secrets: ["get"] });
      await scene.applyClass({
        name: "service-principal",
        objects: [{ objectName: "secret1" }],
        parameters: { clientID: "" },
      });
    });

    async function credentials(name: string, data: Readonly<Record<string, string>>): Promise<VolumeOptions> {
      await apply(scene.namespace, {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, labels: { "secrets-store.csi.k8s.io/used": "true" } },
        stringData: data,
      });
      return { secretProviderClass: "service-principal", nodePublishSecret: name };
    }

    it("should read secret from pod, as the client of the Secret", async () => {
      const volume = await credentials("right", { clientid: clientId, clientsecret: rightSecret });
      await start("with-right-secret", [volume]);
      await podReady(scene.namespace, "with-right-secret");
      expect(await readTexts(scene.namespace, "with-right-secret")).to.deep.equal({ secret1: "test" });
      expect((await readsByClient())[clientId]).to.be.at.least(1);
    });

    it("a wrong client secret is an event that does not show it; with the right one the pod starts", async () => {
      const volume = await credentials("wrong", { clientid: clientId, clientsecret: WRONG_SECRET });
      await start("with-wrong-secret", [volume]);
      const event = await eventSays(scene.namespace, "with-wrong-secret", "FailedMount", "AADSTS7000215");
      expect(event).to.include("clientsecret").and.to.not.include(WRONG_SECRET);
      await credentials("wrong", { clientid: clientId, clientsecret: rightSecret });
      await podReady(scene.namespace, "with-wrong-secret", { limitMs: 240_000 });
    });

    it("a Secret without the key says which; a volume without a Secret says so", async () => {
      const volume = await credentials("half", { clientid: clientId });
      await start("with-half-a-secret", [volume]);
      await start("without-a-secret", ["service-principal"]);
      await eventSays(
        scene.namespace,
        "with-half-a-secret",
        "FailedMount",
        "could not find clientsecret in secrets",
      );
      await eventSays(
        scene.namespace,
        "without-a-secret",
        "FailedMount",
        "failed to get credentials, nodePublishSecretRef secret is not set",
      );
    });
  });

  it("two volumes of one pod with two identities: each reads what only its own may, and never the other's", async () => {
    await scene.vault.setSecret("of-one", "value of one");
    await scene.vault.setSecret("of-two", "value of two");
    const [one, two] = [await anotherIdentity("of-one"), await anotherIdentity("of-two")];
    const classOf = (name: string, clientID: string, objectName: string): Promise<void> =>
      scene.applyClass({ name, objects: [{ objectName }], parameters: { clientID } });
    await classOf("one", one, "of-one");
    await classOf("two", two, "of-two");
    await classOf("one-reads-two", one, "of-two");
    await start("two-identities", ["one", "two"]);
    await podReady(scene.namespace, "two-identities");
    expect(await readTexts(scene.namespace, "two-identities", mountPath(0))).to.deep.equal({
      "of-one": "value of one",
    });
    expect(await readTexts(scene.namespace, "two-identities", mountPath(1))).to.deep.equal({
      "of-two": "value of two",
    });
    const reads = await readsByClient();
    expect([reads[one], reads[two]].every((count) => count !== undefined && count >= 1)).to.equal(true);
    await start("crossed", ["one-reads-two"]);
    const event = await eventSays(scene.namespace, "crossed", "FailedMount", "Forbidden");
    expect(event).to.include("of-two").and.to.include(one);
  });
});
