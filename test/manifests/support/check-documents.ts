import { checkManifests } from "../../../src/commands/validate/check-manifests.js";
import type { FindingCode } from "../../../src/commands/validate/finding.js";
import { shapeOf } from "./document-shape.js";
import {
  isObject,
  type KubernetesObject,
  type ManifestDocument,
  mapsAt,
  nameOf,
  readDocuments,
  textAt,
  type Yaml,
} from "./manifest.js";
import type { YamlBlock } from "./markdown-yaml.js";
import { SYNC_PATH } from "./synced-secret.js";

/** Kinds that need no name. */
const NAMELESS = new Set(["Kustomization", "Component", "List"]);
/**
 * What `validate` says for want of files that stand elsewhere, of what is told here in other words, and of what Azure has
 * given up and the pages still tell of.
 */
const OF_OTHERS: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "IDENTITY_OUTSIDE_CLASS",
  "MANIFEST_INVALID",
  "NOTHING_TO_CHECK",
  "SETTING_OUTDATED",
  "VOLUME_CLASS_MISSING",
]);
const SOME_ID = "8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59";
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
    const ofParts = documents.flatMap((document) => {
      const { name, problems } = shapeOf(document.value, document.text);
      const found =
        name === "object"
          ? problemsOfObject(document.value as KubernetesObject)
          : name === "unknown"
            ? [HOW_TO_MARK]
            : problems;
      return found.map((problem) => `${describe(document)}: ${problem}`);
    });
    return [...ofParts, ...findingsOf(text, file, firstLine, hasDefaults)];
  });
}

function problemsOfObject(object: KubernetesObject): string[] {
  const isNamed = nameOf(object) !== "" || NAMELESS.has(object.kind);
  return [
    ...(isNamed ? [] : ["metadata.name is missing"]),
    ...(object.kind === "SecretSync" ? problemsOfSync(object) : []),
  ];
}

/** What `validate` says of a text: of its classes, and of the volumes of its pods. */
function findingsOf(text: string, file: string, firstLine: number, hasDefaults: boolean): string[] {
  const source = { name: file, text: "\n".repeat(firstLine - 1) + text };
  const defaults = hasDefaults ? { defaultTenantId: SOME_ID, defaultClientId: SOME_ID } : {};
  const { findings } = checkManifests([source], {
    defaults: { cloudName: "AzurePublicCloud", ...defaults },
    withSeparateFiles: false,
  });
  return findings
    .filter(({ code }) => !OF_OTHERS.has(code))
    .map(
      ({ line, object, field, message }) => `${file}:${line ?? firstLine}: ${object} ${field}: ${message}`,
    );
}

function problemsOfSync(object: Yaml): string[] {
  return mapsAt(object, "spec", "secretObject", "data")
    .map((item) => textAt(item, "sourcePath"))
    .filter((path) => !SYNC_PATH.test(path))
    .map(
      (path) =>
        `the custom resource takes no sourcePath ${path}: a file's name without folders, or a history's name/0`,
    );
}

function attempt(work: () => string[]): string[] {
  try {
    return work();
  } catch (error) {
    return [(error as Error).message];
  }
}

function describe({ place, value }: ManifestDocument): string {
  return isObject(value) ? `${place}: ${value.kind} ${nameOf(value)}` : place;
}
