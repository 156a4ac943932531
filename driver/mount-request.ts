import type { v1alpha1 } from "../provider-proto/generated/messages.js";

/** The token of one audience, as the kubelet hands it to the driver. */
export interface ServiceAccountToken {
  readonly token: string;
  /** RFC 3339. */
  readonly expirationTimestamp: string;
}

/** One volume of one pod, as the kubelet asks the driver to publish it. */
export interface VolumeToPublish {
  readonly podName: string;
  readonly podNamespace: string;
  readonly podUid: string;
  readonly serviceAccountName: string;
  readonly secretProviderClass: string;
  readonly targetPath: string;
  /** By audience (CSIDriver `tokenRequests`); left out when the driver's CSIDriver object asks for none. */
  readonly serviceAccountTokens?: Readonly<Record<string, ServiceAccountToken>>;
  /** Data of the Secret that nodePublishSecretRef names; left out when the volume names none. */
  readonly nodePublishSecret?: Readonly<Record<string, string>>;
  /** The pod's own additions to `volumeAttributes`; they win over the class's parameters. */
  readonly volumeAttributes?: Readonly<Record<string, string>>;
  /**
   * True from Kubernetes 1.35 on, where the kubelet sends the tokens as one of the secrets; the driver then copies
   * them into the attributes.
   */
  readonly tokensInSecrets?: boolean;
}

/** Default mode of the files, as the driver sends it: 0644. */
const FILE_PERMISSION = 0o644;
const TOKENS_KEY = "csi.storage.k8s.io/serviceAccount.tokens";

/**
 * Builds the MountRequest that the stock driver v1.6 sends for one volume: the volume's context copied over the
 * class's parameters.
 * @see pkg/secrets-store/nodeserver.go of the driver, NodePublishVolume
 */
export function buildMountRequest(
  parameters: Readonly<Record<string, string>>,
  volume: VolumeToPublish,
): v1alpha1.IMountRequest {
  const tokens =
    volume.serviceAccountTokens === undefined ? undefined : JSON.stringify(volume.serviceAccountTokens);
  const attributes: Record<string, string> = {
    ...parameters,
    ...volume.volumeAttributes,
    secretProviderClass: volume.secretProviderClass,
    "csi.storage.k8s.io/pod.name": volume.podName,
    "csi.storage.k8s.io/pod.namespace": volume.podNamespace,
    "csi.storage.k8s.io/pod.uid": volume.podUid,
    "csi.storage.k8s.io/serviceAccount.name": volume.serviceAccountName,
    "csi.storage.k8s.io/ephemeral": "true",
    ...(tokens === undefined ? {} : { [TOKENS_KEY]: tokens }),
  };
  const secrets =
    volume.tokensInSecrets === true && tokens !== undefined
      ? { ...volume.nodePublishSecret, [TOKENS_KEY]: tokens }
      : (volume.nodePublishSecret ?? null);
  return {
    attributes: marshal(attributes),
    secrets: secrets === null ? "null" : marshal(secrets),
    targetPath: volume.targetPath,
    permission: String(FILE_PERMISSION),
    currentObjectVersion: [],
  };
}

/** JSON with sorted keys, as Go's json.Marshal writes a map. */
function marshal(map: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))));
}
