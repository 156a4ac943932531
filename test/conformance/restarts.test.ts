import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { api, pathOf } from "./support/api.js";
import { apply, eventsOf, isReady, podReady, podsOf } from "./support/cluster.js";
import type { PodObject } from "./support/cluster.js";
import { DRIVER_LABEL, explainNamespace, PROVIDER_LABEL, SYSTEM } from "./support/diagnosis.js";
import { playFault } from "./support/embedded-vault.js";
import { HostAgent } from "./support/host-agent.js";
import { kubectl } from "./support/kubectl.js";
import { nodeWithRoomFor } from "./support/nodes.js";
import { pod } from "./support/objects.js";
import { PAIR, READING_POD, setPair, STARTING_POD, whatPodSaid } from "./support/pairs.js";
import { providerPodOn } from "./support/provider-metrics.js";
import { Release } from "./support/release.js";
import { Scene } from "./support/scene.js";
import { installedProvider } from "./support/second-provider.js";
import { eventually } from "./support/wait.js";

const READERS = ["reader-0", "reader-1"];
/** The vault takes so long for each answer, so that mounts are under way whenever something ends. */
const DELAY_MS = 700;
const POD_EVERY_MS = 2_500;
const ROTATE_EVERY_MS = 4_000;
/** The kubelet waits two minutes between two tries at most. */
const READY_MS = 300_000;

/**
 * While pods are created all the time, and two objects rotate, a part of the path ends and comes back. Guaranteed is:
 * every pod that is created becomes ready, with whole files that are no older than the vault was when it was created;
 * a file of a running pod is there, whole and never older than before, whenever it is read; and after the last rotation
 * every running pod comes to hold the last generation of both. Between two rotations a volume may hold one object's new
 * generation and the other's old one: Key Vault reads one object at a time.
 */
