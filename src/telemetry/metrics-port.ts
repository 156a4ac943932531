import { openHttpPort, type HttpPort } from "./http-port.js";
import type { Logger } from "./logger.js";
import type { Metrics } from "./metrics.js";
import { rememberFor } from "./remember.js";

/** A scrape within this time of another gets the same text. */
const FRESH_MS = 1000;
/** A text that took long to write is kept for so many times as long: whoever scrapes, a tenth of the time goes into it. */
const COST_FACTOR = 9;
const MAX_FRESH_MS = 10_000;
/** For making the text, of which there are megabytes at worst, and for reading it: until then it is in memory. */
const ANSWER_LIMIT_MS = 10_000;

export interface MetricsPortOptions {
  readonly metrics: Metrics;
  readonly host?: string | undefined;
  readonly port: number;
  readonly log: Logger;
}

/** Serves `GET /metrics` for Prometheus, on all addresses unless one is given. */
export function openMetricsPort({ metrics, host, port, log }: MetricsPortOptions): HttpPort {
  const freshFor = (tookMs: number): number =>
    Math.min(MAX_FRESH_MS, Math.max(FRESH_MS, COST_FACTOR * tookMs));
  const scrape = rememberFor(freshFor, async () => ({
    status: 200,
    contentType: metrics.contentType,
    // Bytes are shared by all who read them, a text would be encoded and held once for each.
    body: Buffer.from(await metrics.render()),
  }));
  const routes = new Map([["/metrics", scrape]]);
  return openHttpPort({ name: "metrics", host, port, log, routes, answerLimitMs: ANSWER_LIMIT_MS });
}
