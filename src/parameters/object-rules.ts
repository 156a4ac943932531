import type { ErrorCode } from "../errors/codes.js";
import type { ClassPlace } from "../errors/provider-error.js";
import type { KeyVaultObject, ObjectEncoding, ObjectFormat, ObjectType } from "../model/key-vault-object.js";
import { isWellFormed, printable, quote } from "../model/quote.js";
import { PARAMETER } from "./attributes.js";
import { parseFileMode } from "./file-mode.js";
import { fileNameProblem, tidyFolderName } from "./file-name.js";
import { parseHistoryCount } from "./history-count.js";
import type { ObjectEntry, ObjectField, ObjectFields } from "./object-fields.js";
import type { Problems } from "./problems.js";

/** Key Vault's own limit. @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
export const MAX_OBJECT_NAME_LENGTH = 127;
/** A version is 32 hexadecimal digits. */
export const MAX_OBJECT_VERSION_LENGTH = 128;

export const TYPES: readonly ObjectType[] = ["secret", "key", "cert"];

/**
 * Holds one entry of `objects` against the rules of its fields, and collects everything that is wrong with it.
 * @param defaultFileMode - for entries without filePermission
 * @param warnings - takes what is ignored
 * @returns undefined after a problem
 */
export function applyObjectRules(
  entry: ObjectEntry,
  defaultFileMode: number,
  problems: Problems,
  warnings: string[],
): KeyVaultObject | undefined {
  for (const { code, message, field } of entry.problems) problems.add(code, message, placeOf(entry, field));
  if (entry.fields === undefined) return undefined;
  const rules = new ObjectRules(entry, entry.fields, problems, warnings);
  const before = problems.count;
  const type = rules.type();
  const name = rules.name();
  const historyCount = rules.historyCount();
  const fileName = rules.fileName(historyCount > 0);
  const version = rules.version();
  const format = rules.format(type);
  const encoding = rules.encoding(type);
  const fileMode = rules.fileMode(defaultFileMode);
  if (entry.problems.length > 0 || problems.count > before || type === undefined) return undefined;
  return { index: entry.index, type, name, fileName, version, historyCount, format, encoding, fileMode };
}

class ObjectRules {
  readonly #entry: ObjectEntry;
  readonly #fields: ObjectFields;
  readonly #problems: Problems;
  readonly #warnings: string[];
  readonly #where: string;

  constructor(entry: ObjectEntry, fields: ObjectFields, problems: Problems, warnings: string[]) {
    this.#entry = entry;
    this.#fields = fields;
    this.#problems = problems;
    this.#warnings = warnings;
    this.#where = `objects[${entry.index}]`;
  }

  type(): ObjectType | undefined {
    const text = this.#fields.objectType;
    const type = TYPES.find((known) => known === text);
    if (type !== undefined || this.#isUnreadable("objectType")) return type;
    const near = TYPES.find((known) => text.toLowerCase().startsWith(known));
    const seen = text === "" ? `missing${this.#hint("objectType")}` : quote(text);
    this.#refuse(
      "objectType",
      "OBJECT_FIELD_INVALID",
      `Invalid vaultObjectTypes. Should be secret, key, or cert; objectType of ${this.#where} is ${seen}` +
        (near === undefined ? "" : `: write ${near}`),
    );
    return undefined;
  }

