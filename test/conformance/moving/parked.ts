import { api, pathOf } from "../support/api.js";
import { podsOf, podsReady } from "../support/cluster.js";
import { SYSTEM } from "../support/diagnosis.js";
import { eventually } from "../support/wait.js";
import { rolledOut } from "./rolled-out.js";

/** No node has this label, so that a DaemonSet which asks for it has no pods. */
const NOWHERE = "azure-provider-conformance-parked";
/** DaemonSets that this run has parked. */
const parkedHere = new Set<string>();

/**
 * DaemonSets that are away from all nodes for a while, as if they were uninstalled: what the suite's other files work with
 * stays as it was installed.
 */
export class Parked {
  readonly #names: readonly string[];
  readonly #podLabel: string;

  private constructor(names: readonly string[], podLabel: string) {
    this.#names = names;
    this.#podLabel = podLabel;
  }

  /** @param podLabel - selects the pods in kube-system whose DaemonSets are meant */
  static async park(podLabel: string): Promise<Parked> {
    await bringBackLeftovers();
    const owners = (await podsOf(SYSTEM, podLabel)).flatMap(({ metadata }) => metadata.ownerReferences ?? []);
    const names = [...new Set(owners.filter(({ kind }) => kind === "DaemonSet").map(({ name }) => name))];
    if (names.length === 0) throw new Error(`no DaemonSet of ${SYSTEM} has pods with ${podLabel}`);
    const parked = new Parked(names, podLabel);
    await parked.again();
    return parked;
  }

  /** Away once more. */
  async again(): Promise<void> {
    await this.#select("true");
    await eventually(
      `the pods with ${this.#podLabel} are gone`,
      async () => (await this.#pods()).length === 0,
      { limitMs: 120_000 },
    );
  }

  /** Back on every node, and ready; does nothing when they are. */
  async back(): Promise<void> {
    await this.#select(null);
    const wanted = await eventually("the controller has seen it", async () => {
      const sets = await Promise.all(this.#names.map((name) => api.get(daemonSet(name))));
      return sets.every(isSeen) && sets.reduce((sum, set) => sum + statusOf(set).desiredNumberScheduled, 0);
    });
    await podsReady(SYSTEM, this.#podLabel, wanted, { limitMs: 180_000 });
  }

  async #pods(): Promise<readonly unknown[]> {
    return podsOf(SYSTEM, this.#podLabel);
  }

  async #select(value: "true" | null): Promise<void> {
    for (const name of this.#names) {
      if (value === null) parkedHere.delete(name);
      else parkedHere.add(name);
      await select(name, value);
    }
  }
}

/** A run that was killed leaves its DaemonSets parked. */
async function bringBackLeftovers(): Promise<void> {
  const sets = await api.list(pathOf("apps/v1", "daemonsets", SYSTEM));
  for (const { metadata, spec } of sets) {
    if (parkedHere.has(metadata.name) || !JSON.stringify(spec).includes(NOWHERE)) continue;
    await select(metadata.name, null);
    await rolledOut(SYSTEM, metadata.name);
  }
}

async function select(name: string, value: "true" | null): Promise<void> {
  const change = { spec: { template: { spec: { nodeSelector: { [NOWHERE]: value } } } } };
  await api.patch(daemonSet(name), change);
}

function daemonSet(name: string): string {
  return pathOf("apps/v1", "daemonsets", SYSTEM, name);
}

interface Status {
  readonly desiredNumberScheduled: number;
  readonly observedGeneration?: number;
}

function statusOf(set: unknown): Status {
  return (set as { status: Status }).status;
}

function isSeen(set: unknown): boolean {
  const { generation } = (set as { metadata: { generation: number } }).metadata;
  const { desiredNumberScheduled, observedGeneration } = statusOf(set);
  return observedGeneration === generation && desiredNumberScheduled > 0;
}