describe("a part of the path ends during mounts", function () {
  this.timeout(900_000);
  let scene: Scene;
  let agent: HostAgent;
  let release: Release;
  let revision: number;
  let node: string;
  let slowness: { remove: () => Promise<void> };
  let generation = 0;
  let phase = 0;

  before(async () => {
    node = await nodeWithRoomFor(40);
    release = await Release.open();
    revision = await release.revision();
    scene = await Scene.open("restarts");
    const folder = (await installedProvider()).volumes
      .map((volume) => volume["hostPath"] as { path: string } | undefined)
      .find((found) => found !== undefined);
    agent = await HostAgent.start(scene.namespace, node, folder?.path ?? "");
    await rotate();
    await scene.applyClass({ name: "pair", objects: PAIR.map((objectName) => ({ objectName })) });
    await Promise.all(READERS.map((name) => start(name, READING_POD)));
    for (const name of READERS) await podReady(scene.namespace, name);
    slowness = await playFault({ kind: "delay", delayMs: DELAY_MS, for: { host: scene.vault.host } });
  });
  after(async () => {
    await slowness.remove();
    await scene.close();
    if ((await release.revision()) !== revision) await release.rollback(revision);
  });

  async function start(name: string, script: string): Promise<void> {
    const podSpec = { nodeName: node };
    const command = ["/bin/sh", "-c", script];
    const { serviceAccount } = scene;
    await apply(scene.namespace, pod({ name, volumes: ["pair"], serviceAccount, command, podSpec }));
  }

  async function rotate(): Promise<void> {
    await setPair(scene.vault, generation + 1);
    generation += 1;
  }

  /** Ends something while pods are created and both objects rotate, and then looks at all that is guaranteed. */
  async function duringMounts(end: () => Promise<void>): Promise<void> {
    phase += 1;
    const rounds = await Promise.all(READERS.map(async (name) => (await said(name)).rounds));
    const driverRestarts = restartsOf(await driverPod());
    const driverUid = (await driverPod()).metadata.uid;
    const created = new Map<string, number>();
    let isOver = false;
    const creating = async (): Promise<void> => {
      while (!isOver) {
        const name = `pod-${phase}-${created.size}`;
        created.set(name, generation);
        await start(name, STARTING_POD);
        await sleep(POD_EVERY_MS);
      }
    };
    const rotating = async (): Promise<void> => {
      while (!isOver) {
        await rotate();
        await sleep(ROTATE_EVERY_MS);
      }
    };
    const ending = async (): Promise<void> => {
      await sleep(POD_EVERY_MS * 1.2);
      await end();
      await sleep(POD_EVERY_MS);
      isOver = true;
    };
    try {
      await Promise.all([creating(), rotating(), ending()]);
    } finally {
      isOver = true;
    }
    for (const [name, least] of created) await startedWhole(name, least);
    await mountsAtOnce(`fresh-${phase}`);
    for (const [index, name] of READERS.entries()) await readsOn(name, rounds[index] ?? 0);
    expect((await agent.sockets()).filter((name) => name.startsWith("."))).to.deep.equal([]);
    const driver = await driverPod();
    expect(restartsOf(driver)).to.equal(driver.metadata.uid === driverUid ? driverRestarts : 0);
    const names = [...created.keys(), `fresh-${phase}`];
    await kubectl(["delete", "pod", "-n", scene.namespace, "--wait=true", ...names]);
  }

  /** A pod of these times is ready, found whole files, and none from before it was created. */
  async function startedWhole(name: string, least: number): Promise<void> {
    const started = await podReady(scene.namespace, name, { limitMs: READY_MS });
    const { saw, wrong } = await said(name);
    expect(wrong, name).to.deep.equal([]);
    expect(restartsOf(started), name).to.equal(0);
    expect(saw, name).to.have.length(1);
    for (const seen of saw.flat()) expect(seen, name).to.be.within(least, generation);
  }

  async function mountsAtOnce(name: string): Promise<void> {
    await startedWholeNow(name);
    expect(await eventsOf(scene.namespace, name, "FailedMount")).to.deep.equal([]);
  }

  async function startedWholeNow(name: string): Promise<void> {
    const least = generation;
    await start(name, STARTING_POD);
    await startedWhole(name, least);
  }

  /** A pod that was there before has read on, nothing that is wrong, and comes to hold the last generation of both. */
  async function readsOn(name: string, rounds: number): Promise<void> {
    await eventually(
      `${name} sees generation ${generation}`,
      async () => (await said(name)).saw.at(-1)?.every((seen) => seen === generation),
      { limitMs: 400_000, everyMs: 1_000, explain: () => explainNamespace(scene.namespace) },
    );
    const { wrong, rounds: now } = await said(name);
    expect(wrong, name).to.deep.equal([]);
    expect(now, name).to.be.above(rounds);
    const reader = await podReady(scene.namespace, name);
    expect(restartsOf(reader), name).to.equal(0);
  }

  const said = (name: string): ReturnType<typeof whatPodSaid> => whatPodSaid(scene.namespace, name);

  function restartsOf({ status }: PodObject): number {
    return (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
  }

  async function driverPod(): Promise<PodObject> {
    const onNode = (await podsOf(SYSTEM, DRIVER_LABEL)).filter(
      ({ spec, metadata }) => spec.nodeName === node && metadata.deletionTimestamp === undefined,
    );
    const [found] = onNode;
    if (found === undefined) throw new Error(`there is no driver on the node ${node}`);
    return found;
  }

  function deletePod({ metadata }: PodObject): Promise<void> {
    return api.delete(pathOf("v1", "pods", SYSTEM, metadata.name));
  }

  /** Waits until a pod is ready that `look` finds and `isIt` takes. */
  function back(
    what: string,
    look: () => Promise<PodObject>,
    isIt: (pod: PodObject) => boolean,
  ): Promise<PodObject> {
    return eventually(
      `${what} is back`,
      async () => {
        const found = await look();
        return isIt(found) && isReady(found) && found;
      },
      { limitMs: 300_000, explain: () => explainNamespace(SYSTEM) },
    );
  }

  it("the provider's pod is deleted", async () => {
    const old = await providerPodOn(node);
    await duringMounts(async () => {
      await deletePod(old);
      const isNew = ({ metadata }: PodObject): boolean => metadata.uid !== old.metadata.uid;
      expect(restartsOf(await back("the provider", () => providerPodOn(node), isNew))).to.equal(0);
    });
    expect(restartsOf(await providerPodOn(node))).to.equal(0);
  });

  it("the provider's DaemonSet is rolled out anew, and undone", async () => {
    const [owner] = (await providerPodOn(node)).metadata.ownerReferences ?? [];
    const rollout = async (step: string, ...more: readonly string[]): Promise<void> => {
      await kubectl(["rollout", step, "-n", SYSTEM, `daemonset/${owner?.name ?? ""}`, ...more], {
        limitMs: 320_000,
      });
    };
    await duringMounts(async () => {
      for (const step of ["restart", "undo"]) {
        await rollout(step);
        await rollout("status", "--timeout=300s");
      }
    });
    expect(restartsOf(await providerPodOn(node))).to.equal(0);
  });

  it("the provider is killed (-9)", async () => {
    const old = await providerPodOn(node);
    const restarted = restartsOf(old) + 1;
    await duringMounts(async () => {
      expect(await agent.kill(old)).to.be.at.least(1);
      await back(
        "the provider",
        () => providerPodOn(node),
        (found) => restartsOf(found) === restarted,
      );
    });
    const { metadata, status } = await providerPodOn(node);
    expect(metadata.uid).to.equal(old.metadata.uid);
    expect(status.containerStatuses?.map(({ restartCount }) => restartCount)).to.deep.equal([restarted]);
  });

  it("the provider is upgraded by Helm, the new one beside the old one, and rolled back, one after the other", async () => {
    await duringMounts(async () => {
      const rollingUpdate = { maxUnavailable: 0, maxSurge: 1 };
      let mostAtOnce = 0;
      let isOver = false;
      const watching = async (): Promise<void> => {
        while (!isOver) {
          const onNode = (await podsOf(SYSTEM, PROVIDER_LABEL)).filter(({ spec }) => spec.nodeName === node);
          mostAtOnce = Math.max(mostAtOnce, onNode.filter(isReady).length);
          await sleep(100);
        }
      };
      const upgrading = async (): Promise<void> => {
        try {
          // Two pods cannot have the same ports of the node's network, and the new one is ready when the old one has gone.
          await release.upgrade({
            logVerbosity: 4,
            "linux.hostNetwork": false,
            "linux.readinessProbe.enabled": false,
            "linux.updateStrategy": { type: "RollingUpdate", rollingUpdate },
          });
        } finally {
          isOver = true;
        }
      };
      await Promise.all([watching(), upgrading()]);
      expect(mostAtOnce).to.equal(2);
      await release.rollback(revision);
    });
    revision = await release.revision();
    expect(restartsOf(await providerPodOn(node))).to.equal(0);
  });

  it("the driver's pod is deleted", async () => {
    const old = await driverPod();
    await duringMounts(async () => {
      await deletePod(old);
      await back("the driver", driverPod, ({ metadata }) => metadata.uid !== old.metadata.uid);
    });
    expect(restartsOf(await driverPod())).to.equal(0);
  });
});
