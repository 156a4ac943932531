import { nearestName } from "../../model/nearest-name.js";
import { quote } from "../../model/quote.js";
import { entryAt, itemsAt, type ManifestNode } from "../manifest/node.js";
import { isSecretKey } from "./kubernetes-names.js";
import type { ObjectFindings, Where } from "./object-findings.js";
import type { PlannedFile, PlannedFiles } from "./planned-files.js";
import { requiredText } from "./required-text.js";
import { SECRET_TYPES, type SecretTypeRule, TLS_TYPE } from "./secret-types.js";
import { warnOfUnknownFields } from "./unknown-fields.js";

const DATA_FIELDS = ["objectName", "key"];

/** Holds the `data` of one entry of secretObjects against the class's files and the type of the Secret. */
export class SecretData {
  readonly #node: ManifestNode;
  readonly #path: string;
  readonly #planned: PlannedFiles;
  readonly #findings: ObjectFindings;

  /**
   * @param node - the entry
   * @param path - where it stands, for example `spec.secretObjects[0]`
   */
  constructor(node: ManifestNode, path: string, planned: PlannedFiles, findings: ObjectFindings) {
    this.#node = node;
    this.#path = path;
    this.#planned = planned;
    this.#findings = findings;
  }

  /** @param type - the Secret's, which decides what keys it needs */
  check(type: string): void {
    const where: Where = {
      line: entryAt(this.#node, "data")?.line ?? this.#node.line,
      field: `${this.#path}.data`,
    };
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
    const name = requiredText(
      item,
      "objectName",
      where,
      "a file of the volume: objectAlias, else objectName",
      this.#findings,
    );
    if (name === undefined) return undefined;
    const file = this.#planned.files.get(name);
    if (file !== undefined || this.#planned.mayBeOfBroken(name)) return file;
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
    const key = requiredText(item, "key", where, "the key in the Secret", this.#findings);
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

  #refuse(where: Where, message: string): void {
    this.#findings.error("SECRET_OBJECT_INVALID", where, message);
  }
}
