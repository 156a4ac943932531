import { api, pathOf } from "../support/api.js";
import { apply } from "../support/cluster.js";
import { SYSTEM } from "../support/diagnosis.js";
import type { Manifest } from "../support/objects.js";
import { installedProvider, setFlag } from "../support/second-provider.js";
import type { ProviderPodSpec } from "../support/second-provider.js";

/** Volumes by which the installed provider finds the embedded vault, and trusts it. */
const VOLUMES = ["cloud-environment", "extra-ca"];
const VARIABLES = ["AZURE_ENVIRONMENT_FILEPATH", "NODE_EXTRA_CA_CERTS"];

/** What a provider needs in its pods to reach the embedded vault. */
export interface VaultTrust {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumes: readonly Manifest[];
  readonly volumeMounts: readonly Manifest[];
}

/** As the installed provider has it, for pods in its namespace. */
export async function vaultTrust(): Promise<VaultTrust> {
  const { containers, volumes } = await installedProvider();
  const [container] = containers;
  if (container === undefined) throw new Error("the provider's pods have no container");
  return {
    image: container.image,
    env: (container.env ?? []).filter(({ name }) => VARIABLES.includes(name)),
    volumes: volumes.filter(({ name }) => VOLUMES.includes(String(name))),
    volumeMounts: container.volumeMounts.filter(({ name }) => VOLUMES.includes(String(name))),
  };
}

/** The same for pods in another namespace, which is given copies of the ConfigMaps. */
export async function bringVaultTrust(namespace: string): Promise<VaultTrust> {
  const trust = await vaultTrust();
  for (const volume of trust.volumes) {
    const { name } = (volume as { configMap: { name: string } }).configMap;
    const { data } = await api.get(pathOf("v1", "configmaps", SYSTEM, name));
    await apply(namespace, { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
  }
  return trust;
}

/** The same manifests, with the suite's image, in which the DaemonSet's pods reach the embedded vault. */
export function withVaultTrust(manifests: readonly Manifest[], trust: VaultTrust): Manifest[] {
  return structuredClone(manifests).map((manifest) => {
    if (manifest["kind"] !== "DaemonSet") return manifest;
    const { spec } = (manifest["spec"] as { template: { spec: ProviderPodSpec } }).template;
    const [container] = spec.containers;
    if (container === undefined) throw new Error("the DaemonSet has no container");
    for (const one of [...(spec.initContainers ?? []), container]) one.image = trust.image;
    container.env = [...(container.env ?? []), ...trust.env];
    container.volumeMounts = [...container.volumeMounts, ...trust.volumeMounts];
    spec.volumes = [...spec.volumes, ...trust.volumes];
    setFlag(container, "v", "5");
    setFlag(container, "object-cache-ttl", "0s"); // a changed value is to be seen soon
    return manifest;
  });
}
