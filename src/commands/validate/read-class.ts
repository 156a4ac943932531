import { quote } from "../../model/quote.js";
import type { KubernetesObject } from "../manifest/kubernetes-object.js";
import { describeNode, entryAt, isSet, type MapEntry } from "../manifest/node.js";
import { DNS_NAME_WORDS, isDnsName } from "./kubernetes-names.js";
import type { ObjectFindings, Where } from "./object-findings.js";
import { warnOfUnknownFields } from "./unknown-fields.js";

const GROUP = "secrets-store.csi.x-k8s.io";
const API_VERSION = `${GROUP}/v1`;
const OLD_API_VERSION = `${GROUP}/v1alpha1`;
export const CLASS_KIND = "SecretProviderClass";
/** The name of the provider's socket, which the driver looks for: exactly so. An installation may choose another. */
export const PROVIDER_NAME = "azure";

const SPEC_FIELDS = ["provider", "parameters", "secretObjects"];
const TOP_FIELDS = ["apiVersion", "kind", "metadata", "spec", "status"];

/** Whose class it is, where this provider has that name. */
export function ownerOf(
  object: KubernetesObject,
  providerName: string,
): "ours" | "another provider's" | "no class" {
  const isClass =
    object.kind === CLASS_KIND && (object.apiVersion === "" || object.apiVersion.startsWith(`${GROUP}/`));
  if (!isClass) return "no class";
  const provider = entryAt(object.node, "spec", "provider");
  // What is blank, or differs in case alone, is nobody's: its author is to hear of it.
  const text = provider?.value.kind === "scalar" ? provider.value.text.trim().toLowerCase() : "";
  return text === providerName.toLowerCase() || text === "" ? "ours" : "another provider's";
}

/** What the API server and the driver ask of a class, whatever its parameters mean. */
export function checkEnvelope(
  object: KubernetesObject,
  providerName: string,
  findings: ObjectFindings,
): void {
  const { node, apiVersion, name } = object;
  const where = (...path: readonly string[]): Where => ({
    line: entryAt(node, ...path)?.line ?? node.line,
    field: path.join("."),
  });
  if (apiVersion === OLD_API_VERSION) {
    findings.warn(
      "CLASS_DEPRECATED",
      where("apiVersion"),
      `${OLD_API_VERSION} is deprecated; write ${API_VERSION}`,
    );
  } else if (apiVersion !== API_VERSION) {
    const seen = apiVersion === "" ? "is missing" : `${quote(apiVersion)} does not exist`;
    findings.error("CLASS_INVALID", where("apiVersion"), `apiVersion ${seen}; write ${API_VERSION}`);
  }
  if (!isDnsName(name)) {
    const seen = name === "" ? "metadata.name is missing" : `metadata.name ${quote(name)} cannot be a name`;
    findings.error("CLASS_INVALID", where("metadata", "name"), `${seen}; write ${DNS_NAME_WORDS} characters`);
  }
  warnOfUnknownFields(node, TOP_FIELDS, CLASS_KIND, findings);
  warnOfUnknownFields(entryAt(node, "spec")?.value, SPEC_FIELDS, "spec", findings);

  const provider = entryAt(node, "spec", "provider");
  if (provider?.value.kind !== "scalar" || provider.value.value !== providerName) {
    const seen =
      provider?.value.kind === "scalar" && provider.value.text !== ""
        ? `spec.provider ${quote(provider.value.text)} is found nowhere`
        : "spec.provider is missing";
    findings.error("CLASS_INVALID", where("spec", "provider"), `${seen}; write provider: ${providerName}`);
  }
}

/** A class's parameters, and where each stands. */
export interface ClassParameters {
  readonly values: ReadonlyMap<string, string>;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

/** Reads `spec.parameters`, or `volumeAttributes`: texts, as the API server insists. Others are read on as they are written. */
export function readTexts(
  entry: MapEntry | undefined,
  path: string,
  refuse: (where: Where, message: string) => void,
): ClassParameters {
  const values = new Map<string, string>();
  if (!isSet(entry)) return { values, entries: new Map() };
  if (entry.value.kind !== "map") {
    refuse(
      { line: entry.line, field: path },
      `${path} is ${describeNode(entry.value)}; write a mapping of texts`,
    );
    return { values, entries: new Map() };
  }
  for (const [name, { line, value }] of entry.value.entries) {
    if (value.kind === "scalar") {
      values.set(name, value.text);
      if (typeof value.value === "string") continue;
    }
    const remedy =
      value.kind !== "scalar"
        ? `write it as one text: "${name}: |", and the rest indented below`
        : value.value === null
          ? "give it a value, or remove it"
          : "put it in quotes";
    refuse(
      { line, field: `${path}.${name}` },
      `${name} is ${describeNode(value)}, and the API server takes texts only; ${remedy}`,
    );
  }
  return { values, entries: entry.value.entries };
}
