import { nearestName } from "../../model/nearest-name.js";
import { quote } from "../../model/quote.js";
import { describeNode, entryAt, isSet, itemsAt, type ManifestNode, textAt } from "../manifest/node.js";
import { DNS_NAME_WORDS, isDnsName, isSecretKey } from "./kubernetes-names.js";
import type { ObjectFindings, Where } from "./object-findings.js";
import type { PlannedFile, PlannedFiles } from "./planned-files.js";
import { SECRET_TYPES, type SecretTypeRule, TLS_TYPE } from "./secret-types.js";
import { warnOfUnknownFields } from "./unknown-fields.js";

const FIELDS = ["secretName", "type", "labels", "annotations", "data"];
const DATA_FIELDS = ["objectName", "key"];

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
    this.#checkData(type);
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
    const name = this.#text(this.#node, "secretName", where, "the name of the Secret to make");
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
    const type = this.#text(this.#node, "type", where, "Opaque, or kubernetes.io/tls and the like") ?? "";
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

  #checkData(type: string): void {
    const where = this.#where("data");
    const items = itemsAt(this.#node, "data");
    if (items.length === 0) {
      this.#refuse(
        where,
        "data is empty; list objectName (a file of the volume) and key for each key of the Secret",
      );
      return;
    }
    const keys = new Map<string, number>();
    for (const [index, item] of items.entries()) {
      const path = `${this.#path}.data[${index}]`;
      const at = (field: string): Where => ({
        line: entryAt(item, field)?.line ?? item.line,
        field: `${path}.${field}`,
      });
      warnOfUnknownFields(item, DATA_FIELDS, path, this.#findings);
      const file = this.#checkObjectName(item, at("objectName"));
      const key = this.#checkKey(item, at("key"));
      if (key === undefined) continue;
      const earlier = keys.get(key);
      if (earlier === undefined) keys.set(key, index);
      else {
        this.#findings.error(
          "SECRET_OBJECT_DUPLICATE",
          at("key"),
          `key ${quote(key)} is written by data[${earlier}] already; give one of them another key`,
        );
      }
      if (type === TLS_TYPE && file !== undefined) this.#checkTlsFile(key, file, at("objectName"));
    }
    const rule = SECRET_TYPES.get(type);
    if (rule !== undefined) this.#checkKeysOf(type, rule, [...keys.keys()], where);
  }

  #checkObjectName(item: ManifestNode, where: Where): PlannedFile | undefined {
    const name = this.#text(item, "objectName", where, "a file of the volume: objectAlias, else objectName");
    if (name === undefined) return undefined;
    const file = this.#planned.files.get(name);
    if (file !== undefined || !this.#planned.isComplete) return file;
    this.#findings.error(
      "SECRET_OBJECT_FILE_MISSING",
      where,
      `no mount of this class writes a file ${quote(name)}; ${this.#remedy(name)}`,
    );
    return undefined;
  }

  #remedy(name: string): string {
    const { files, objects } = this.#planned;
    const history = objects.find(({ fileName, historyCount }) => fileName === name && historyCount > 0);
    if (history !== undefined)
      return `with objectVersionHistory it is a folder: write ${quote(`${name}/0`)} for the newest`;
    const aliased = objects.find((object) => object.name === name);
    if (aliased !== undefined) {
      const [first] = [...files.values()].filter(({ object }) => object === aliased);
      return `the object's file is named by its objectAlias: write ${quote(first?.path ?? aliased.fileName)}`;
    }
    const split = /^(.*)\.(?:crt|key)$/s.exec(name)?.[1];
    if (split !== undefined && files.get(split)?.object.type === "secret") {
      return (
        "it is one of the split files, which the provider writes with --write-cert-and-key-in-separate-files: give " +
        `validate that flag too, or write ${quote(split)}`
      );
    }
    const near = nearestName(name, [...files.keys()].slice(0, 200));
    return near === undefined
      ? "write the objectAlias of one of its objects, else the objectName"
      : `did you mean ${quote(near)}?`;
  }

  #checkKey(item: ManifestNode, where: Where): string | undefined {
    const key = this.#text(item, "key", where, "the key in the Secret");
    if (key === undefined || isSecretKey(key)) return key;
    this.#refuse(where, `key ${quote(key)} cannot be a key of a Secret; write letters, digits, -, _ and .`);
    return undefined;
  }

  /** What the driver picks out of a file for a Secret of type kubernetes.io/tls. */
  #checkTlsFile(key: string, { object, path }: PlannedFile, where: Where): void {
    const isCertificate = key === "tls.crt";
    if (!isCertificate && key !== "tls.key") return;
    const lacks =
      object.type === "key"
        ? "a public key only"
        : object.type === "cert" && !isCertificate
          ? "a certificate without its private key"
          : object.format === "pfx" && object.encoding !== "base64"
            ? "the base64 text of a PFX"
            : undefined;
    if (lacks === undefined) return;
    this.#refuse(
      where,
      `${quote(path)} holds ${lacks}, so the driver finds no ${key} in it; name a file of the certificate with objectType: secret and objectFormat: pem`,
    );
  }

  #checkKeysOf(
    type: string,
    { keys, isAnyEnough, areOthersRefused }: SecretTypeRule,
    given: string[],
    where: Where,
  ): void {
    const missing = keys.filter((key) => !given.includes(key));
    const isFine =
      isAnyEnough === true ? missing.length < keys.length || keys.length === 0 : missing.length === 0;
    if (!isFine) {
      this.#refuse(
        where,
        `a Secret of type ${type} needs ${keys.join(isAnyEnough === true ? " or " : " and ")}; add ${missing.join(isAnyEnough === true ? " or " : " and ")}`,
      );
    }
    const others = areOthersRefused === true ? given.filter((key) => !keys.includes(key)) : [];
    if (others.length > 0) {
      this.#refuse(
        where,
        `the driver takes no other keys than ${keys.join(" and ")} for type ${type}; move ${others.map(quote).join(", ")} to a Secret of type Opaque`,
      );
    }
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

  /** A text that has to be there; said when it is not. */
  #text(node: ManifestNode, field: string, where: Where, what: string): string | undefined {
    const entry = entryAt(node, field);
    const text = textAt(node, field)?.trim();
    if (text !== undefined && text !== "") return text;
    const isMissing = !isSet(entry) || text === "";
    this.#refuse(
      where,
      isMissing
        ? `${field} is missing; write ${what}`
        : `${field} is ${describeNode(entry.value)}, and must be a text; put it in quotes`,
    );
    return undefined;
  }
}
