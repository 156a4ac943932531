import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { kubectl } from "../support/kubectl.js";
import type { Manifest } from "../support/objects.js";

const APP = "csi-secrets-store-provider-azure";

/** The plain manifest of this project, as it is shipped. */
export function ourManifest(): Manifest[] {
  return manifestsOf(readFileSync("manifests/provider-azure-installer.yaml", "utf8"));
}

/** Folder of an overlay of Kustomize, for `kubectl -k`. */
export function overlayFolder(name: string): string {
  return `manifests/kustomize/overlays/${name}`;
}

/** What kubectl makes of an overlay, as it is shipped. */
export async function ourOverlay(name: string): Promise<Manifest[]> {
  return manifestsOf(await kubectl(["kustomize", overlayFolder(name)]));
}

function manifestsOf(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

export interface OldShape {
  /** Of the DaemonSet and the service account. */
  readonly name?: string;
  /** Value of the label `app`. */
  readonly app?: string;
  /** Further labels. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * What the Go provider's manifest makes, by its names, labels, ports and paths, without what only ours has: readiness probe,
 * seccomp profile, the cluster's authority. The Go provider's image is in no test: this one's runs in its place.
 */
export function oldManifest({ name = APP, app = name, labels = {} }: OldShape = {}): Manifest[] {
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } },
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name, labels: { app, ...labels } },
      spec: {
        updateStrategy: { type: "RollingUpdate" },
        selector: { matchLabels: { app } },
        template: { metadata: { labels: { app, ...labels } }, spec: oldPodSpec(name) },
      },
    },
  ];
}

function oldPodSpec(serviceAccountName: string): Manifest {
  return {
    serviceAccountName,
    hostNetwork: true,
    // The old manifest leaves it out; the vault's names are those of Services here.
    dnsPolicy: "ClusterFirstWithHostNet",
    containers: [
      {
        name: "provider-azure-installer",
        image: "to be set",
        imagePullPolicy: "IfNotPresent",
        args: [
          "--endpoint=unix:///provider/azure.sock",
          "--construct-pem-chain=true",
          "--healthz-port=8989",
          "--healthz-path=/healthz",
          "--healthz-timeout=5s",
        ],
        livenessProbe: {
          httpGet: { path: "/healthz", port: 8989 },
          failureThreshold: 3,
          initialDelaySeconds: 5,
          timeoutSeconds: 10,
          periodSeconds: 30,
        },
        resources: {
          requests: { cpu: "50m", memory: "100Mi" },
          limits: { cpu: "50m", memory: "100Mi" },
        },
        ports: [{ containerPort: 8898, name: "metrics", protocol: "TCP" }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsUser: 0,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ mountPath: "/provider", name: "provider-vol" }],
      },
    ],
    volumes: [{ name: "provider-vol", hostPath: { path: "/var/run/secrets-store-csi-providers" } }],
    tolerations: [{ operator: "Exists" }],
    nodeSelector: { "kubernetes.io/os": "linux" },
  };
}
