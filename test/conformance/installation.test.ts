import { expect } from "chai";
import { apply, podsOf, podsReady, remove } from "./support/cluster.js";
import { PROVIDER_LABEL } from "./support/diagnosis.js";
import { kubectl } from "./support/kubectl.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";
import { helm, imageSettings, PackedChart, VAULT_VALUES } from "./moving/helm.js";
import { ourManifest } from "./moving/manifests.js";
import { NodeSockets } from "./moving/node-sockets.js";
import { Parked } from "./moving/parked.js";
import { Readers } from "./moving/readers.js";
import { rolledOut } from "./moving/rolled-out.js";
import { bringVaultTrust, withVaultTrust } from "./moving/vault-trust.js";

const APP = "csi-secrets-store-provider-azure";
const RELEASE = "fresh";
/** What an installation may make in its namespace. */
const KINDS = "daemonsets,pods,serviceaccounts,configmaps,secrets,networkpolicies,services";

describe("installation, and its end", () => {
  let parked: Parked;
  let scene: Scene;
  let namespace: string;
  let sockets: NodeSockets;
  let readers: Readers;
  let chart: PackedChart;
  let empty: string;

  before(async () => {
    parked = await Parked.park(PROVIDER_LABEL);
    scene = await Scene.open("installation");
    namespace = await scene.addNamespace("provider");
    chart = await PackedChart.pack();
    sockets = await NodeSockets.open(scene.namespace);
    readers = await Readers.open(scene);
    await bringVaultTrust(namespace);
    empty = await objects();
  });
  after(async () => {
    await scene.close();
    await chart.remove();
    await parked.back();
  });

  async function objects(): Promise<string> {
    return (await kubectl(["get", KINDS, "-n", namespace, "-o", "name"])).trim();
  }

  /** The provider's pods are ready and were never restarted; a pod gets its file. */
  async function works(daemonSet: string): Promise<void> {
    await rolledOut(namespace, daemonSet);
    expect(await sockets.list()).to.include("azure.sock");
    await readers.start();
    await readers.allReady();
    const pods = await podsOf(namespace, PROVIDER_LABEL);
    await podsReady(namespace, PROVIDER_LABEL, pods.length);
    for (const { status } of pods) {
      expect(status.containerStatuses?.map(({ restartCount }) => restartCount)).to.deep.equal([0]);
    }
  }

  /** Nothing is left in the namespace or on the node, and pods keep their files. */
  async function isGone(): Promise<void> {
    await eventually("nothing is left", async () => (await objects()) === empty);
    expect(await sockets.list()).to.not.include("azure.sock");
    await readers.missedNothing();
  }

  it("nothing is there before", async () => {
    expect(await sockets.list()).to.not.include("azure.sock");
  });

  it("by the chart: a pod gets its files, and no container is restarted", async () => {
    const values = [...VAULT_VALUES, ...(await imageSettings())];
    await helm("install", RELEASE, chart.file, "--namespace", namespace, ...values);
    await works(`${RELEASE}-${APP}`);
  });

  it("helm uninstall: running pods keep their files, nothing is left in the namespace or on the node", async () => {
    await helm("uninstall", RELEASE, "--namespace", namespace, "--wait");
    await isGone();
  });

  it("by plain manifests: a pod gets its files, and no container is restarted", async () => {
    const manifests = withVaultTrust(ourManifest(), await bringVaultTrust(namespace));
    await apply(namespace, ...manifests);
    await works(APP);
  });

  it("kubectl delete: running pods keep their files, nothing is left in the namespace or on the node", async () => {
    await remove(namespace, ...ourManifest());
    await isGone();
  });
});
