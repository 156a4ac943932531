import { readDocuments } from "../manifests/support/manifest.js";

/** A manifest's document, as far as tests look into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly privileged?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly runAsNonRoot?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
  readonly resources?: Readonly<Record<"requests" | "limits", Readonly<Record<string, string>>>>;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe?: unknown;
  readonly readinessProbe?: unknown;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface DaemonSet extends Manifest {
  readonly spec: {
    readonly updateStrategy: unknown;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly hostNetwork?: boolean;
        readonly dnsPolicy?: string;
        readonly affinity?: unknown;
        readonly nodeSelector?: unknown;
        readonly tolerations?: unknown;
        readonly automountServiceAccountToken?: boolean;
        readonly securityContext?: {
          readonly seccompProfile?: { readonly type: string };
          readonly seLinuxOptions?: { readonly type: string };
        };
        readonly containers: readonly Container[];
        readonly initContainers?: readonly Container[];
        readonly volumes: readonly { readonly name: string; readonly hostPath?: { readonly path: string } }[];
      };
    };
  };
}

/** The documents of a YAML stream, as Kubernetes reads them. @throws Error one is not YAML */
export function readManifests(text: string): Manifest[] {
  return readDocuments(text, "manifests").map(({ value }) => value as unknown as Manifest);
}

/** The one DaemonSet among them. */
export function daemonSetOf(manifests: readonly Manifest[]): DaemonSet {
  const [found, ...more] = manifests.filter(({ kind }) => kind === "DaemonSet");
  if (found === undefined || more.length > 0) throw new Error("there is not exactly one DaemonSet");
  return found as DaemonSet;
}
