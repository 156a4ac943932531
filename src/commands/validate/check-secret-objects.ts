import { nearestName } from "../../model/nearest-name.js";
import { quote } from "../../model/quote.js";
import { describeNode, entryAt, isSet, type ManifestNode } from "../manifest/node.js";
import { DNS_NAME_WORDS, isDnsName } from "./kubernetes-names.js";
import type { ObjectFindings, Where } from "./object-findings.js";
import type { PlannedFiles } from "./planned-files.js";
import { requiredText } from "./required-text.js";
import { SecretData } from "./secret-data.js";
import { SECRET_TYPES } from "./secret-types.js";
import { warnOfUnknownFields } from "./unknown-fields.js";

const FIELDS = ["secretName", "type", "labels", "annotations", "data"];

/** A Secret that the driver would make. */
export interface SyncedSecret {
  readonly name: string;
  readonly where: Where;
}

/**
 * Holds `spec.secretObjects` against the files of the class and against what the driver and the API server take.
 * @returns the Secrets that it makes
 */
export function checkSecretObjects(
  spec: ManifestNode | undefined,
  planned: PlannedFiles,
  findings: ObjectFindings,
): SyncedSecret[] {
  const entry = entryAt(spec, "secretObjects");
  if (!isSet(entry)) return [];
  if (entry.value.kind !== "list") {
    findings.error(
      "SECRET_OBJECT_INVALID",
      { line: entry.line, field: "spec.secretObjects" },
      `spec.secretObjects is ${describeNode(entry.value)}; write a list, each with secretName, type and data`,
    );
    return [];
  }
  const secrets: SyncedSecret[] = [];
  for (const [index, item] of entry.value.items.entries()) {
    const path = `spec.secretObjects[${index}]`;
    if (item.kind !== "map") {
      findings.error(
        "SECRET_OBJECT_INVALID",
        { line: item.line, field: path },
        `${path} is ${describeNode(item)}; write secretName, type and data`,
      );
      continue;
    }
    const name = new SecretObject(item, path, planned, findings).check();
    if (name === undefined) continue;
    const earlier = secrets.find((secret) => secret.name === name.name);
    if (earlier === undefined) secrets.push(name);
    else {
      findings.error(
        "SECRET_OBJECT_DUPLICATE",
        name.where,
        `Secret ${quote(name.name)} is made by ${earlier.where.field} already; put all its keys into one entry`,
      );
    }
  }
  return secrets;
}

class SecretObject {
  readonly #node: ManifestNode;
  readonly #path: string;
  readonly #planned: PlannedFiles;
  readonly #findings: ObjectFindings;

  constructor(node: ManifestNode, path: string, planned: PlannedFiles, findings: ObjectFindings) {
    this.#node = node;
    this.#path = path;
    this.#planned = planned;
    this.#findings = findings;
  }

  /** @returns the Secret's name, if it has a sound one */
  check(): SyncedSecret | undefined {
    warnOfUnknownFields(this.#node, FIELDS, this.#path, this.#findings);
    const secret = this.#checkName();
    const type = this.#checkType();
    new SecretData(this.#node, this.#path, this.#planned, this.#findings).check(type);
    for (const field of ["labels", "annotations"]) this.#checkTexts(field);
    return secret;
  }

  #where(...path: readonly string[]): Where {
    const line = entryAt(this.#node, ...path)?.line ?? this.#node.line;
    return { line, field: [this.#path, ...path].join(".") };
  }

  #refuse(where: Where, message: string): void {
    this.#findings.error("SECRET_OBJECT_INVALID", where, message);
  }

  #checkName(): SyncedSecret | undefined {
    const where = this.#where("secretName");
    const name = requiredText(
      this.#node,
      "secretName",
      where,
      "the name of the Secret to make",
      this.#findings,
    );
    if (name === undefined) return undefined;
    if (isDnsName(name)) return { name, where };
    this.#refuse(
      where,
      `secretName ${quote(name)} cannot be the name of a Secret; write ${DNS_NAME_WORDS} characters`,
    );
    return undefined;
  }

  #checkType(): string {
    const where = this.#where("type");
    const type =
      requiredText(this.#node, "type", where, "Opaque, or kubernetes.io/tls and the like", this.#findings) ??
      "";
    const meant = SECRET_TYPES.has(type) ? undefined : nearestName(type, [...SECRET_TYPES.keys()]);
    if (meant !== undefined) {
      this.#findings.warn(
        "SECRET_OBJECT_TYPE_UNKNOWN",
        where,
        `the type ${quote(type)} means nothing to Kubernetes; did you mean ${meant}?`,
      );
    }
    return type;
  }

  #checkTexts(field: string): void {
    const entry = entryAt(this.#node, field);
    if (!isSet(entry)) return;
    const isTexts =
      entry.value.kind === "map" &&
      [...entry.value.entries.values()].every(
        ({ value }) => value.kind === "scalar" && typeof value.value === "string",
      );
    if (!isTexts)
      this.#refuse(this.#where(field), `${field} must be a mapping of texts; put its values in quotes`);
  }
}
