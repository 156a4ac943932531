import { setTimeout as sleep } from "node:timers/promises";
import { api, pathOf } from "../support/api.js";
import type { KubeObject } from "../support/api.js";
import { apply, podsOf, remove } from "../support/cluster.js";
import { DRIVER_LABEL, SYSTEM } from "../support/diagnosis.js";
import type { Manifest } from "../support/objects.js";
import { eventually } from "../support/wait.js";
import { countClasses } from "./definitions.js";
import type { Definitions } from "./definitions.js";
import { rolledOut } from "./rolled-out.js";
import { oldManifest } from "./manifests.js";
import { vaultTrust, withVaultTrust } from "./vault-trust.js";

export const ADD_ON_DRIVER = "aks-secrets-store-csi-driver";
export const ADD_ON_PROVIDER = "aks-secrets-store-provider-azure";
export const ADD_ON_PROVIDER_LABEL = "app=secrets-store-provider-azure";
/** By these AKS knows what is its own. */
export const MANAGED_BY = "kubernetes.azure.com/managedby";
const LABELS = { [MANAGED_BY]: "aks", "addonmanager.kubernetes.io/mode": "Reconcile" };
const LOOK_MS = 1000;

interface DaemonSet extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly generation: number };
  readonly spec: { readonly template: { readonly spec: Manifest } };
}

/**
 * Stands in for the AKS add-on: the stock driver and a provider in the old shape, under the add-on's names and labels, which
 * are put back when someone changes or deletes them. It refuses to be disabled while there is a SecretProviderClass, as AKS
 * does, and takes the CRDs and the CSIDriver with it: nothing says that AKS leaves them.
 */
export class AddOn {
  readonly #definitions: Definitions;
  readonly #manifests: readonly Manifest[];
  readonly #generations = new Map<string, number>();
  #isEnabled: AbortController | undefined;
  #reconciling: Promise<void> = Promise.resolve();

  private constructor(definitions: Definitions, manifests: readonly Manifest[]) {
    this.#definitions = definitions;
    this.#manifests = manifests;
  }

  /** Made of the driver that runs; not enabled yet. */
  static async of(definitions: Definitions): Promise<AddOn> {
    const provider = withVaultTrust(
      oldManifest({ name: ADD_ON_PROVIDER, app: "secrets-store-provider-azure", labels: LABELS }),
      await vaultTrust(),
    );
    return new AddOn(definitions, [...provider, await driverOfTheAddOn()]);
  }

  /** `az aks enable-addons` */
  async enable(): Promise<void> {
    await this.#definitions.bring();
    await apply(SYSTEM, ...this.#manifests);
    for (const name of [ADD_ON_DRIVER, ADD_ON_PROVIDER]) await this.#remember(name);
    this.#isEnabled = new AbortController();
    this.#reconciling = this.#reconcile(this.#isEnabled.signal);
    await this.ready();
  }

  /** All its pods are there and ready. */
  async ready(): Promise<void> {
    for (const name of [ADD_ON_DRIVER, ADD_ON_PROVIDER]) await rolledOut(SYSTEM, name);
  }

  /** `az aks disable-addons` @throws while there is a class */
  async disable(): Promise<void> {
    const classes = await countClasses();
    if (classes > 0)
      throw new Error(`the add-on cannot be disabled: there are ${classes} SecretProviderClasses`);
    await this.remove();
    await this.#definitions.remove();
  }

  /** Takes away its pods, and nothing else; also when it is not enabled. */
  async remove(): Promise<void> {
    this.#isEnabled?.abort();
    await this.#reconciling;
    await remove(SYSTEM, ...this.#manifests);
    await eventually("the add-on's pods are gone", async () => {
      const left = await podsOf(SYSTEM, `${MANAGED_BY}=aks`);
      return left.length === 0;
    });
  }

  async #reconcile(isEnabled: AbortSignal): Promise<void> {
    while (!isEnabled.aborted) {
      for (const name of [ADD_ON_DRIVER, ADD_ON_PROVIDER]) {
        const found = await api.find<DaemonSet>(daemonSet(name));
        if (found !== undefined && found.metadata.generation === this.#generations.get(name)) continue;
        await apply(SYSTEM, ...this.#manifests);
        await this.#remember(name);
      }
      await sleep(LOOK_MS);
    }
  }

  async #remember(name: string): Promise<void> {
    this.#generations.set(name, (await api.get<DaemonSet>(daemonSet(name))).metadata.generation);
  }
}

/** The driver that runs, once more, with the add-on's name and labels. */
async function driverOfTheAddOn(): Promise<Manifest> {
  const [pod] = await podsOf(SYSTEM, DRIVER_LABEL);
  const owner = pod?.metadata.ownerReferences?.[0]?.name ?? "";
  const { spec } = (await api.get<DaemonSet>(daemonSet(owner))).spec.template;
  const app = "secrets-store-csi-driver";
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: ADD_ON_DRIVER, labels: LABELS },
    spec: {
      selector: { matchLabels: { app } },
      template: { metadata: { labels: { app, ...LABELS } }, spec },
    },
  };
}

function daemonSet(name: string): string {
  return pathOf("apps/v1", "daemonsets", SYSTEM, name);
}
