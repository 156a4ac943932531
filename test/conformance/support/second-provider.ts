import { randomBytes } from "node:crypto";
import { api, pathOf } from "./api.js";
import type { KubeObject } from "./api.js";
import { apply, podsReady, remove } from "./cluster.js";
import { PROVIDER_LABEL, SYSTEM } from "./diagnosis.js";
import type { Manifest } from "./objects.js";

/** The provider's container, as far as tests change it. */
export interface ProviderContainer {
  image: string;
  args: string[];
  volumeMounts: Manifest[];
  env?: { name: string; value?: string }[];
  [field: string]: unknown;
}

export interface ProviderPodSpec {
  containers: ProviderContainer[];
  initContainers?: { image: string }[];
  volumes: Manifest[];
  [field: string]: unknown;
}

interface DaemonSet extends KubeObject {
  readonly spec: { readonly template: { readonly spec: ProviderPodSpec } };
}

/** The pods of the installed provider, as its DaemonSet describes them: a copy. */
export async function installedProvider(): Promise<ProviderPodSpec> {
  const path = `${pathOf("apps/v1", "daemonsets", SYSTEM)}?labelSelector=${encodeURIComponent(PROVIDER_LABEL)}`;
  const sets = (await api.list(path)) as unknown as readonly DaemonSet[];
  const linux = sets.find(({ metadata }) => !metadata.name.endsWith("-windows"));
  if (linux === undefined) throw new Error(`no DaemonSet of ${SYSTEM} has the label ${PROVIDER_LABEL}`);
  return structuredClone(linux.spec.template.spec);
}

/** Ports that the pods of two providers would share on a node's network. */
const OWN_PORTS = { "prometheus-port": 8798, "healthz-port": 8789 };

/**
 * The installed provider once more beside itself, under a name of its own and with other settings: classes reach it by
 * that name as `spec.provider`, and nobody else's pods are disturbed.
 */
export class SecondProvider {
  /** What classes name. */
  readonly name: string;
  readonly #manifest: Manifest;

  private constructor(name: string, manifest: Manifest) {
    this.name = name;
    this.#manifest = manifest;
  }

  /** @param change - what is to be different in its pods */
  static async start(
    change: (pod: ProviderPodSpec, container: ProviderContainer) => void,
  ): Promise<SecondProvider> {
    const name = `azure-${randomBytes(3).toString("hex")}`;
    const spec = await installedProvider();
    const [container] = spec.containers;
    if (container === undefined) throw new Error("the provider's pods have no container");
    setFlag(container, "endpoint", `unix:///provider/${name}.sock`);
    for (const [flag, port] of Object.entries(OWN_PORTS)) setFlag(container, flag, String(port));
    // Probes go to the ports of the first, which answers in its place; whether it is ready is seen by its first mount.
    for (const field of ["ports", "livenessProbe", "readinessProbe"])
      Reflect.deleteProperty(container, field);
    change(spec, container);
    const labels = { app: name, "azure-provider-conformance": "true" };
    const provider = new SecondProvider(name, {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name, labels },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels }, spec: { ...spec, terminationGracePeriodSeconds: 5 } },
      },
    });
    await apply(SYSTEM, provider.#manifest);
    await podsReady(SYSTEM, `app=${name}`, await countNodes());
    return provider;
  }

  async stop(): Promise<void> {
    await remove(SYSTEM, this.#manifest);
  }
}

/** Sets a flag of a container, in the place of what it was set to. */
export function setFlag(container: ProviderContainer, flag: string, value: string): void {
  const others = container.args.filter((arg) => !new RegExp(`^--?${flag}(=|$)`).test(arg));
  container.args = [...others, `--${flag}=${value}`];
}

async function countNodes(): Promise<number> {
  const path = `${pathOf("v1", "pods", SYSTEM)}?labelSelector=${encodeURIComponent(PROVIDER_LABEL)}`;
  return (await api.list(path)).length;
}
