import { expect } from "chai";
import { Scene } from "./support/scene.js";
import { SyncController } from "./support/sync-controller.js";

/**
 * The Secrets Store Sync Controller is not to be had from the Go module proxy, so what stands here is not the controller
 * but a client that sends what it sends, from a pod, to the socket of the installed provider.
 */
describe("Mounts shaped as the Secrets Store Sync Controller sends them", () => {
  let scene: Scene;
  let controller: SyncController;
  before(async () => {
    scene = await Scene.open("sync");
    // In a namespace of its own, as the controller is: the SecretSync's namespace is another than its pod's.
    controller = await SyncController.start(await scene.addNamespace("controller"));
    await scene.vault.setSecret("secret1", "test");
  });
  after(async () => {
    await controller.stop();
    await scene.close();
  });

  const objects =
    'array:\n  - |\n    objectName: secret1\n    objectType: secret\n    objectAlias: "alias"\n';

  async function sync(options: {
    readonly namespace?: string;
    readonly serviceAccount?: string;
    readonly parameters?: Readonly<Record<string, string>>;
  }): ReturnType<SyncController["mount"]> {
    return await controller.mount({
      namespace: options.namespace ?? scene.namespace,
      serviceAccount: options.serviceAccount ?? scene.serviceAccount,
      parameters: { ...scene.parameters, objects, ...options.parameters },
    });
  }

  it("a SecretSync's service account signs in, and its files and versions come back", async () => {
    const version = await scene.vault.setSecret("secret1", "value");
    const answer = await sync({});
    expect(answer).to.deep.equal({ versions: { "secret/secret1": version }, files: { alias: "value" } });
  });

  it("another service account of the namespace does not pass for it, though pod and target path are the same", async () => {
    await sync({});
    const answer = await sync({ serviceAccount: "default" });
    expect(answer.files).to.equal(undefined);
    expect(answer.error?.message)
      .to.include("AADSTS700213")
      .and.to.include(`system:serviceaccount:${scene.namespace}:default`);
  });

  it("the same service account's name in another namespace does not either", async () => {
    const stranger = await scene.addNamespace("stranger");
    await scene.trust(scene.namespace);
    const answer = await sync({ namespace: stranger });
    expect(answer.files).to.equal(undefined);
    expect(answer.error?.message).to.include(`system:serviceaccount:${stranger}:${scene.serviceAccount}`);
  });

  it("without clientID, secrets that are {} are said to be no nodePublishSecretRef", async () => {
    const answer = await sync({ parameters: { clientID: "" } });
    expect(answer.error?.message).to.include(
      "failed to get credentials, nodePublishSecretRef secret is not set",
    );
  });

  it("what is not there is an error that the SecretSync's status can show", async () => {
    const parameters = { objects: "array:\n  - |\n    objectName: gone\n    objectType: secret\n" };
    const answer = await sync({ parameters });
    expect(answer.error?.message).to.include("objectName:gone").and.to.include("SecretNotFound");
  });
});
