import { api } from "./api.js";
import { podsOf } from "./cluster.js";
import type { PodObject } from "./cluster.js";
import { PROVIDER_LABEL, SYSTEM } from "./diagnosis.js";

/** What the provider's process says of itself. */
export interface ProcessMetrics {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** The provider's pod on a node. */
export async function providerPodOn(node: string): Promise<PodObject> {
  const pods = await podsOf(SYSTEM, PROVIDER_LABEL);
  const found = pods.find(
    ({ spec, metadata }) => spec.nodeName === node && metadata.deletionTimestamp === undefined,
  );
  if (found === undefined) throw new Error(`there is no provider on the node ${node}`);
  return found;
}

/** The metrics of a provider's process, from the port that its manifest names. */
export async function processMetrics(pod: PodObject): Promise<ProcessMetrics> {
  const path = `/api/v1/namespaces/${SYSTEM}/pods/${pod.metadata.name}:${metricsPort(pod)}/proxy/metrics`;
  const text = String(await api.request("GET", path));
  return {
    cpuSeconds: valueOf(text, "process_cpu_seconds_total"),
    residentBytes: valueOf(text, "process_resident_memory_bytes"),
  };
}

function valueOf(text: string, series: string): number {
  const value = new RegExp(`^${series} (\\S+)`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`the provider shows no ${series}`);
  return Number(value);
}

interface Container {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

function metricsPort({ spec }: PodObject): number {
  const { containers } = spec as unknown as { containers: readonly Container[] };
  const ports = containers.flatMap((container) => container.ports ?? []);
  const port = ports.find(({ name }) => name === "metrics") ?? ports[0];
  if (port === undefined) throw new Error("the provider's pod names no port of its metrics");
  return port.containerPort;
}
