import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { apply, isReady, podsOf, podsReady } from "../support/cluster.js";
import type { PodObject } from "../support/cluster.js";
import { explainNamespace } from "../support/diagnosis.js";
import { kubectl } from "../support/kubectl.js";
import { deployment, MOUNT, pod } from "../support/objects.js";
import type { Scene } from "../support/scene.js";
import { eventually } from "../support/wait.js";

/** Name of the vault's secret and of the file. */
const OBJECT = "watched";
/** What every value begins with: all else in the file is a miss. */
const PREFIX = "value-";
const LABEL = "watches-its-file";
/** Between two pods that are started during a change, and how many there are at most. */
const NEXT_POD_MS = 1500;
const MAX_STARTING = 20;
/** Fewer reads than this prove nothing. */
const MIN_READS = 10;

/** Reads its file ten times a second; prints what it finds instead of a value, and now and then how often it has read. */
const WATCH = `
n=0
while :; do
  v=
  { read -r v <"$1"; } 2>/dev/null
  case $v in ${PREFIX}*) ;; *) echo "missed at $(date +%T): '$v'" ;; esac
  n=$((n + 1))
  [ $((n % 10)) -ne 0 ] || echo "reads $n"
  sleep 0.1
done`;

/** Pods that watch their file while something is done to the cluster. */
export class Readers {
  readonly className: string;
  readonly #scene: Scene;
  #value = 0;
  #started = 0;

  private constructor(scene: Scene, className: string) {
    this.#scene = scene;
    this.className = className;
  }

  /** Stores a value and applies the class, with a Secret `watched` made of it; pods come later. */
  static async open(scene: Scene, className = "watched"): Promise<Readers> {
    const readers = new Readers(scene, className);
    await readers.#store();
    await scene.applyClass({
      name: className,
      objects: [{ objectName: OBJECT }],
      // Microsoft's chart has no value for it, so that the class says it.
      parameters: { cloudName: "AzureStackCloud" },
      secretObjects: [{ secretName: OBJECT, data: [{ objectName: OBJECT, key: "value" }] }],
    });
    return readers;
  }

  /** Starts pods of a Deployment, and waits until they are ready. */
  async deploy(replicas: number): Promise<void> {
    const readers = deployment({ ...this.#podOptions("readers"), replicas });
    await apply(this.#scene.namespace, readers);
    await podsReady(this.#scene.namespace, "app=readers", replicas);
  }

  /** Starts one pod, and does not wait. @returns its name */
  async start(): Promise<string> {
    const name = `starting-${++this.#started}`;
    await apply(this.#scene.namespace, pod(this.#podOptions(name)));
    return name;
  }

  /** Goes on starting pods while something is done. All of them, and those that ran before, are ready after that. */
  async whileStarting(work: () => Promise<void>): Promise<void> {
    const isDone = new AbortController();
    const starting = this.#startUntil(isDone.signal);
    try {
      await work();
    } finally {
      isDone.abort();
      await starting;
    }
    await this.allReady();
  }

  allReady({ limitMs = 120_000 } = {}): Promise<readonly PodObject[]> {
    return eventually(
      "all pods are ready",
      async () => {
        const pods = await this.pods();
        return pods.every(isReady) && pods;
      },
      { limitMs, explain: () => explainNamespace(this.#scene.namespace) },
    );
  }

  pods(): Promise<readonly PodObject[]> {
    return podsOf(this.#scene.namespace, LABEL);
  }

  /** Changes the value in the vault, and waits until every running pod has it: a provider serves them. */
  async rotate(): Promise<void> {
    const value = await this.#store();
    const wait = { limitMs: 270_000, explain: () => explainNamespace(this.#scene.namespace) };
    for (const { metadata } of (await this.pods()).filter(isReady)) {
      await eventually(
        `${metadata.name} has ${value}`,
        async () =>
          (await kubectl([
            "exec",
            "-n",
            this.#scene.namespace,
            metadata.name,
            "--",
            "cat",
            `${MOUNT}/${OBJECT}`,
          ])) === value,
        wait,
      );
    }
  }

  /** No pod has ever missed its file, and no container was restarted. */
  async missedNothing(): Promise<void> {
    const pods = (await this.pods()).filter(isReady);
    expect(pods).to.not.have.lengthOf(0);
    for (const { metadata, status } of pods) {
      const log = await eventually(
        `${metadata.name} has read its file a few times`,
        async () => {
          const text = await kubectl(["logs", "-n", this.#scene.namespace, metadata.name]);
          const reads = Number(/reads (\d+)\s*$/.exec(text)?.[1] ?? 0);
          return (reads >= MIN_READS || text.includes("missed")) && text;
        },
        { limitMs: 30_000 },
      );
      expect(log, metadata.name).to.not.include("missed");
      const restarts = status.containerStatuses?.map(({ restartCount }) => restartCount);
      expect(restarts, metadata.name).to.deep.equal([0]);
    }
  }

  async #startUntil(isDone: AbortSignal): Promise<void> {
    for (let i = 0; i < MAX_STARTING && !isDone.aborted; i++) {
      await this.start();
      await sleep(NEXT_POD_MS);
    }
  }

  async #store(): Promise<string> {
    const value = `${PREFIX}${++this.#value}`;
    await this.#scene.vault.setSecret(OBJECT, value);
    return value;
  }

  #podOptions(name: string): Parameters<typeof pod>[0] {
    return {
      name,
      labels: { [LABEL]: "true" },
      volumes: [this.className],
      serviceAccount: this.#scene.serviceAccount,
      command: ["/bin/sh", "-c", WATCH, "sh", `${MOUNT}/${OBJECT}`],
    };
  }
}
