import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { api, CSI_API, pathOf } from "./support/api.js";
import { eventSays, findSecret, podsOf } from "./support/cluster.js";
import { DRIVER_LABEL, PROVIDER_LABEL, SYSTEM } from "./support/diagnosis.js";
import { kubectl } from "./support/kubectl.js";
import type { Manifest } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";
import { ADD_ON_DRIVER, ADD_ON_PROVIDER, ADD_ON_PROVIDER_LABEL, AddOn, MANAGED_BY } from "./moving/add-on.js";
import { applyClasses, Definitions, deleteClasses, saveClasses } from "./moving/definitions.js";
import { helm, imageSettings, PackedChart, VAULT_VALUES } from "./moving/helm.js";
import { mountsServed } from "./moving/mounts-served.js";
import { NodeSockets } from "./moving/node-sockets.js";
import { Parked } from "./moving/parked.js";
import { Readers } from "./moving/readers.js";
import { rolledOut } from "./moving/rolled-out.js";
import { bringVaultTrust } from "./moving/vault-trust.js";

const RELEASE = "csi-next";
const NEXT = "azure-next";
/** A few rounds of the kubelet on a node whose KUBELET_SYNC is 10 s. */
const ROUNDS_MS = 30_000;

/** The steps of docs/leaving-the-aks-add-on.md, with a stand-in for the add-on; pods watch their files all the time. */
describe("leaving the AKS add-on, and going back to it", () => {
  let definitions: Definitions | undefined;
  let addOn: AddOn | undefined;
  let driver: Parked | undefined;
  let provider: Parked | undefined;
  let scene: Scene | undefined;
  let chart: PackedChart | undefined;
  let next: string;
  let readers: Readers;
  let sockets: NodeSockets;

  before(async function () {
    const drivers = await podsOf(SYSTEM, DRIVER_LABEL);
    // A real add-on would put itself back between the stand-in's pods.
    if (drivers.some(({ metadata }) => metadata.labels?.[MANAGED_BY] !== undefined)) this.skip();
    definitions = await Definitions.save();
    addOn = await AddOn.of(definitions);
    chart = await PackedChart.pack();
    provider = await Parked.park(PROVIDER_LABEL);
    driver = await Parked.park(DRIVER_LABEL);
    await addOn.enable();
    scene = await Scene.open("aks");
    next = await scene.addNamespace("next");
    await bringVaultTrust(next);
    sockets = await NodeSockets.open(scene.namespace);
    readers = await Readers.open(scene);
    await readers.deploy(3);
  });
  after(async () => {
    await addOn?.remove();
    await definitions?.bring();
    await driver?.back();
    await provider?.back();
    await scene?.close();
    await chart?.remove();
  });

  const namespace = (): string => scene?.namespace ?? "";
  const servedByNext = (): Promise<number> => mountsServed(next, PROVIDER_LABEL);
  const servedByAddOn = (): Promise<number> => mountsServed(SYSTEM, ADD_ON_PROVIDER_LABEL);

  /** `kubectl patch secretproviderclass` */
  async function nameProvider(name: string): Promise<void> {
    const path = pathOf(CSI_API, "secretproviderclasses", namespace(), readers.className);
    await api.patch(path, { spec: { provider: name } });
  }

  /** All running pods get a new value, from this provider. */
  async function rotatedBy(served: () => Promise<number>): Promise<void> {
    const before = await served();
    await readers.rotate();
    expect(await served()).to.be.greaterThan(before);
  }

  it("what someone deletes or changes of the add-on comes back", async () => {
    const path = pathOf("apps/v1", "daemonsets", SYSTEM, ADD_ON_PROVIDER);
    const { uid } = (await api.get(path)).metadata;
    await kubectl(["delete", "daemonset", "-n", SYSTEM, ADD_ON_PROVIDER]);
    await eventually("it is there again", async () => {
      const found = await api.find(path);
      return found !== undefined && found.metadata.uid !== uid;
    });
    const image = "registry.example/other:1";
    await kubectl(["set", "image", "-n", SYSTEM, `daemonset/${ADD_ON_DRIVER}`, `secrets-store=${image}`]);
    await eventually("it has its image again", async () => {
      const spec = await api.get(pathOf("apps/v1", "daemonsets", SYSTEM, ADD_ON_DRIVER));
      return !JSON.stringify(spec["spec"]).includes(image);
    });
    await addOn?.ready();
    await readers.missedNothing();
  });

  it("step 1: both at once, each with a socket of its own; pods are still served by the add-on", async () => {
    const own = `linux.providerName=${NEXT},linux.healthzPort=8990`;
    const values = [
      ...VAULT_VALUES,
      "--set",
      own,
      "--set-string",
      "metricsAddr=8899",
      ...(await imageSettings()),
    ];
    await helm("install", RELEASE, chart?.file ?? "", "--namespace", next, ...values);
    await rolledOut(next, `${RELEASE}-csi-secrets-store-provider-azure`);
    expect(await sockets.list()).to.include.members(["azure.sock", `${NEXT}.sock`]);
    await addOn?.ready();
    await rotatedBy(servedByAddOn);
    expect(await servedByNext()).to.equal(0);
    await readers.missedNothing();
  });

  it("step 2: a class names the new one: it serves pods that start, and running pods at their next rotation", async () => {
    await readers.whileStarting(() => nameProvider(NEXT));
    await rotatedBy(servedByNext);
    await readers.missedNothing();
  });

  it("back from step 2, and there again", async () => {
    await nameProvider("azure");
    await rotatedBy(servedByAddOn);
    await nameProvider(NEXT);
    await rotatedBy(servedByNext);
    await readers.missedNothing();
  });

  let classes: readonly Manifest[];
  let synced: string | undefined;
  let ending: string;
  let waiting: string;

  it("step 3: the classes are deleted: running pods keep their files", async () => {
    await refused(addOn?.disable());
    synced = (await findSecret(namespace(), "watched"))?.metadata.uid;
    classes = await saveClasses();
    await deleteClasses();
    const [first] = await readers.pods();
    const missing = `failed to get secretproviderclass ${namespace()}/watched`;
    await eventSays(namespace(), first?.metadata.name ?? "", "FailedMount", missing, { limitMs: 200_000 });
    await sleep(ROUNDS_MS);
    await readers.missedNothing();
  });

  it("step 4: the add-on is disabled, with its driver: running pods keep their files, others wait", async () => {
    await addOn?.disable();
    waiting = await readers.start();
    ending = (await podsOf(namespace(), "app=readers"))[0]?.metadata.name ?? "";
    // Without time to end, a pod goes from the API server at once, whatever becomes of its volumes.
    await kubectl(["delete", "pod", "-n", namespace(), ending, "--grace-period=1", "--wait=false"]);
    await eventSays(namespace(), waiting, "FailedMount", "not found in the list of registered CSI drivers");
    await sleep(ROUNDS_MS);
    expect(await names()).to.include(ending);
    await readers.missedNothing();
  });

  it("step 5: driver and classes are back: pods that waited become ready, those that had ended go", async () => {
    await definitions?.bring();
    await driver?.back();
    await applyClasses(classes);
    await eventually(`${ending} is gone`, async () => !(await names()).includes(ending), {
      limitMs: 180_000,
    });
    await readers.allReady({ limitMs: 180_000 });
    await rotatedBy(servedByNext);
    await readers.missedNothing();
    expect((await findSecret(namespace(), "watched"))?.metadata.uid).to.equal(synced);
  });

  it("step 6: the name azure again, and the second installation goes", async () => {
    await provider?.back();
    await nameProvider("azure");
    await rotatedBy(() => mountsServed(SYSTEM, PROVIDER_LABEL));
    await helm("uninstall", RELEASE, "--namespace", next, "--wait");
    await eventually("its socket is gone", async () => !(await sockets.list()).includes(`${NEXT}.sock`));
    await readers.whileStarting(() => readers.rotate());
    await readers.missedNothing();
  });

  it("back from the last step: the add-on once more", async () => {
    classes = await saveClasses();
    await provider?.again();
    await driver?.again();
    await addOn?.enable();
    await applyClasses(classes);
    await readers.start();
    await readers.allReady({ limitMs: 180_000 });
    await rotatedBy(servedByAddOn);
    await readers.missedNothing();
  });

  async function names(): Promise<string[]> {
    return (await readers.pods()).map(({ metadata }) => metadata.name);
  }
});

async function refused(promise: Promise<void> | undefined): Promise<void> {
  const reason = await promise?.then(
    () => "accepted",
    (error: unknown) => String(error),
  );
  expect(reason).to.include("cannot be disabled");
}