  name(): string {
    const name = this.#fields.objectName;
    const isUnsafe = hasControls(name) || !isWellFormed(name) || name === "." || name === "..";
    if (name === "") {
      if (this.#isUnreadable("objectName")) return name;
      // Without an alias, a missing name is a missing file name: one problem, in the old words.
      const words = this.#fields.objectAlias === "" ? "file name must not be empty: " : "";
      this.#refuse(
        "objectName",
        "OBJECT_FIELD_INVALID",
        `${words}objectName of ${this.#where} is missing${this.#hint("objectName")}; write the name of the object in the vault`,
      );
    } else if (name.length > MAX_OBJECT_NAME_LENGTH || isUnsafe) {
      this.#refuse(
        "objectName",
        "OBJECT_FIELD_INVALID",
        `objectName ${quote(name)} of ${this.#where} cannot be the name of an object in a vault; names are letters, ` +
          `digits and hyphens, at most ${MAX_OBJECT_NAME_LENGTH}`,
      );
    }
    return name;
  }

  /** @param isFolder - whether the files of a history go into it */
  fileName(isFolder: boolean): string {
    const { objectAlias, objectName } = this.#fields;
    if (this.#isUnreadable("objectAlias")) return "";
    const field = objectAlias === "" ? "objectName" : "objectAlias";
    const fileName = isFolder ? tidyFolderName(this.#fields[field]) : this.#fields[field];
    if ((objectName === "" && field === "objectName") || (isFolder && fileName === "")) return fileName;
    const problem = fileNameProblem(fileName);
    if (problem !== undefined) {
      const remedy = field === "objectName" ? "; set objectAlias to the name of the file" : "";
      this.#refuse(
        field,
        "FILE_NAME_INVALID",
        `${problem}; ${field} of ${this.#where} is ${quote(this.#fields[field])}${remedy}`,
      );
    }
    return fileName;
  }

  version(): string {
    const version = this.#fields.objectVersion;
    if (version.toLowerCase() === "latest") return "";
    const isUnsafe = hasControls(version) || !isWellFormed(version) || version === "." || version === "..";
    if (version.length > MAX_OBJECT_VERSION_LENGTH || isUnsafe) {
      this.#refuse(
        "objectVersion",
        "OBJECT_FIELD_INVALID",
        `objectVersion ${quote(version)} of ${this.#where} cannot be a version; write its 32 hexadecimal digits, or ` +
          "leave it out for the newest",
      );
    }
    return version;
  }

  /** 0 when one version is asked for: a history of 0 or 1, or less, is none. */
  historyCount(): number {
    const text = this.#fields.objectVersionHistory;
    const count = parseHistoryCount(text);
    if (count !== undefined) return count > 1 ? count : 0;
    this.#refuse(
      "objectVersionHistory",
      "OBJECT_FIELD_INVALID",
      `unmarshal failed for keyVaultObjects at index ${this.#entry.index}: objectVersionHistory ${quote(text)} is no ` +
        "whole number; write how many versions to mount, or leave it out",
    );
    return 0;
  }

  format(type: ObjectType | undefined): ObjectFormat {
    const text = this.#fields.objectFormat;
    const format = text === "" ? "pem" : text.toLowerCase();
    if (format !== "pem" && format !== "pfx") {
      this.#refuse(
        "objectFormat",
        "OBJECT_FIELD_INVALID",
        `invalid objectFormat: ${quote(text)} of ${this.#where}, should be pem or pfx`,
      );
      return "pem";
    }
    if (format === "pem" || type === undefined || type === "secret") return format;
    if (text === "pfx") {
      this.#refuse(
        "objectFormat",
        "OBJECT_FIELD_INVALID",
        `PFX format only supported for objectType: secret; ${this.#where} is a ${type}: set objectType to secret, or ` +
          "objectFormat to pem",
      );
    } else {
      // The old provider compares "pfx" in lower case only; such classes exist and mount PEM.
      this.#warnings.push(
        `objectFormat ${quote(text)} of ${this.#where} is ignored: a ${type} is always PEM; set objectType to secret for a PFX`,
      );
    }
    return "pem";
  }

  encoding(type: ObjectType | undefined): ObjectEncoding {
    const text = this.#fields.objectEncoding;
    if (text === "") return "utf-8";
    if (type !== undefined && type !== "secret") {
      this.#refuse(
        "objectEncoding",
        "OBJECT_FIELD_INVALID",
        `objectEncoding only supported for objectType: secret; ${this.#where} is a ${type}: remove objectEncoding`,
      );
      return "utf-8";
    }
    const encoding = text.toLowerCase();
    if (encoding === "utf-8" || encoding === "base64" || encoding === "hex") return encoding;
    this.#refuse(
      "objectEncoding",
      "OBJECT_FIELD_INVALID",
      `invalid objectEncoding: ${quote(text)} of ${this.#where}, should be hex, base64 or utf-8`,
    );
    return "utf-8";
  }

  fileMode(defaultFileMode: number): number {
    const text = this.#fields.filePermission;
    if (text === "") return defaultFileMode;
    const mode = parseFileMode(text);
    if (mode !== undefined) return mode;
    this.#refuse(
      "filePermission",
      "OBJECT_FIELD_INVALID",
      `filePermission ${quote(text)} of ${this.#where} is no file mode; write octal digits from 0000 to 0777, for example "0644"`,
    );
    return defaultFileMode;
  }

  #isUnreadable(field: ObjectField): boolean {
    return this.#entry.unreadable.includes(field);
  }

  /** Puts before a problem which object it is about, as runbooks search for it. */
  #refuse(field: ObjectField, code: ErrorCode, message: string): void {
    const { objectType, objectName, objectVersion } = this.#fields;
    this.#problems.add(
      code,
      `failed to get objectType:${printable(objectType)}, objectName:${printable(objectName)}, ` +
        `objectVersion:${printable(objectVersion)}: ${message}`,
      placeOf(this.#entry, field),
    );
  }

  #hint(field: ObjectField): string {
    const seen = this.#entry.misspelt[field];
    return seen === undefined ? "" : ` (${quote(seen)} is there; write ${field})`;
  }
}

function placeOf({ index }: ObjectEntry, field: ObjectField | undefined): ClassPlace {
  return { parameter: PARAMETER.objects, index, ...(field === undefined ? {} : { field }) };
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
