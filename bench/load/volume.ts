import { buildMountRequest } from "../../driver/mount-request.js";
import type { v1alpha1 } from "../../provider-proto/generated/messages.js";
import type { SeededPod, World } from "../emulator/protocol.js";
import type { Mounted } from "./mount-client.js";

/** A pod's volume: what the driver sends for it each time, and what has to come back. */
export interface Volume {
  readonly request: v1alpha1.IMountRequest;
  readonly fileCount: number;
  readonly totalBytes: number;
}

const AUDIENCE = "api://AzureADTokenExchange";

/**
 * A volume of a pod with every object of the world in it. It keeps its target path.
 * @param serial - tells several volumes of one pod apart
 */
export function volumeOf(world: World, pod: SeededPod, serial = 0): Volume {
  const parameters = {
    keyvaultName: world.vaultName,
    tenantID: world.tenantId,
    clientID: pod.clientId,
    objects: objectsYaml(world.objectNames),
  };
  const request = buildMountRequest(parameters, {
    podName: pod.name,
    podNamespace: pod.namespace,
    podUid: pod.uid,
    serviceAccountName: pod.serviceAccount,
    secretProviderClass: `${pod.serviceAccount}-secrets`,
    targetPath: `/var/lib/kubelet/pods/${pod.uid}/volumes/kubernetes.io~csi/secrets-${serial}/mount`,
    serviceAccountTokens: { [AUDIENCE]: { token: pod.token, expirationTimestamp: pod.tokenExpiry } },
  });
  const fileCount = world.objectNames.length;
  return { request, fileCount, totalBytes: fileCount * world.objectBytes };
}

/**
 * Holds an answer against the volume: a provider is not fast that answers less than what was asked.
 * @throws Error
 */
export function checkAnswer(volume: Volume, { files, objectVersions }: Mounted): void {
  const bytes = files.reduce((sum, { contents }) => sum + (contents?.length ?? 0), 0);
  if (
    files.length === volume.fileCount &&
    objectVersions.size === volume.fileCount &&
    bytes === volume.totalBytes
  )
    return;
  throw new Error(
    `the answer has ${files.length} files, ${objectVersions.size} versions and ${bytes} bytes; ` +
      `expected ${volume.fileCount}, ${volume.fileCount} and ${volume.totalBytes}`,
  );
}

/** As people write it: a list of YAML texts. */
function objectsYaml(names: readonly string[]): string {
  return `array:\n${names.map((name) => `  - |\n    objectName: ${name}\n    objectType: secret\n`).join("")}`;
}
