import { openHttpPort, type HttpPort } from "./http-port.js";
import type { Logger } from "./logger.js";
import type { Metrics } from "./metrics.js";
import { rememberFor } from "./remember.js";

/** A scrape within this time of another gets the same text. */
const FRESH_MS = 1000;

export interface MetricsPortOptions {
  readonly metrics: Metrics;
  readonly host?: string | undefined;
  readonly port: number;
  readonly log: Logger;
}

/** Serves `GET /metrics` for Prometheus, on all addresses unless one is given. */
export function openMetricsPort({ metrics, host, port, log }: MetricsPortOptions): HttpPort {
  const scrape = rememberFor(FRESH_MS, async () => ({
    status: 200,
    contentType: metrics.contentType,
    body: await metrics.render(),
  }));
  return openHttpPort({ name: "metrics", host, port, log, routes: new Map([["/metrics", scrape]]) });
}
