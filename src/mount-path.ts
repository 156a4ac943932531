import type { MountPath, MountPathParts } from "./lazy-mount-path.js";
import { BUILD_INFO } from "./config/build-info.js";
import { rememberDiscovery } from "./identity/discovery-memory.js";
import { createLocalIdentities } from "./identity/local-identities.js";
import { createMounter } from "./mount/mounter.js";
import { createTrust } from "./network/certificate-authorities.js";
import { createHttpClient } from "./network/http-client.js";
import { createLookup } from "./network/lookup.js";
import { takeProxySettings } from "./network/proxy-settings.js";
import { OffloadPool } from "./offload/offload-pool.js";
import type { WorkerProgram } from "./offload/worker-thread.js";
import { RememberedObjects } from "./parameters/remembered-objects.js";

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
  const pool = new OffloadPool({ program: offloadProgram() });
  const mount = createMounter({
    httpClient: rememberDiscovery(connections),
    local,
    pool,
    rememberedObjects: new RememberedObjects(),
    cloudName: config["cloud-name"],
    environmentFile: config.environmentFile,
    userAgent: [config["custom-user-agent"], `csi-secrets-store/${BUILD_INFO.version}`]
      .filter(Boolean)
      .join(" "),
    content: {
      constructPemChain: config["construct-pem-chain"],
      separateCertAndKeyFiles: config["write-cert-and-key-in-separate-files"],
    },
    onVaultRequest: ({ objectType, objectName, errorCode, durationMs }) => {
      metrics.observeKeyVaultRequest({
        objectType,
        objectName,
        error: errorCode ?? "",
        seconds: durationMs / 1000,
      });
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

/** From source, where each module is a file, there is no text to run. */
function offloadProgram(): WorkerProgram {
  return typeof OFFLOAD_PROGRAM === "string"
    ? OFFLOAD_PROGRAM
    : new URL("./offload/worker-main.ts", import.meta.url);
}
