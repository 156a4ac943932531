import { expect } from "chai";
import { api, CSI_API, pathOf } from "./support/api.js";
import {
  apply,
  eventSays,
  findSecret,
  podReady,
  podsOf,
  podsReady,
  remove,
  secretValues,
} from "./support/cluster.js";
import { driverLog, explainNamespace, PROVIDER_LABEL, SYSTEM } from "./support/diagnosis.js";
import { driverMetrics } from "./support/driver-metrics.js";
import { execInPod, kubectl, readInPod } from "./support/kubectl.js";
import { deployment, mountPath, MOUNT, pod } from "./support/objects.js";
import type { Manifest, SecretObject } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";

/**
 * What the driver asks of this provider in its own suite (test/bats/azure.bats of its repository), under the driver's own
 * titles, with its own names and time limits; then rotation and metrics, which it asks of other providers.
 */
const SECRET = "secret1";
const VALUE = "test";
const ALIASED = { objectName: SECRET, objectAlias: "secretalias" };
const USERNAME = { objectName: "secretalias", key: "username" };

describe("the driver's acceptance suite for Azure", () => {
  let scene: Scene;
  let startedAt: Date;

  before(async () => {
    startedAt = new Date();
    scene = await Scene.open("acceptance");
    await scene.vault.setSecret(SECRET, VALUE);
  });
  after(() => scene.close());

  function busybox(name: string, label = name): Manifest {
    return deployment({
      name,
      replicas: 2,
      labels: { app: label },
      volumes: ["azure-sync"],
      serviceAccount: scene.serviceAccount,
      env: [{ name: "SECRET_USERNAME", secret: "foosecret", key: "username" }],
    });
  }

  const foosecret: SecretObject = {
    secretName: "foosecret",
    labels: { environment: "test" },
    data: [USERNAME],
  };

  async function classExists(name: string, namespace: string): Promise<void> {
    const path = pathOf(CSI_API, "secretproviderclasses", namespace, name);
    expect(await api.find(path), `class ${namespace}/${name}`).to.have.nested.property("spec.provider");
  }

  async function ownerCount(namespace: string, secret: string, count: number): Promise<void> {
    await eventually(
      `Secret ${namespace}/${secret} has ${count} owners`,
      async () => (await findSecret(namespace, secret))?.metadata.ownerReferences?.length === count,
      { explain: () => explainNamespace(namespace) },
    );
  }

  async function secretDeleted(namespace: string, secret: string): Promise<void> {
    await eventually(
      `Secret ${namespace}/${secret} is deleted`,
      async () => (await findSecret(namespace, secret)) === undefined,
    );
  }

  it("install azure provider", async () => {
    const pods = await podsOf(SYSTEM, PROVIDER_LABEL);
    expect(pods).to.not.have.lengthOf(0);
    await podsReady(SYSTEM, PROVIDER_LABEL, pods.length, { limitMs: 150_000 });
  });

  it("deploy azure secretproviderclass crd", async () => {
    await scene.applyClass({ name: "azure", objects: [{ objectName: SECRET }] });
    await classExists("azure", scene.namespace);
  });

  it("CSI inline volume test with pod portability", async () => {
    const name = "secrets-store-inline-crd";
    await apply(scene.namespace, pod({ name, volumes: ["azure"], serviceAccount: scene.serviceAccount }));
    await podReady(scene.namespace, name, { limitMs: 300_000 });
  });

  it("CSI inline volume test with pod portability - read azure kv secret from pod", async () => {
    const text = await readInPod(scene.namespace, "secrets-store-inline-crd", `${MOUNT}/${SECRET}`);
    expect(text).to.equal(VALUE);
  });

  it("CSI inline volume test with pod portability - unmount succeeds", async () => {
    const args = ["delete", "pod", "secrets-store-inline-crd", "-n", scene.namespace, "--wait=true"];
    await kubectl([...args, "--timeout=60s"]);
    const log = await driverLog(startedAt);
    expect(log).to.not.match(/^E.*failed to clean and unmount target path/m);
  });

  it("Sync with K8s secrets - create deployment", async () => {
    await scene.applyClass({ name: "azure-sync", objects: [ALIASED], secretObjects: [foosecret] });
    await classExists("azure-sync", scene.namespace);
    await apply(scene.namespace, busybox("busybox-deployment"), busybox("busybox-deployment-two"));
    await podsReady(scene.namespace, "app=busybox-deployment", 2);
    await podsReady(scene.namespace, "app=busybox-deployment-two", 2);
  });

  it("Sync with K8s secrets - read secret from pod, read K8s secret, read env var, check secret ownerReferences with multiple owners", async () => {
    for (const label of ["app=busybox-deployment", "app=busybox-deployment-two"]) {
      for (const { metadata } of await podsOf(scene.namespace, label)) {
        expect(await readInPod(scene.namespace, metadata.name, `${MOUNT}/secretalias`)).to.equal(VALUE);
        const said = await execInPod(scene.namespace, metadata.name, [
          "sh",
          "-c",
          'printf %s "$SECRET_USERNAME"',
        ]);
        expect(said).to.equal(VALUE);
      }
    }
    expect(await secretValues(scene.namespace, "foosecret")).to.deep.equal({ username: VALUE });
    const secret = await findSecret(scene.namespace, "foosecret");
    expect(secret?.metadata.labels).to.include({
      environment: "test",
      "secrets-store.csi.k8s.io/managed": "true",
    });
    await ownerCount(scene.namespace, "foosecret", 2);
  });

  it("Sync with K8s secrets - delete deployment, check owner ref updated, check secret deleted", async () => {
    await remove(scene.namespace, busybox("busybox-deployment"));
    await ownerCount(scene.namespace, "foosecret", 1);
    await remove(scene.namespace, busybox("busybox-deployment-two"));
    await secretDeleted(scene.namespace, "foosecret");
  });

  describe("namespaced classes", () => {
    let testNamespace: string;
    before(async () => {
      testNamespace = await scene.addNamespace("test-ns");
    });

    it("Test Namespaced scope SecretProviderClass - create deployment", async () => {
      const same = { name: "azure-sync", objects: [ALIASED], secretObjects: [foosecret] };
      await scene.applyClass({ ...same, provider: "invalidprovider" });
      await scene.applyClass({ ...same, namespace: testNamespace });
      await classExists("azure-sync", scene.namespace);
      await classExists("azure-sync", testNamespace);
      await apply(testNamespace, busybox("busybox-deployment"));
      await podsReady(testNamespace, "app=busybox-deployment", 2, { limitMs: 60_000 });
    });

    it("Test Namespaced scope SecretProviderClass - Sync with K8s secrets - read secret from pod, read K8s secret, read env var, check secret ownerReferences", async () => {
      const [first] = await podsOf(testNamespace, "app=busybox-deployment");
      const name = first?.metadata.name ?? "";
      expect(await readInPod(testNamespace, name, `${MOUNT}/secretalias`)).to.equal(VALUE);
      expect(await secretValues(testNamespace, "foosecret")).to.deep.equal({ username: VALUE });
      expect(await execInPod(testNamespace, name, ["sh", "-c", 'printf %s "$SECRET_USERNAME"'])).to.equal(
        VALUE,
      );
      await ownerCount(testNamespace, "foosecret", 1);
    });

    it("Test Namespaced scope SecretProviderClass - Sync with K8s secrets - delete deployment, check secret deleted", async () => {
      await remove(testNamespace, busybox("busybox-deployment"));
      await secretDeleted(testNamespace, "foosecret");
    });

    it("Test Namespaced scope SecretProviderClass - Should fail when no secret provider class in same namespace", async () => {
      const negative = await scene.addNamespace("negative-test-ns");
      await apply(negative, busybox("busybox-deployment"));
      const waiting = await eventually("the pods are there", async () => {
        const pods = await podsOf(negative, "app=busybox-deployment");
        return pods.length === 2 && pods;
      });
      const missing = new RegExp(`failed to get secretproviderclass ${negative}/azure-sync.*not found`);
      await eventSays(negative, waiting[0]?.metadata.name ?? "", "FailedMount", missing);
      await remove(negative, busybox("busybox-deployment"));
    });
  });

  describe("several classes", () => {
    const name = "secrets-store-inline-multiple-crd";

    it("deploy multiple azure secretproviderclass crd", async () => {
      for (const index of [0, 1]) {
        const secretObjects = [{ secretName: `foosecret-${index}`, data: [USERNAME] }];
        await scene.applyClass({ name: `azure-spc-${index}`, objects: [ALIASED], secretObjects });
        await classExists(`azure-spc-${index}`, scene.namespace);
      }
    });

    it("deploy pod with multiple secret provider class", async () => {
      const env = [0, 1].map((index) => ({
        name: `SECRET_USERNAME_${index}`,
        secret: `foosecret-${index}`,
        key: "username",
      }));
      const volumes = ["azure-spc-0", "azure-spc-1"];
      await apply(scene.namespace, pod({ name, volumes, env, serviceAccount: scene.serviceAccount }));
      await podReady(scene.namespace, name, { limitMs: 60_000 });
    });

    it("CSI inline volume test with multiple secret provider class", async () => {
      for (const index of [0, 1]) {
        const file = `${mountPath(index)}/secretalias`;
        expect(await readInPod(scene.namespace, name, file)).to.equal(VALUE);
        const secret = `foosecret-${index}`;
        expect(await secretValues(scene.namespace, secret)).to.deep.equal({ username: VALUE });
        const said = await execInPod(scene.namespace, name, [
          "sh",
          "-c",
          `printf %s "$SECRET_USERNAME_${index}"`,
        ]);
        expect(said).to.equal(VALUE);
        await ownerCount(scene.namespace, secret, 1);
      }
    });
  });

  describe("asked of other providers", () => {
    it("CSI inline volume test with rotation - file and K8s secret change", async function () {
      this.timeout(600_000);
      const name = "rotation";
      const secretObjects = [{ secretName: "rotated", data: [{ objectName: name, key: "value" }] }];
      await scene.vault.setSecret(name, "before");
      await scene.applyClass({ name, objects: [{ objectName: name }], secretObjects });
      await apply(scene.namespace, pod({ name, volumes: [name], serviceAccount: scene.serviceAccount }));
      await podReady(scene.namespace, name);
      expect(await readInPod(scene.namespace, name, `${MOUNT}/${name}`)).to.equal("before");
      await scene.vault.setSecret(name, "after");
      // The driver's interval and the kubelet's: 2 minutes each as they are shipped.
      const wait = { limitMs: 270_000, everyMs: 1000, explain: () => explainNamespace(scene.namespace) };
      const isAfter = async (): Promise<boolean> =>
        (await readInPod(scene.namespace, name, `${MOUNT}/${name}`)) === "after";
      await eventually("the file has changed", isAfter, wait);
      await eventually(
        "the Secret has changed",
        async () => (await secretValues(scene.namespace, "rotated"))?.["value"] === "after",
        wait,
      );
    });

    it("Test metrics: the driver counts mounts and rotations of this provider", async () => {
      const series = await driverMetrics();
      const ofAzure = series.filter((line) => line.includes('provider="azure"')).join("\n");
      expect(ofAzure).to.match(/^node_publish_total\{/m);
      // sync_k8s_secret_total is documented, but nothing in version 1.6 counts it.
      expect(ofAzure).to.match(/^rotation_reconcile_total\{/m);
      expect(series.join("\n")).to.match(/^node_unpublish_total\{/m);
      expect(series.join("\n")).to.match(/^rotation_reconcile_duration_sec_bucket\{/m);
    });
  });
});
