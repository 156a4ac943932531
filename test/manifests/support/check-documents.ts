import { CollectedErrors } from "../../../src/errors/provider-error.js";
import { shapeOf } from "./document-shape.js";
import { PLACEHOLDER_TOKENS } from "./example-mounts.js";
import {
  isObject,
  type KubernetesObject,
  type ManifestDocument,
  mapsAt,
  nameOf,
  readDocuments,
  textAt,
  textMapAt,
  type Yaml,
} from "./manifest.js";
import type { YamlBlock } from "./markdown-yaml.js";
import { originOf, planVolume } from "./plan-class.js";
import { driverVolumesOf, podTemplatesOf } from "./pods.js";
import { SYNC_PATH } from "./synced-secret.js";

/** Kinds that need no name. */
const NAMELESS = new Set(["Kustomization", "Component", "List"]);
const NO_VOLUME = {
  podName: "pod",
  podNamespace: "default",
  podUid: "1f0b6f0e-3f0c-4a53-8d3e-5f2a6d1c9b7a",
  serviceAccountName: "default",
  targetPath: "/",
  serviceAccountTokens: PLACEHOLDER_TOKENS,
  // For classes that name no identity; one that does takes no notice.
  nodePublishSecret: { clientid: "5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21", clientsecret: "placeholder" },
};
const MARKERS = ["fragment", "wrong on purpose", "with defaults"] as const;
const HOW_TO_MARK =
  "neither a Kubernetes object (apiVersion, kind) nor values of the chart, a seed or a Prometheus file; " +
  "put <!-- yaml: fragment --> before the block";

/** What is wrong with a block of a page, each with its place. */
export function problemsOfBlock({ text, marker, line }: YamlBlock, file: string): string[] {
  const place = `${file}:${line}`;
  if (marker === "wrong on purpose") return [];
  if (marker !== "" && !MARKERS.some((known) => known === marker)) {
    return [`${place}: <!-- yaml: ${marker} --> is not known; known are ${MARKERS.join(", ")}`];
  }
  if (marker !== "fragment") return problemsOfText(text, file, line, marker === "with defaults");
  return attempt(() =>
    readDocuments(text, file, line)
      .filter(({ value }) => isObject(value))
      .map((document) => `${document.place}: is a whole object; take <!-- yaml: fragment --> away`),
  );
}

/**
 * What is wrong with the documents of a file, each with its place.
 * @param hasDefaults - classes may leave tenant and client to the provider's flags
 */
export function problemsOfText(text: string, file: string, firstLine = 1, hasDefaults = false): string[] {
  return attempt(() => {
    const documents = readDocuments(text, file, firstLine);
    if (documents.length === 0) return [`${file}:${firstLine}: holds nothing`];
    return documents.flatMap((document) => {
      const { name, problems } = shapeOf(document.value, document.text);
      const found =
        name === "object"
          ? problemsOfObject(document.value as KubernetesObject, hasDefaults)
          : name === "unknown"
            ? [HOW_TO_MARK]
            : problems;
      return found.map((problem) => `${describe(document)}: ${problem}`);
    });
  });
}

function problemsOfObject(object: KubernetesObject, hasDefaults: boolean): string[] {
  const problems: string[] = [];
  if (nameOf(object) === "" && !NAMELESS.has(object.kind)) problems.push("metadata.name is missing");
  if (object.kind === "SecretProviderClass") problems.push(...problemsOfClass(object, hasDefaults));
  if (object.kind === "SecretSync") problems.push(...problemsOfSync(object));
  for (const template of podTemplatesOf(object)) {
    for (const volume of driverVolumesOf(template)) {
      if (!volume.isReadOnly) problems.push(`volume ${volume.name}: the driver wants csi.readOnly: true`);
      if (volume.className === "") problems.push(`volume ${volume.name} names no secretProviderClass`);
    }
  }
  return problems;
}

function problemsOfClass(object: KubernetesObject, hasDefaults: boolean): string[] {
  if (object.apiVersion !== "secrets-store.csi.x-k8s.io/v1") {
    return [`apiVersion is secrets-store.csi.x-k8s.io/v1, not ${object.apiVersion}`];
  }
  const defaults = hasDefaults
    ? { defaultTenantId: "8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59", defaultClientId: NO_VOLUME.nodePublishSecret.clientid }
    : {};
  return attempt(() => {
    const parameters = textMapAt(object, "spec", "parameters");
    const plan = planVolume(parameters, { ...NO_VOLUME, secretProviderClass: nameOf(object) }, defaults);
    const missing = mapsAt(object, "spec", "secretObjects").flatMap((secretObject) =>
      mapsAt(secretObject, "data")
        .map((item) => textAt(item, "objectName"))
        .filter((file) => originOf(file, plan) === undefined)
        .map((file) => `secretObjects of ${textAt(secretObject, "secretName")}: no object makes the file ${file}`),
    );
    return [...plan.warnings, ...missing];
  });
}

function problemsOfSync(object: Yaml): string[] {
  return mapsAt(object, "spec", "secretObject", "data")
    .map((item) => textAt(item, "sourcePath"))
    .filter((path) => !SYNC_PATH.test(path))
    .map((path) => `the custom resource takes no sourcePath ${path}: a file's name without folders, or a history's name/0`);
}

function attempt(work: () => string[]): string[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof CollectedErrors) return error.errors.map(({ message }) => message);
    return [(error as Error).message];
  }
}

function describe({ place, value }: ManifestDocument): string {
  return isObject(value) ? `${place}: ${value.kind} ${nameOf(value)}` : place;
}
