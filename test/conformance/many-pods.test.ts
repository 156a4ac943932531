import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { apply, isReady, podsOf } from "./support/cluster.js";
import type { PodObject } from "./support/cluster.js";
import { explainNamespace } from "./support/diagnosis.js";
import { countRequests, seedApplication } from "./support/embedded-vault.js";
import { nodeWithRoomFor } from "./support/nodes.js";
import { deployment, MOUNT } from "./support/objects.js";
import type { Manifest } from "./support/objects.js";
import { processMetrics, providerPodOn } from "./support/provider-metrics.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";

const REPLICAS = 10;
/** How long a value may serve mounted volumes: the default of `--object-cache-ttl`. */
const TTL_S = 60;

/** A deployment with an account and an identity of its own, and three to five objects that only this one may read. */
interface App {
  readonly name: string;
  readonly clientId: string;
  readonly objects: readonly string[];
}

const APPS: readonly App[] = Array.from({ length: 10 }, (_, index) => ({
  name: `app-${index}`,
  clientId: randomUUID(),
  objects: Array.from({ length: 3 + (index % 3) }, (__, object) => `app-${index}-object-${object}`),
}));
const PODS = APPS.length * REPLICAS;
/** The objects of all identities: N × I × O of docs/cost.md. */
const DISTINCT = APPS.reduce((sum, { objects }) => sum + objects.length, 0);
/** The objects of all pods: s × O of docs/cost.md. */
const ALL = DISTINCT * REPLICAS;

describe("100 pods of ten deployments start at once on a node", function () {
  this.timeout(1_200_000);
  let scene: Scene;
  let node: string;
  let provider: PodObject;
  let startedAt: number;

  before(async () => {
    node = await nodeWithRoomFor(PODS);
    provider = await providerPodOn(node);
    scene = await Scene.open("many-pods");
    for (const app of APPS) await plant(app);
  });
  after(() => scene.close());

  async function plant({ name, clientId, objects }: App): Promise<void> {
    await apply(scene.namespace, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } });
    const subject = `system:serviceaccount:${scene.namespace}:${name}`;
    await seedApplication({ clientId, federated: [{ subject }] });
    for (const object of objects) await scene.vault.setSecret(object, `value of ${object}`);
    await scene.vault.grant(clientId, { secrets: ["get"], names: objects });
    await scene.applyClass({
      name,
      objects: objects.map((objectName) => ({ objectName })),
      parameters: { clientID: clientId },
    });
  }

  /** Pods that end at once unless they find all their files as they are in the vault. */
  function deploymentOf({ name, objects }: App): Manifest {
    const checks = objects.map((object) => `[ "$(cat ${MOUNT}/${object})" = "value of ${object}" ]`);
    return deployment({
      name,
      replicas: REPLICAS,
      labels: { start: "together" },
      volumes: [name],
      serviceAccount: name,
      command: ["/bin/sh", "-c", `${checks.join(" && ")} && exec sleep 1000000`],
      podSpec: { nodeSelector: { "kubernetes.io/hostname": node } },
    });
  }

  const pods = (): Promise<readonly PodObject[]> => podsOf(scene.namespace, "start=together");
  const restarts = ({ status }: PodObject): number =>
    (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

  const reads = async (): Promise<number> => (await scene.vault.counts({ kind: "read" })).read;
  const signIns = async (): Promise<number> => {
    const ofEach = APPS.map(({ clientId }) => countRequests({ kind: "token", clientId }));
    return (await Promise.all(ofEach)).reduce((sum, { token }) => sum + token, 0);
  };
  /** How often values may have been renewed for mounted volumes in so many seconds. */
  const renewals = (seconds: number): number => Math.floor(seconds / TTL_S) + 1;
  const secondsSince = (beganAt: number): number => (performance.now() - beganAt) / 1000;

  it("all of them become ready with all their files", async () => {
    const { cpuSeconds } = await processMetrics(provider);
    let peakBytes = 0;
    startedAt = performance.now();
    await apply(scene.namespace, ...APPS.map(deploymentOf));
    await eventually(
      `${PODS} pods are ready`,
      async () => {
        const started = await pods();
        peakBytes = Math.max(peakBytes, (await processMetrics(provider)).residentBytes);
        return started.length === PODS && started.every(isReady);
      },
      { limitMs: 900_000, everyMs: 2_000, explain: () => explainNamespace(scene.namespace) },
    );
    const seconds = secondsSince(startedAt);
    const cpu = (await processMetrics(provider)).cpuSeconds - cpuSeconds;
    process.stdout.write(
      `      ready after ${seconds.toFixed(0)} s: ${await reads()} reads, ${await signIns()} sign-ins; the provider took ` +
        `${cpu.toFixed(1)} s of CPU and at most ${(peakBytes / 1024 / 1024).toFixed(0)} MiB\n`,
    );
    expect((await pods()).map(restarts)).to.deep.equal(Array<number>(PODS).fill(0));
  });

  it("the vault was asked as docs/cost.md says: for each object of each pod once at most, with one sign-in for each pod", async () => {
    const rotated = DISTINCT * renewals(secondsSince(startedAt));
    expect(await reads()).to.be.within(DISTINCT, ALL + rotated);
    expect(await signIns()).to.equal(PODS);
  });

  it("from then on it is asked for each object of each identity once within the TTL, and nobody signs in", async () => {
    const before = { reads: await reads(), signIns: await signIns() };
    const beganAt = performance.now();
    // Three rounds of the driver as it is shipped.
    await eventually("every object was read again", async () => (await reads()) - before.reads >= DISTINCT, {
      limitMs: 400_000,
      explain: () => explainNamespace(scene.namespace),
    });
    expect((await reads()) - before.reads).to.be.at.most(DISTINCT * renewals(secondsSince(beganAt)));
    expect(await signIns()).to.equal(before.signIns);
  });

  it("the provider has survived it within the chart's limits", async () => {
    const { metadata, status } = await providerPodOn(node);
    expect(metadata.name).to.equal(provider.metadata.name);
    expect(status.containerStatuses).to.have.length(1);
    expect(status.containerStatuses?.[0]?.containerID).to.equal(
      provider.status.containerStatuses?.[0]?.containerID,
    );
  });
});
