import { api } from "../support/api.js";
import { podsOf } from "../support/cluster.js";

const MOUNT = "/v1alpha1.CSIDriverProvider/Mount";

/** How many mounts and refreshes the provider's pods with this label have answered, by their own metrics. */
export async function mountsServed(namespace: string, label: string): Promise<number> {
  const pods = await podsOf(namespace, label);
  const counts = await Promise.all(
    pods.map(async ({ metadata, spec }) => {
      const port = metricsPort(spec);
      const path = `/api/v1/namespaces/${namespace}/pods/${metadata.name}:${port}/proxy/metrics`;
      return countIn(String(await api.request("GET", path)));
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function countIn(metrics: string): number {
  const lines = metrics
    .split("\n")
    .filter((line) => line.startsWith("grpc_request_count{") && line.includes(MOUNT));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

function metricsPort(spec: unknown): number {
  const { containers } = spec as { containers: { ports?: { name?: string; containerPort: number }[] }[] };
  const ports = containers.flatMap((container) => container.ports ?? []);
  const port = ports.find(({ name }) => name === "metrics");
  if (port === undefined) throw new Error("the provider's pod names no port of its metrics");
  return port.containerPort;
}
