import { type HttpAnswer, type HttpPort, openHttpPort, plainText } from "../telemetry/http-port.js";
import type { Logger } from "../telemetry/logger.js";
import { rememberFor } from "../telemetry/remember.js";
import { askHealth } from "./ask-health.js";
import type { Endpoint } from "../model/endpoint.js";

/** A probe within this time of another gets the same answer. */
const FRESH_MS = 1000;

export interface HealthPortOptions {
  readonly endpoint: Endpoint;
  readonly host?: string | undefined;
  readonly port: number;
  /** `--healthz-path`; `/readyz` beside it cannot be moved. */
  readonly path: string;
  /** For dialling and answering together. */
  readonly timeoutMs: number;
  /** Why the provider is not ready, or undefined when it is. */
  readonly unreadyBecause: () => string | undefined;
  readonly log: Logger;
}

/**
 * Serves two probes over HTTP.
 *
 * `--healthz-path`, for liveness: dials the endpoint as the driver does and asks the gRPC health service there: 200
 * `ok`, else 503. It tests the real path, from the socket's file to this process's event loop. While another provider
 * serves the endpoint and this one waits for it, that one's answer counts: being second is no reason to be restarted.
 *
 * `/readyz`, for readiness: 200 `ok` while the endpoint is ours and calls are taken, else 503 with the reason.
 */
export function openHealthPort(options: HealthPortOptions): HttpPort {
  const { endpoint, host, port, path, timeoutMs, unreadyBecause, log } = options;
  const check = rememberFor(FRESH_MS, async () => {
    const answer = await askHealth(endpoint, timeoutMs);
    if (answer !== "serving") log.warn("Health check failed", { answer });
    return answer === "serving" ? plainText(200, "ok") : plainText(503, `the endpoint is ${answer}`);
  });
  const readiness = (): Promise<HttpAnswer> => {
    const reason = unreadyBecause();
    return Promise.resolve(reason === undefined ? plainText(200, "ok") : plainText(503, reason));
  };
  return openHttpPort({
    name: "health",
    host,
    port,
    log,
    // A healthz path of /readyz keeps its own meaning.
    routes: new Map([
      ["/readyz", readiness],
      [path, check],
    ]),
  });
}
