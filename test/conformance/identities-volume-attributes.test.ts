import { expect } from "chai";
import { apply, eventSays, eventsOf, podReady, podStatuses } from "./support/cluster.js";
import { providerLog } from "./support/diagnosis.js";
import { pod } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { readTexts } from "./support/volume-files.js";

const VICTIMS_VALUE = "what only the victim may have";
const OWN_VALUE = "what the pod's own identity may read";

/** A pod's author may put anything into `volumeAttributes`, over the class's parameters. */
describe("volumeAttributes of pods", () => {
  let scene: Scene;
  let victim: Scene;
  before(async () => {
    [scene, victim] = await Promise.all([Scene.open("attributes"), Scene.open("victim")]);
    await scene.vault.setSecret("secret1", OWN_VALUE);
    await victim.vault.setSecret("secret1", VICTIMS_VALUE);
    await victim.applyClass({ name: "shop", objects: [{ objectName: "secret1" }] });
    const { serviceAccount } = victim;
    // Its value is in the provider's memory, and its proof on record.
    await apply(victim.namespace, pod({ name: "shop", volumes: ["shop"], serviceAccount }));
    await podReady(victim.namespace, "shop");
    await scene.applyClass({ name: "own", objects: [{ objectName: "secret1" }] });
  });
  after(async () => {
    await scene.close();
    await victim.close();
  });

  async function start(name: string, volumeAttributes: Readonly<Record<string, string>>): Promise<void> {
    const volumes = [{ secretProviderClass: "own", volumeAttributes }];
    await apply(scene.namespace, pod({ name, volumes, serviceAccount: scene.serviceAccount }));
  }

  it("override the class: a pod's own clientID, tenantID, keyvaultName and objects", async () => {
    const other = await Scene.open("overriding");
    try {
      await other.vault.setSecret("another", "another value");
      await other.trust(scene.namespace);
      await start("overriding", {
        ...other.parameters,
        objects: 'array:\n  - |\n    objectName: "another"\n    objectType: secret\n',
      });
      await podReady(scene.namespace, "overriding");
      expect(await readTexts(scene.namespace, "overriding")).to.deep.equal({ another: "another value" });
    } finally {
      await other.close();
    }
  });

  /** What a pod might say of itself to pass for the victim's; the kubelet writes over some, the rest is not believed. */
  function poses(): Record<string, string> {
    const token = { token: "eyJhbGciOiJub25lIn0.e30.", expirationTimestamp: "2030-01-01T00:00:00Z" };
    return {
      "csi.storage.k8s.io/pod.name": "shop",
      "csi.storage.k8s.io/pod.namespace": victim.namespace,
      "csi.storage.k8s.io/pod.uid": "00000000-0000-4000-8000-000000000000",
      "csi.storage.k8s.io/serviceAccount.name": victim.serviceAccount,
      "csi.storage.k8s.io/serviceAccount.tokens": JSON.stringify({ "api://AzureADTokenExchange": token }),
      "csi.storage.k8s.io/ephemeral": "false",
    };
  }

  it("that name another pod, namespace, service account and token do not make it that pod", async () => {
    const since = new Date();
    await start("posing", poses());
    await podReady(scene.namespace, "posing");
    // Its own name, account and token counted: it reads as its own identity, and the records name it.
    expect(await readTexts(scene.namespace, "posing")).to.deep.equal({ secret1: OWN_VALUE });
    const names = (await podStatuses(scene.namespace)).map(({ status }) => status.podName);
    expect(names).to.include("posing");
    const mounted = (await providerLog(since))
      .split("\n")
      .filter((line) => line.includes(scene.namespace) && line.includes('"msg":"Mounted"'));
    expect(mounted.some((line) => line.includes('"pod":"posing"'))).to.equal(true);
    expect(mounted.some((line) => line.includes('"pod":"shop"'))).to.equal(false);
  });

  it("that take the victim's class, vault and clientID as well get nothing of the victim's", async () => {
    await start("posing-entirely", { ...victim.parameters, ...poses() });
    const event = await eventSays(scene.namespace, "posing-entirely", "FailedMount", "AADSTS700213");
    expect(event).to.include(`system:serviceaccount:${scene.namespace}:${scene.serviceAccount}`);
    expect(event).to.not.include(VICTIMS_VALUE);
  });

  it("that only name the victim's vault are refused by it for the pod's own identity", async () => {
    await start("at-the-victims-vault", { keyvaultName: victim.vault.name });
    const event = await eventSays(scene.namespace, "at-the-victims-vault", "FailedMount", "Forbidden");
    expect(event).to.include(scene.clientId).and.to.not.include(VICTIMS_VALUE);
  });

  for (const [index, reach] of [
    (namespace: string) => `${namespace}/shop`,
    (namespace: string) => `../../${namespace}/secretproviderclasses/shop`,
  ].entries()) {
    it(`a secretProviderClass that reaches into another namespace (${index + 1} of 2) finds no class there`, async () => {
      const name = `reaching-${index}`;
      const secretProviderClass = reach(victim.namespace);
      const volumes = [{ secretProviderClass }];
      await apply(scene.namespace, pod({ name, volumes, serviceAccount: scene.serviceAccount }));
      await eventSays(scene.namespace, name, "FailedMount", "failed to get secretproviderclass");
      for (const text of await eventsOf(scene.namespace, name)) expect(text).to.not.include(VICTIMS_VALUE);
    });
  }
});
