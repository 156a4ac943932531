import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { api, pathOf } from "./support/api.js";
import { apply, isReady, podsOf, podsReady, remove } from "./support/cluster.js";
import { PROVIDER_LABEL } from "./support/diagnosis.js";
import { kubectl } from "./support/kubectl.js";
import type { Manifest } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";
import { helm, imageSettings, PackedChart, VAULT_VALUES } from "./moving/helm.js";
import { oldManifest, ourManifest } from "./moving/manifests.js";
import { Parked } from "./moving/parked.js";
import { Readers } from "./moving/readers.js";
import { rolledOut } from "./moving/rolled-out.js";
import { bringVaultTrust, withVaultTrust } from "./moving/vault-trust.js";
import type { VaultTrust } from "./moving/vault-trust.js";

const APP = "csi-secrets-store-provider-azure";
const OLD_CHART = "test/conformance/moving/old-chart";
const RELEASE = "csi";
/** Another than the installed one, whose ConfigMaps are copied. */
const BESIDE = "beside";

/**
 * From the old provider's shape to ours while pods run and start, and back again. In the old shape runs this project's image:
 * the Go provider's cannot be had here, so that it is names, labels, ports, socket and replacement that are tried.
 */
describe("upgrade in place, from the old provider's shape to ours", () => {
  let parked: Parked;

  before(async () => {
    parked = await Parked.park(PROVIDER_LABEL);
  });
  after(() => parked.back());

  /** A scene with pods that watch their files, and a namespace for the provider. */
  async function open(label: string): Promise<{ scene: Scene; namespace: string; trust: VaultTrust }> {
    const scene = await Scene.open(label);
    const namespace = await scene.addNamespace("provider");
    return { scene, namespace, trust: await bringVaultTrust(namespace) };
  }

  /** The one that serves, as the API server knows it: the same object before and after, or another. */
  async function uidOf(namespace: string, name: string): Promise<string | undefined> {
    return (await api.get(pathOf("apps/v1", "daemonsets", namespace, name))).metadata.uid;
  }

  /** The provider's own containers have not been restarted. */
  async function runsOn(namespace: string): Promise<void> {
    const pods = await podsOf(namespace, PROVIDER_LABEL);
    expect(pods).to.not.have.lengthOf(0);
    for (const { status } of pods) {
      expect(status.containerStatuses?.map(({ restartCount }) => restartCount)).to.deep.equal([0]);
    }
  }

  describe("plain manifests", () => {
    let scene: Scene;
    let namespace: string;
    let readers: Readers;
    let old: Manifest[];
    let ours: Manifest[];

    before(async () => {
      const opened = await open("upgrade-plain");
      ({ scene, namespace } = opened);
      old = withVaultTrust(oldManifest(), opened.trust);
      ours = withVaultTrust(ourManifest(), opened.trust);
      await apply(namespace, ...old);
      await rolledOut(namespace, APP);
      readers = await Readers.open(scene);
      await readers.deploy(3);
    });
    after(() => scene.close());

    it("kubectl apply over the old one: pods keep their files, those that start meanwhile get theirs", async () => {
      const before = await uidOf(namespace, APP);
      await readers.whileStarting(async () => {
        await apply(namespace, ...ours);
        await rolledOut(namespace, APP);
      });
      expect(await uidOf(namespace, APP)).to.equal(before);
      await readers.rotate();
      await readers.missedNothing();
      await runsOn(namespace);
    });

    it("and back: the old manifest again", async () => {
      await readers.whileStarting(async () => {
        await apply(namespace, ...old);
        await rolledOut(namespace, APP);
      });
      await readers.rotate();
      await readers.missedNothing();
      await runsOn(namespace);
    });
  });

  describe("Helm charts", () => {
    let scene: Scene;
    let namespace: string;
    let readers: Readers;
    let chart: PackedChart;
    let folder: string;
    let settings: string[];

    before(async () => {
      const opened = await open("upgrade-chart");
      ({ scene, namespace } = opened);
      const { env, volumes, volumeMounts } = opened.trust;
      folder = await mkdtemp(path.join(tmpdir(), "old-chart-"));
      const values = path.join(folder, "values.yaml");
      await writeFile(
        values,
        JSON.stringify({ linux: { env, volumes, volumeMounts, extraArgs: ["--object-cache-ttl=0s"] } }),
      );
      chart = await PackedChart.pack();
      settings = await imageSettings();
      await helm("install", RELEASE, OLD_CHART, "--namespace", namespace, "--values", values, ...settings);
      await rolledOut(namespace, `${RELEASE}-${APP}`);
      readers = await Readers.open(scene);
      await readers.deploy(3);
    });
    after(async () => {
      await scene.close();
      await chart.remove();
      await rm(folder, { recursive: true, force: true });
    });

    it("helm upgrade of the old release: pods keep their files, those that start meanwhile get theirs", async () => {
      const before = await uidOf(namespace, `${RELEASE}-${APP}`);
      const keep = ["--reset-then-reuse-values", "--set", "secrets-store-csi-driver.install=false"];
      await readers.whileStarting(async () => {
        await helm("upgrade", RELEASE, chart.file, "--namespace", namespace, ...keep, ...settings);
        await rolledOut(namespace, `${RELEASE}-${APP}`);
      });
      expect(await uidOf(namespace, `${RELEASE}-${APP}`)).to.equal(before);
      await readers.rotate();
      await readers.missedNothing();
      await runsOn(namespace);
    });

    it("and back: helm rollback", async () => {
      await readers.whileStarting(async () => {
        await helm("rollback", RELEASE, "1", "--namespace", namespace);
        await rolledOut(namespace, `${RELEASE}-${APP}`);
      });
      await readers.rotate();
      await readers.missedNothing();
      await runsOn(namespace);
    });
  });

  describe("both installed at once", () => {
    let scene: Scene;
    let namespace: string;
    let readers: Readers;
    let chart: PackedChart;
    let old: Manifest[];
    let oldNamespace: string;

    before(async () => {
      const opened = await open("upgrade-both");
      ({ scene, namespace } = opened);
      oldNamespace = await scene.addNamespace("old");
      chart = await PackedChart.pack();
      old = withVaultTrust(oldManifest(), await bringVaultTrust(oldNamespace));
      await apply(oldNamespace, ...old);
      await rolledOut(oldNamespace, APP);
      readers = await Readers.open(scene);
      await readers.deploy(2);
    });
    after(async () => {
      await scene.close();
      await chart.remove();
    });

    it("the new one waits, unready, and takes the socket when the old one is deleted", async () => {
      const ports = ["--set", "linux.healthzPort=8990", "--set-string", "metricsAddr=8899"];
      const values = [...VAULT_VALUES, ...ports, ...(await imageSettings())];
      await helm("install", BESIDE, chart.file, "--namespace", namespace, ...values);
      await waits(namespace);
      await readers.rotate(); // the old one serves
      await readers.whileStarting(async () => {
        await remove(oldNamespace, ...old);
        await rolledOut(namespace, `${BESIDE}-${APP}`);
      });
      await readers.rotate();
      await readers.missedNothing();
      await runsOn(namespace);
    });

    it("and back: the old one waits, and takes the socket when the new one is uninstalled", async () => {
      await apply(oldNamespace, ...old);
      await readers.whileStarting(async () => {
        await helm("uninstall", BESIDE, "--namespace", namespace, "--wait");
        await podsReady(oldNamespace, PROVIDER_LABEL, (await podsOf(oldNamespace, PROVIDER_LABEL)).length);
      });
      await readers.rotate();
      await readers.missedNothing();
    });

    /** Its pods run, and say that someone else has the socket. */
    async function waits(where: string): Promise<void> {
      await eventually("it says that it waits", async () => {
        const log = await kubectl(["logs", "-n", where, "-l", PROVIDER_LABEL, "--tail=-1"]);
        return log.includes("another provider still serves it");
      });
      const pods = await podsOf(where, PROVIDER_LABEL);
      expect(pods.filter(isReady)).to.deep.equal([]);
    }
  });
});
