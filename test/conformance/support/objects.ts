import { CSI_API } from "./api.js";

/** A manifest, on its way to the API server. */
export type Manifest = Readonly<Record<string, unknown>>;

/** The image of the suite's pods: a shell and busybox's programs. */
export const POD_IMAGE =
  process.env["CONFORMANCE_POD_IMAGE"] ?? "registry.k8s.io/e2e-test-images/busybox:1.29-4";
/** Where the first volume of a pod is; the second is at `/mnt/secrets-store-1`, and so on. */
export const MOUNT = "/mnt/secrets-store";
export const CSI_DRIVER = "secrets-store.csi.k8s.io";

/** One object of a class, by the fields that users write. */
export interface VaultObject {
  readonly objectName: string;
  readonly objectType?: "secret" | "key" | "cert";
  readonly objectAlias?: string;
  readonly objectVersion?: string;
  readonly objectVersionHistory?: number;
  readonly objectFormat?: string;
  readonly objectEncoding?: string;
  readonly filePermission?: string;
}

/** One synced Secret of a class. */
export interface SecretObject {
  readonly secretName: string;
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly data: readonly { readonly objectName: string; readonly key: string }[];
}

export interface ClassOptions {
  readonly name: string;
  readonly objects: readonly VaultObject[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly secretObjects?: readonly SecretObject[];
  /** Default "azure". */
  readonly provider?: string;
  readonly namespace?: string;
}

/** A SecretProviderClass whose objects are written as users write them: YAML texts in a YAML text. */
export function secretProviderClass(options: ClassOptions): Manifest {
  const { name, objects, parameters, secretObjects, provider = "azure", namespace } = options;
  return {
    apiVersion: CSI_API,
    kind: "SecretProviderClass",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      provider,
      ...(secretObjects === undefined
        ? {}
        : { secretObjects: secretObjects.map((object) => ({ type: "Opaque", ...object })) }),
      parameters: { ...parameters, objects: objectsText(objects) },
    },
  };
}

function objectsText(objects: readonly VaultObject[]): string {
  const entries = objects.map((object) =>
    Object.entries({ objectType: "secret", ...object })
      .map(([field, value]) => `      ${field}: ${JSON.stringify(value)}\n`)
      .join(""),
  );
  return `array:\n${entries.map((entry) => `  - |\n${entry}`).join("")}`;
}

/** One CSI volume of a pod. */
export interface VolumeOptions {
  readonly secretProviderClass: string;
  readonly volumeAttributes?: Readonly<Record<string, string>>;
  readonly nodePublishSecret?: string;
}

export interface PodOptions {
  readonly name: string;
  /** A class's name, or more than that, for each volume. */
  readonly volumes: readonly (string | VolumeOptions)[];
  readonly serviceAccount?: string;
  /** Variables from keys of Secrets. */
  readonly env?: readonly { readonly name: string; readonly secret: string; readonly key: string }[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: sleeps. */
  readonly command?: readonly string[];
  readonly podSpec?: Manifest;
}

/** A pod that mounts its volumes at `MOUNT`, `MOUNT-1`, … and sleeps. */
export function pod(options: PodOptions): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: options.name, labels: options.labels ?? {} },
    spec: podSpec(options),
  };
}

/** A Deployment of such pods; its pods have the label `app: <name>` and those given. */
export function deployment(options: PodOptions & { readonly replicas?: number }): Manifest {
  const labels = { app: options.name, ...options.labels };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: options.name, labels },
    spec: {
      replicas: options.replicas ?? 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(options) },
    },
  };
}

/** Where the volume of this index is mounted. */
export function mountPath(index: number): string {
  return index === 0 ? MOUNT : `${MOUNT}-${index}`;
}

function podSpec({ volumes, serviceAccount, env = [], command, podSpec: more }: PodOptions): Manifest {
  return {
    terminationGracePeriodSeconds: 0,
    nodeSelector: { "kubernetes.io/os": "linux" },
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
    containers: [
      {
        name: "busybox",
        image: POD_IMAGE,
        imagePullPolicy: "IfNotPresent",
        command: command ?? ["/bin/sleep", "1000000"],
        env: env.map(({ name, secret, key }) => ({
          name,
          valueFrom: { secretKeyRef: { name: secret, key } },
        })),
        volumeMounts: volumes.map((_, index) => ({
          name: `secrets-${index}`,
          mountPath: mountPath(index),
          readOnly: true,
        })),
      },
    ],
    volumes: volumes.map((volume, index) => csiVolume(`secrets-${index}`, volume)),
    ...more,
  };
}

function csiVolume(name: string, volume: string | VolumeOptions): Manifest {
  const options: VolumeOptions = typeof volume === "string" ? { secretProviderClass: volume } : volume;
  const { nodePublishSecret, volumeAttributes } = options;
  return {
    name,
    csi: {
      driver: CSI_DRIVER,
      readOnly: true,
      volumeAttributes: { secretProviderClass: options.secretProviderClass, ...volumeAttributes },
      ...(nodePublishSecret === undefined ? {} : { nodePublishSecretRef: { name: nodePublishSecret } }),
    },
  };
}
