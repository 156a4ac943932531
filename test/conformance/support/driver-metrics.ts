import { api } from "./api.js";
import { podsOf } from "./cluster.js";
import { DRIVER_LABEL, SYSTEM } from "./diagnosis.js";

/** The driver's metrics, of all its pods: the lines without comments. */
export async function driverMetrics(): Promise<string[]> {
  const pods = await podsOf(SYSTEM, DRIVER_LABEL);
  const texts = await Promise.all(
    pods.map(({ metadata, spec }) =>
      api.request(
        "GET",
        `/api/v1/namespaces/${SYSTEM}/pods/${metadata.name}:${metricsPort(spec)}/proxy/metrics`,
      ),
    ),
  );
  return texts
    .flatMap((text) => String(text).split("\n"))
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The port of `--metrics-addr=:8095` in the driver's arguments. */
function metricsPort(spec: unknown): string {
  const port = /--metrics-addr=[^"]*:(\d+)/.exec(JSON.stringify(spec))?.[1];
  if (port === undefined) throw new Error("the driver's pod has no --metrics-addr");
  return port;
}
