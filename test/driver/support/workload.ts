import path from "node:path";
import type { Pod } from "../../support/pod.js";
import type { CsiClient } from "./csi-client.js";
import { type KubeClient, type KubeObject, pathOf } from "./kube-client.js";
import { NODE_NAME } from "./stock-driver.js";
import { Volume } from "./volume.js";

const API = "secrets-store.csi.x-k8s.io/v1";
/** Name of a workload's class, unless a test gives another. */
export const DEFAULT_CLASS = "shop-class";
const TOKENS_KEY = "csi.storage.k8s.io/serviceAccount.tokens";

/** A SecretProviderClass, where it differs from one of the pod's own vault. */
export interface ClassOptions {
  readonly name?: string;
  readonly provider?: string;
  /** Parameters added or replaced; undefined takes one away. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  readonly secretObjects?: readonly object[];
}

export interface VolumeOptions {
  readonly className?: string;
  /** `volumeAttributes` beside the class's name. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Data of the Secret that nodePublishSecretRef names. */
  readonly secret?: Readonly<Record<string, string>>;
  /** What the CSIDriver object asks for. Default: workload identity's. */
  readonly audiences?: readonly string[];
  /** True from Kubernetes 1.35 on: tokens come as one of the secrets. */
  readonly tokensInSecrets?: boolean;
  /** How long the kubelet waits for a call, in milliseconds; default its two minutes. */
  readonly deadlineMs?: number;
  /** Changes the tokens before they are sent. */
  readonly spoil?: (token: string) => string;
}

export interface PodStatus extends KubeObject {
  readonly status: {
    readonly mounted: boolean;
    readonly podName: string;
    readonly secretProviderClassName: string;
    readonly targetPath: string;
    readonly objects: readonly { readonly id: string; readonly version: string }[];
  };
}

export interface WorkloadParts {
  readonly client: KubeClient;
  readonly csi: () => CsiClient;
  /** Where the volumes of pods are. */
  readonly kubeletDir: string;
  /** Hears of every volume, to take it away at the end. */
  readonly onVolume: (volume: Volume) => void;
}

/** A pod that the API server knows, on the driver's node, and what the kubelet would do for it. */
export class Workload {
  readonly pod: Pod;
  readonly uid: string;
  readonly #parts: WorkloadParts;
  readonly #classes = new Set<string>();

  private constructor(pod: Pod, uid: string, parts: WorkloadParts) {
    this.pod = pod;
    this.uid = uid;
    this.#parts = parts;
  }

  /**
   * Makes the pod, with a namespace and a service account of its own.
   * @param classNames - of its volumes, one each
   */
  static async create(pod: Pod, parts: WorkloadParts, classNames: readonly string[]): Promise<Workload> {
    const { name, namespace, serviceAccount } = pod;
    const { client } = parts;
    await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await client.apply({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: serviceAccount, namespace },
    });
    const made = await client.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace },
      spec: {
        nodeName: NODE_NAME,
        serviceAccountName: serviceAccount,
        containers: [{ name: "shop", image: "localhost/none:none" }],
        volumes: classNames.map((name) => ({
          name,
          csi: {
            driver: "secrets-store.csi.k8s.io",
            readOnly: true,
            volumeAttributes: { secretProviderClass: name },
          },
        })),
      },
    });
    return new Workload(pod, made.metadata.uid ?? "", parts);
  }

  /** Makes or changes a class. @param objects - YAML of `parameters.objects` */
  async define(objects: string, options: ClassOptions = {}): Promise<void> {
    const parameters: Record<string, string> = { ...this.pod.parameters, objects };
    for (const [name, value] of Object.entries(options.parameters ?? {})) {
      if (value === undefined) Reflect.deleteProperty(parameters, name);
      else parameters[name] = value;
    }
    const { name = DEFAULT_CLASS } = options;
    this.#classes.add(name);
    await this.#parts.client.apply({
      apiVersion: API,
      kind: "SecretProviderClass",
      metadata: { name, namespace: this.pod.namespace },
      spec: {
        provider: options.provider ?? "azure",
        parameters,
        ...(options.secretObjects === undefined ? {} : { secretObjects: options.secretObjects }),
      },
    });
  }

  /** The volume of a class, as the kubelet names it. */
  volume(options: VolumeOptions = {}): Volume {
    const name = options.className ?? DEFAULT_CLASS;
    const { kubeletDir, csi, onVolume } = this.#parts;
    const targetPath = path.join(kubeletDir, "pods", this.uid, "volumes/kubernetes.io~csi", name, "mount");
    const missing = `failed to get secretproviderclass ${this.pod.namespace}/${name}, `;
    const volume = new Volume(targetPath, {
      volumeId: `csi-${this.uid}-${name}`,
      csi,
      request: () => this.#request(options),
      deadlineMs: options.deadlineMs,
      isEarly: (message) => this.#classes.has(name) && message.startsWith(missing),
    });
    onVolume(volume);
    return volume;
  }

  /** What the driver says of a class's volume in the pod; undefined when it says nothing. */
  async status(className = DEFAULT_CLASS): Promise<PodStatus | undefined> {
    const { name, namespace } = this.pod;
    const found = await this.#parts.client.find(
      pathOf({
        apiVersion: API,
        kind: "SecretProviderClassPodStatus",
        metadata: { name: `${name}-${namespace}-${className}`, namespace },
      }),
    );
    return found as PodStatus | undefined;
  }

  /** The Secret that the driver has written; undefined when there is none. */
  async secret(name: string): Promise<KubeObject | undefined> {
    const { namespace } = this.pod;
    return await this.#parts.client.find(
      pathOf({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace } }),
    );
  }

  /** As the kubelet fills it in. @see pkg/volume/csi/csi_mounter.go of Kubernetes */
  async #request(options: VolumeOptions): Promise<{
    secrets: Record<string, string>;
    volumeContext: Record<string, string>;
  }> {
    const tokens = await this.#tokens(options);
    const inSecrets = options.tokensInSecrets === true;
    return {
      secrets: { ...options.secret, ...(inSecrets ? tokens : {}) },
      volumeContext: {
        ...options.attributes,
        secretProviderClass: options.className ?? DEFAULT_CLASS,
        "csi.storage.k8s.io/pod.name": this.pod.name,
        "csi.storage.k8s.io/pod.namespace": this.pod.namespace,
        "csi.storage.k8s.io/pod.uid": this.uid,
        "csi.storage.k8s.io/serviceAccount.name": this.pod.serviceAccount,
        "csi.storage.k8s.io/ephemeral": "true",
        ...(inSecrets ? {} : tokens),
      },
    };
  }

  /** Tokens of the pod, signed by the API server. */
  async #tokens({
    audiences = ["api://AzureADTokenExchange"],
    spoil,
  }: VolumeOptions): Promise<Record<string, string>> {
    if (audiences.length === 0) return {};
    const { name, namespace, serviceAccount } = this.pod;
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: serviceAccount, namespace },
    };
    const tokens: Record<string, { token: string; expirationTimestamp: string }> = {};
    for (const audience of audiences) {
      const { status } = await this.#parts.client.post<{
        status: { token: string; expirationTimestamp: string };
      }>(`${pathOf(account)}/token`, {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: {
          audiences: [audience],
          expirationSeconds: 3600,
          boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid: this.uid },
        },
      });
      tokens[audience] = { ...status, token: spoil?.(status.token) ?? status.token };
    }
    return { [TOKENS_KEY]: JSON.stringify(tokens) };
  }
}
