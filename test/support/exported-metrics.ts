import { createMetrics } from "../../src/telemetry/metrics.js";

/** Labels that Prometheus adds to every series of a target; `node` is put there by our PodMonitor and scrape example. */
export const TARGET_LABELS = ["job", "instance", "namespace", "pod", "node"];

/**
 * Every series that the provider exports, by its name as a query writes it, with its labels: read from the text that
 * is scraped, after each thing that is counted was counted once.
 */
export async function exportedMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const metrics = createMetrics({ version: "1.2.3" });
  metrics.observeKeyVaultRequest({ objectType: "secret", objectName: "db", error: "", seconds: 1 });
  metrics.observeGrpcRequest({ method: "/Mount", code: "OK", error: "", seconds: 1 });
  metrics.countServedObject("vault", "vault");
  metrics.countSignIn("workload-identity", "accepted");
  metrics.countThrottled("vault");
  metrics.observeThrottleWait("vault", 1);
  metrics.watchQueues(() => [["vault", 1]]);

  const exported = new Map<string, Set<string>>();
  for (const line of (await metrics.render()).split("\n")) {
    const [, name, labels = ""] = /^([a-z_]+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const known = exported.get(name) ?? new Set();
    for (const [, label = ""] of labels.matchAll(/([a-z_]+)="/g)) known.add(label);
    exported.set(name, known);
  }
  return exported;
}

/** A metric as the docs name it: a histogram's series are one. */
export function baseName(series: string): string {
  return series.replace(/_(bucket|sum|count)$/, "");
}
