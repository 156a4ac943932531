import { BUILD_INFO } from "./config/build-info.js";
import type { ProviderConfig } from "./config/provider-config.js";
import { lazyMountPath } from "./lazy-mount-path.js";
import { surviveUncaughtErrors, watchStopSignals } from "./process-events.js";
import { openHealthPort } from "./rpc/health-port.js";
import { Listener } from "./rpc/listener.js";
import { ProviderServer } from "./rpc/provider-server.js";
import { collectGarbage, keepHeapSmall } from "./small-heap.js";
import { createLogger } from "./telemetry/create-logger.js";
import type { HttpPort } from "./telemetry/http-port.js";
import type { Logger } from "./telemetry/logger.js";
import { createMetrics } from "./telemetry/metrics.js";
import { openMetricsPort } from "./telemetry/metrics-port.js";

/**
 * How long running mounts have once the process is told to stop. The kubelet kills it after 30 s unless the
 * DaemonSet's terminationGracePeriodSeconds says otherwise; by then they must have been answered.
 */
const DRAIN_LIMIT_MS = 25_000;

/**
 * Serves until SIGTERM or SIGINT, and then drains.
 * @returns the code to exit with: 0, or 1 when the endpoint cannot be served as it is configured
 */
export async function serve(config: ProviderConfig, env: NodeJS.ProcessEnv): Promise<number> {
  keepHeapSmall();
  const log = createLogger({ verbosity: config.v, json: config["log-format-json"] });
  const metrics = createMetrics({ version: BUILD_INFO.version });
  const signals = watchStopSignals(log);
  const forgetErrors = surviveUncaughtErrors(log, metrics);
  log.info(0, "Starting the Azure Key Vault provider", {
    version: BUILD_INFO.version,
    buildDate: BUILD_INFO.buildDate,
  });
  for (const warning of config.warnings) log.warn(warning);

  const profilePorts = await openProfiles(config, log);
  const mountPath = lazyMountPath({ config, env, log, metrics });
  const server = new ProviderServer({ mount: mountPath.mount, log, metrics, version: BUILD_INFO.version });
  metrics.setServing(false);
  const { endpoint } = config;
  const listener = new Listener(endpoint, {
    log,
    onConnection: server.accept,
    onChange: (isListening) => {
      metrics.setServing(isListening);
    },
  });
  const ports = [
    openHealthPort({
      endpoint,
      host: addressOf(config["healthz-bind-address"]),
      port: config["healthz-port"],
      path: config["healthz-path"],
      timeoutMs: config["healthz-timeout"],
      unreadyBecause: () => {
        if (signals.stop.aborted) return "the provider is being stopped";
        return listener.isListening ? undefined : "waiting for the endpoint";
      },
      log,
    }),
    openMetricsPort({
      metrics,
      host: addressOf(config["metrics-bind-address"]),
      port: config["prometheus-port"],
      log,
    }),
    ...profilePorts,
  ];
  try {
    const hasStarted = await startedOrStopped(listener, signals.stop, log);
    if (!hasStarted) return 1;
    mountPath.warmUp(collectGarbage);
    await aborted(signals.stop);
    await listener.stopAccepting();
    await server.drain(DRAIN_LIMIT_MS, signals.hurry);
    return 0;
  } finally {
    await listener.stopAccepting();
    await Promise.all([...ports.map((port) => port.close()), mountPath.close()]);
    listener.remove();
    log.info(0, "Stopped");
    forgetErrors();
    signals.dispose();
  }
}

/** False when the endpoint can never be had; true once it is, or when the process is told to stop before. */
async function startedOrStopped(listener: Listener, stop: AbortSignal, log: Logger): Promise<boolean> {
  try {
    await Promise.race([listener.started, aborted(stop)]);
    return true;
  } catch (error) {
    log.error("The provider cannot serve", { err: error instanceof Error ? error.message : "unknown error" });
    return false;
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener("abort", resolve, { once: true });
  });
}

/** Loaded only for those who ask for profiles. */
async function openProfiles(config: ProviderConfig, log: Logger): Promise<readonly HttpPort[]> {
  if (!config["enable-pprof"]) return [];
  const { openProfilePorts } = await import("./telemetry/profile-ports.js");
  return openProfilePorts({ port: config["pprof-port"], log });
}

/** Empty: all addresses. */
function addressOf(flag: string): string | undefined {
  return flag === "" ? undefined : flag;
}
