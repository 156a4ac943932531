import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { apply, eventSays, podReady } from "./support/cluster.js";
import { control } from "./support/embedded-vault.js";
import { NodeImds } from "./support/node-imds.js";
import { pod } from "./support/objects.js";
import type { VaultObject } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { SecondProvider, setFlag } from "./support/second-provider.js";
import { readTexts } from "./support/volume-files.js";

/** Clusters whose nodes have no metadata service of their own at that address. */
const WITHOUT_IMDS = ["node", "kind"];

/**
 * The same in every run, as on a machine: the provider keeps a managed identity that the node's service has given out
 * for up to an hour, and would show the identity of an earlier run.
 */
const systemAssigned = "6f0c2d1e-93b7-4a58-8c64-2e5d7f1a0b39";

describe("managed identity, with a metadata service at its address on the node", () => {
  let scene: Scene | undefined;
  let imds: NodeImds | undefined;
  const userAssigned = randomUUID();

  before(async function () {
    if (!WITHOUT_IMDS.includes(process.env["CONFORMANCE_CLUSTER"] ?? "")) this.skip();
    scene = await Scene.open("managed-identity");
    imds = await NodeImds.start();
    const { vault } = scene;
    await vault.setSecret("secret1", "test");
    await vault.createKey("key1", { kty: "RSA" });
    await vault.setSecret("of-system", "of the node itself");
    for (const [kind, clientId, names] of [
      ["system", systemAssigned, ["of-system"]],
      ["user", userAssigned, ["secret1", "key1"]],
    ] as const) {
      await imds.assign(kind, clientId);
      await vault.grant(clientId, { secrets: ["get"], keys: ["get"], names });
    }
  });
  after(async () => {
    await imds?.stop();
    await scene?.close();
  });

  function theScene(): Scene {
    if (scene === undefined) throw new Error("the scene is not open");
    return scene;
  }

  async function start(
    name: string,
    objects: readonly VaultObject[],
    parameters: Readonly<Record<string, string>>,
    provider = "azure",
  ): Promise<void> {
    const { namespace } = theScene();
    await theScene().applyClass({
      name,
      objects,
      provider,
      parameters: { clientID: "", useVMManagedIdentity: "true", ...parameters },
    });
    await apply(namespace, pod({ name, volumes: [name] }));
  }

  async function textsOf(name: string): Promise<Record<string, string>> {
    await podReady(theScene().namespace, name);
    return readTexts(theScene().namespace, name);
  }

  it("user-assigned identity: should read secret and key from pod", async () => {
    const objects = [{ objectName: "secret1" }, { objectName: "key1", objectType: "key" as const }];
    await start("user-assigned", objects, { userAssignedIdentityID: userAssigned });
    const texts = await textsOf("user-assigned");
    expect(texts["secret1"]).to.equal("test");
    expect(texts["key1"]).to.match(/^-----BEGIN PUBLIC KEY-----/);
  });

  it("system-assigned identity: should read secret from pod", async () => {
    await start("system-assigned", [{ objectName: "of-system" }], { userAssignedIdentityID: "" });
    expect(await textsOf("system-assigned")).to.deep.equal({ "of-system": "of the node itself" });
    const path = `/requests/count-by/clientId?host=${theScene().vault.host}&kind=read&status=200`;
    expect(await control<Record<string, number>>("GET", path)).to.have.property(systemAssigned);
  });

  it("each has its own rights: the node's own identity may not read what the other may", async () => {
    await start("crossed", [{ objectName: "secret1" }], {});
    const event = await eventSays(theScene().namespace, "crossed", "FailedMount", "Forbidden");
    expect(event).to.include(systemAssigned);
  });

  it("an identity that the node has not is an event that says where it is assigned; once it is, the pod starts", async () => {
    const missing = randomUUID();
    await start("missing", [{ objectName: "secret1" }], { userAssignedIdentityID: missing });
    const event = await eventSays(theScene().namespace, "missing", "FailedMount", "Identity not found");
    expect(event).to.include("userAssignedIdentityID").and.to.include(missing);
    await theScene().vault.grant(missing, { secrets: ["get"] });
    await imds?.assign("user", missing);
    await podReady(theScene().namespace, "missing", { limitMs: 240_000 });
    expect(await textsOf("missing")).to.deep.equal({
      secret1: "test",
    });
  });

  it("identity from the installation's defaults: a class without tenantID and clientID", async () => {
    const { namespace, serviceAccount, clientId, tenantId, vault } = theScene();
    const provider = await SecondProvider.start((_, container) => {
      setFlag(container, "default-tenant-id", tenantId);
      setFlag(container, "default-client-id", clientId);
    });
    try {
      // As workload identity, which the default client is for, and as managed identity, which it leaves alone.
      const none = { tenantID: "", clientID: "" };
      await theScene().applyClass({
        name: "defaults",
        provider: provider.name,
        objects: [{ objectName: "secret1" }],
        parameters: none,
      });
      await apply(namespace, pod({ name: "defaults", volumes: ["defaults"], serviceAccount }));
      await start("defaults-of-node", [{ objectName: "of-system" }], none, provider.name);
      expect(await textsOf("defaults")).to.deep.equal({ secret1: "test" });
      expect(await textsOf("defaults-of-node")).to.deep.equal({ "of-system": "of the node itself" });
      const path = `/requests/count-by/clientId?host=${vault.host}&kind=read&status=200`;
      expect(await control<Record<string, number>>("GET", path)).to.include.keys(clientId, systemAssigned);
    } finally {
      await provider.stop();
    }
  });
});
