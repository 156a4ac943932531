import type { KubernetesObject } from "../manifest/kubernetes-object.js";
import { entryAt, itemsAt, type ManifestNode, type MapEntry, textAt } from "../manifest/node.js";

/** The driver's name in a volume. */
const DRIVER = "secrets-store.csi.k8s.io";

/** Where the pod's spec stands in each kind that makes pods. */
const POD_SPECS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Pod", ["spec"]],
  ["PodTemplate", ["template", "spec"]],
  ["CronJob", ["spec", "jobTemplate", "spec", "template", "spec"]],
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout"].map(
    (kind): [string, readonly string[]] => [kind, ["spec", "template", "spec"]],
  ),
]);

/** A volume of this driver, in whatever makes pods. */
export interface PodVolume {
  readonly object: KubernetesObject;
  /** The volume's own node. */
  readonly node: ManifestNode;
  /** For example `spec.template.spec.volumes[0]`. */
  readonly path: string;
  readonly name: string;
  readonly csi: ManifestNode;
  readonly attributes: MapEntry | undefined;
  /** Name of the class; undefined when it names none. */
  readonly className: string | undefined;
  /** Name of the Secret of nodePublishSecretRef; undefined when it names none. */
  readonly secretName: string | undefined;
  /** Mounts of the volume in containers that take a part of it. */
  readonly subPaths: readonly { readonly line: number; readonly field: string; readonly container: string }[];
}

/** The volumes of the driver that an object's pods have. */
export function podVolumes(object: KubernetesObject): PodVolume[] {
  const path = POD_SPECS.get(object.kind);
  const spec = path === undefined ? undefined : entryAt(object.node, ...path)?.value;
  if (path === undefined || spec === undefined) return [];
  const prefix = path.join(".");
  return itemsAt(spec, "volumes").flatMap((node, index) => {
    const csi = entryAt(node, "csi")?.value;
    if (csi === undefined || textAt(csi, "driver") !== DRIVER) return [];
    const name = textAt(node, "name") ?? "";
    return [
      {
        object,
        node,
        path: `${prefix}.volumes[${index}]`,
        name,
        csi,
        attributes: entryAt(csi, "volumeAttributes"),
        className: textAt(csi, "volumeAttributes", "secretProviderClass"),
        secretName: textAt(csi, "nodePublishSecretRef", "name"),
        subPaths: subPathsOf(spec, prefix, name),
      },
    ];
  });
}

function subPathsOf(spec: ManifestNode, prefix: string, volume: string): PodVolume["subPaths"] {
  return ["initContainers", "containers"].flatMap((list) =>
    itemsAt(spec, list).flatMap((container, at) =>
      itemsAt(container, "volumeMounts").flatMap((mount, index) => {
        const field = ["subPath", "subPathExpr"].find((name) => (textAt(mount, name) ?? "") !== "");
        if (field === undefined || textAt(mount, "name") !== volume) return [];
        return [
          {
            line: entryAt(mount, field)?.line ?? mount.line,
            field: `${prefix}.${list}[${at}].volumeMounts[${index}].${field}`,
            container: textAt(container, "name") ?? "",
          },
        ];
      }),
    ),
  );
}
