import {
  at,
  isMap,
  mapsAt,
  nameOf,
  textAt,
  textMapAt,
  textsAt,
  type Yaml,
  type YamlMap,
} from "./manifest.js";

export const DRIVER = "secrets-store.csi.k8s.io";

/** A pod, or what a Deployment makes its pods from. */
export interface PodTemplate {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: YamlMap;
}

/** A key of a Secret that a pod or an Ingress asks for; without a key, the Secret as a whole. */
export interface SecretReference {
  readonly secret: string;
  readonly key: string | undefined;
  /** For messages. */
  readonly from: string;
}

/** A volume of the driver. */
export interface DriverVolume {
  readonly name: string;
  readonly className: string;
  /** All of them, `secretProviderClass` too. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The Secret of nodePublishSecretRef; empty when there is none. */
  readonly publishSecret: string;
  readonly isReadOnly: boolean;
}

/** The pods that an object makes; none for one that makes none. */
export function podTemplatesOf(object: Yaml): PodTemplate[] {
  const paths: Record<string, readonly string[]> = {
    Pod: [],
    Deployment: ["spec", "template"],
    StatefulSet: ["spec", "template"],
    DaemonSet: ["spec", "template"],
    Job: ["spec", "template"],
    CronJob: ["spec", "jobTemplate", "spec", "template"],
  };
  const path = paths[textAt(object, "kind")];
  const template = path === undefined ? undefined : at(object, ...path);
  const spec = at(template, "spec");
  if (template === undefined || !isMap(spec)) return [];
  return [{ name: nameOf(object), labels: textMapAt(template, "metadata", "labels"), spec }];
}

export function serviceAccountOf({ spec }: PodTemplate): string {
  return textAt(spec, "serviceAccountName") || "default";
}

export function driverVolumesOf({ spec }: PodTemplate): DriverVolume[] {
  return mapsAt(spec, "volumes")
    .filter((volume) => at(volume, "csi", "driver") === DRIVER)
    .map((volume) => {
      const attributes = textMapAt(volume, "csi", "volumeAttributes");
      return {
        name: textAt(volume, "name"),
        className: attributes["secretProviderClass"] ?? "",
        attributes,
        publishSecret: textAt(volume, "csi", "nodePublishSecretRef", "name"),
        isReadOnly: at(volume, "csi", "readOnly") === true,
      };
    });
}

export function containersOf({ spec }: PodTemplate): YamlMap[] {
  return ["initContainers", "containers"].flatMap((list) => mapsAt(spec, list));
}

/** Where a pod's containers see a volume. */
export function mountsOf(
  template: PodTemplate,
  volume: string,
): { mountPath: string; subPath: string; isReadOnly: boolean }[] {
  return containersOf(template)
    .flatMap((container) => mapsAt(container, "volumeMounts"))
    .filter((mount) => mount["name"] === volume)
    .map((mount) => ({
      mountPath: textAt(mount, "mountPath"),
      subPath: textAt(mount, "subPath"),
      isReadOnly: mount["readOnly"] === true,
    }));
}

/** Every path below a folder that commands, arguments and variables of a pod name, relative to it. */
export function pathsNamedBelow(template: PodTemplate, folder: string): string[] {
  const texts = containersOf(template).flatMap((container) => [
    ...textsAt(container, "command"),
    ...textsAt(container, "args"),
    ...mapsAt(container, "env").map((variable) => textAt(variable, "value")),
  ]);
  return texts.flatMap((text) =>
    text
      .split(/[^\w./-]+/)
      .filter((word) => word.startsWith(`${folder}/`))
      .map((word) => word.slice(folder.length + 1)),
  );
}

/** Every Secret that a pod asks the API server for. */
export function secretReferencesOf(template: PodTemplate): SecretReference[] {
  const from = `pod ${template.name}`;
  const ofContainers = containersOf(template).flatMap((container) => [
    ...mapsAt(container, "env")
      .map((variable) => at(variable, "valueFrom", "secretKeyRef"))
      .filter(isMap)
      .map((reference) => ({
        secret: textAt(reference, "name"),
        key: textAt(reference, "key"),
        from: `${from}, env`,
      })),
    ...mapsAt(container, "envFrom")
      .map((source) => textAt(source, "secretRef", "name"))
      .filter((secret) => secret !== "")
      .map((secret) => ({ secret, key: undefined, from: `${from}, envFrom` })),
  ]);
  const ofPulling = mapsAt(template.spec, "imagePullSecrets").map((reference) => ({
    secret: textAt(reference, "name"),
    key: ".dockerconfigjson",
    from: `${from}, imagePullSecrets`,
  }));
  const ofVolumes = mapsAt(template.spec, "volumes")
    .map((volume) => textAt(volume, "secret", "secretName"))
    .filter((secret) => secret !== "")
    .map((secret) => ({ secret, key: undefined, from: `${from}, volumes` }));
  return [...ofContainers, ...ofPulling, ...ofVolumes];
}

/** The Secrets of an Ingress' TLS hosts. */
export function secretReferencesOfIngress(ingress: Yaml): SecretReference[] {
  return mapsAt(ingress, "spec", "tls").flatMap((tls) =>
    ["tls.crt", "tls.key"].map((key) => ({
      secret: textAt(tls, "secretName"),
      key,
      from: `Ingress ${nameOf(ingress)}`,
    })),
  );
}
