import type { MountPath, MountPathParts } from "./lazy-mount-path.js";
import { BUILD_INFO } from "./config/build-info.js";
import { rememberDiscovery } from "./identity/discovery-memory.js";
import { createLocalIdentities } from "./identity/local-identities.js";
import { createMounter } from "./mount/mounter.js";
import { createTrust } from "./network/certificate-authorities.js";
import { createHttpClient } from "./network/http-client.js";
import { readProxySettings } from "./network/proxy-settings.js";
import { OffloadPool } from "./offload/offload-pool.js";
import { RememberedObjects } from "./parameters/remembered-objects.js";

/** Builds what every Mount of this process shares, and the use case with it. */
export function createMountPath({ config, env, log, metrics }: MountPathParts): MountPath {
  const trust = createTrust(env, log);
  const connections = createHttpClient({ trust, proxy: readProxySettings(env) });
  const local = createLocalIdentities({
    tokenProxyUrl: config["token-proxy-url"],
    sniName: config["sni-name"],
    apiServerPort: env["KUBERNETES_SERVICE_PORT"],
    trust,
    onRetry: ({ retry, delayMs, cause }) => {
      log.info(2, "The instance metadata service is asked again", { retry, delayMs, cause });
    },
  });
  const pool = new OffloadPool({ workerUrl: workerUrl() });
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

/** The bundle is one file and its own worker. From source, where each module is a file, main.ts is the worker. */
function workerUrl(): URL {
  return import.meta.url.endsWith(".ts") ? new URL("./main.ts", import.meta.url) : new URL(import.meta.url);
}
