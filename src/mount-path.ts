import { BUILD_INFO } from "./config/build-info.js";
import type { ProviderConfig } from "./config/provider-config.js";
import { rememberDiscovery } from "./identity/discovery-memory.js";
import { createLocalIdentities } from "./identity/local-identities.js";
import { ProvenIdentities } from "./identity/proofs/proven-identities.js";
import { SharedVaults, type SharedVaultsOptions } from "./keyvault/shared-vaults.js";
import { createMounter } from "./mount/mounter.js";
import { createTrust } from "./network/certificate-authorities.js";
import { createHttpClient } from "./network/http-client.js";
import { createLookup } from "./network/lookup.js";
import { takeProxySettings } from "./network/proxy-settings.js";
import { OffloadPool } from "./offload/offload-pool.js";
import type { WorkerProgram } from "./offload/worker-thread.js";
import { RememberedObjects } from "./parameters/remembered-objects.js";
import type { MountFunction } from "./rpc/mount-calls.js";
import { keepHeapSmall } from "./small-heap.js";
import type { Logger } from "./telemetry/logger.js";
import type { Metrics } from "./telemetry/metrics.js";

export interface MountPathParts {
  readonly config: ProviderConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** What a Mount needs once it has come in. */
export interface MountPath {
  readonly mount: MountFunction;
  close(): Promise<void>;
}

/** worker-main.ts and what it imports, as one program; the bundler puts it in. */
declare const OFFLOAD_PROGRAM: string | undefined;

/** Builds what every Mount of this process shares, and the use case with it. */
export function createMountPath({ config, env, log, metrics }: MountPathParts): MountPath {
  const trust = createTrust(env, log);
  const lookup = createLookup();
  const connections = createHttpClient({ trust, lookup, proxy: takeProxySettings(env) });
  const local = createLocalIdentities({
    tokenProxyUrl: config["token-proxy-url"],
    sniName: config["sni-name"],
    apiServerPort: env["KUBERNETES_SERVICE_PORT"],
    trust,
    lookup,
    onRetry: ({ retry, delayMs, cause }) => {
      log.info(2, "The instance metadata service is asked again", { retry, delayMs, cause });
    },
  });
  const pool = new OffloadPool({ program: offloadProgram(), onThreadReady: keepHeapSmall });
  const httpClient = rememberDiscovery(connections);
  const userAgentPrefix = [config["custom-user-agent"], `csi-secrets-store/${BUILD_INFO.version}`]
    .filter(Boolean)
    .join(" ");
  const identities = new ProvenIdentities({
    httpClient,
    local,
    userAgentPrefix,
    onSignIn: (mode, outcome) => {
      metrics.countSignIn(mode, outcome);
    },
    onWaited: (waitedMs) => {
      metrics.observeThrottleWait("sign-in", waitedMs / 1000);
    },
  });
  const vaults = new SharedVaults({
    httpClient,
    userAgentPrefix,
    cacheTtlMs: config["object-cache-ttl"],
    staleMs: config["serve-stale-during-outage"],
    throttle: { maxPerSecond: config["vault-max-requests-per-second"] },
    ...observeVaults(metrics, log),
  });
  metrics.watchQueues(() => vaults.waiting());
  const mount = createMounter({
    identities,
    vaults,
    pool,
    rememberedObjects: new RememberedObjects(),
    cloudName: config["cloud-name"],
    defaultTenantId: config["default-tenant-id"],
    defaultClientId: config["default-client-id"],
    environmentFile: config.environmentFile,
    content: {
      constructPemChain: config["construct-pem-chain"],
      separateCertAndKeyFiles: config["write-cert-and-key-in-separate-files"],
    },
  });
  return {
    mount,
    close: async () => {
      connections.close();
      local.close();
      await pool.close();
    },
  };
}

type VaultObserver = Pick<SharedVaultsOptions, "onRequest" | "onServed" | "onThrottled" | "onWaited">;

function observeVaults(metrics: Metrics, log: Logger): VaultObserver {
  return {
    onRequest: (_vault, { objectType, objectName, errorCode, durationMs }) => {
      const error = errorCode ?? "";
      metrics.observeKeyVaultRequest({ objectType, objectName, error, seconds: durationMs / 1000 });
    },
    onServed: (vault, from) => {
      metrics.countServedObject(vault, from);
      if (from === "stale")
        log.warn("A starting pod got an older value, because its vault is out of reach", { vault });
    },
    onThrottled: (vault, closedForMs, isNews) => {
      metrics.countThrottled(vault);
      if (!isNews) return;
      log.warn("The vault limits how much it is asked; its requests wait", {
        vault,
        closedForMs: Math.round(closedForMs),
      });
    },
    onWaited: (vault, waitedMs) => {
      metrics.observeThrottleWait(vault, waitedMs / 1000);
    },
  };
}

/** From source, where each module is a file, there is no text to run. */
function offloadProgram(): WorkerProgram {
  return typeof OFFLOAD_PROGRAM === "string"
    ? OFFLOAD_PROGRAM
    : new URL("./offload/worker-main.ts", import.meta.url);
}
