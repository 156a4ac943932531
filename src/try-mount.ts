import { mountCommand, type MountOutcome } from "./commands/try-mount/mount.js";
import { processStreams } from "./commands/streams.js";
import { BUILD_INFO } from "./config/build-info.js";
import type { MountOptions } from "./config/command-options.js";
import { configWith } from "./config/provider-config.js";
import { ProviderError } from "./errors/provider-error.js";
import { lazyMountPath } from "./lazy-mount-path.js";
import type { MountRequest } from "./model/mount-request.js";
import { goStatusName, MOUNT_FAILURE_PREFIX, toFailure } from "./rpc/status.js";
import { createLogger } from "./telemetry/create-logger.js";
import { describeUnexpected } from "./telemetry/describe-unexpected.js";
import type { Logger } from "./telemetry/logger.js";
import { createMetrics } from "./telemetry/metrics.js";

/** One Mount by the way that the driver's calls take, behind the socket; then the process ends. */
export async function tryMount(options: MountOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const warnings: string[] = [];
  const log = remembering(createLogger({ verbosity: options.v, json: false }), warnings);
  const { timeout, v } = options;
  const config = configWith(
    {
      v,
      "cloud-name": options["cloud-name"],
      "default-tenant-id": options["default-tenant-id"],
      "default-client-id": options["default-client-id"],
      "construct-pem-chain": options["construct-pem-chain"],
      "write-cert-and-key-in-separate-files": options["write-cert-and-key-in-separate-files"],
      "custom-user-agent": options["custom-user-agent"],
      "token-proxy-url": options["token-proxy-url"],
      "sni-name": options["sni-name"],
    },
    env,
  );
  const path = lazyMountPath({ config, env, log, metrics: createMetrics({ version: BUILD_INFO.version }) });
  const mount = async (request: MountRequest): Promise<MountOutcome> => {
    const ending = new AbortController();
    const timer = setTimeout(() => {
      ending.abort(
        new ProviderError("CALL_DEADLINE_EXCEEDED", `the mount took longer than --timeout, ${timeout} ms`),
      );
    }, timeout);
    const arrivedAtMs = performance.now();
    try {
      const result = await path.mount(request, {
        signal: ending.signal,
        arrivedAtMs,
        deadlineMs: arrivedAtMs + timeout,
        log,
      });
      return { result, warnings };
    } catch (error) {
      const { code, status, details, isUnexpected } = toFailure(error, {
        signal: ending.signal,
        requestId: "of this command",
        prefix: MOUNT_FAILURE_PREFIX,
      });
      if (isUnexpected) log.error("An unexpected error", { ...describeUnexpected(error) });
      return { failure: { code, status: goStatusName(status), message: details } };
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    return await mountCommand(options, { streams: processStreams(), env, mount });
  } finally {
    await path.close();
  }
}

/** A logger that keeps the words of its warnings as well. */
function remembering(log: Logger, warnings: string[]): Logger {
  return {
    info: (verbosity, message, fields) => {
      log.info(verbosity + 1, message, fields); // at 0, the table says what there is to say
    },
    warn: (message, fields) => {
      warnings.push(message);
      log.warn(message, fields);
    },
    error: (message, fields) => {
      log.error(message, fields);
    },
    with: (fields) => remembering(log.with(fields), warnings),
  };
}
