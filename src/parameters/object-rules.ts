import { parseGoInteger } from "../model/go-scalars.js";
import type { KeyVaultObject, ObjectEncoding, ObjectFormat, ObjectType } from "../model/key-vault-object.js";
import { quote } from "../model/quote.js";
import { fileNameProblem } from "./file-paths.js";
import type { ObjectEntry, ObjectField, ObjectFields } from "./object-fields.js";
import type { Problems } from "./problems.js";

const TYPES: readonly ObjectType[] = ["secret", "key", "cert"];
const MAX_MODE = 0o777;
const MAX_INT32 = 0x7fffffff;

/**
 * Holds one entry of `objects` against the rules of its fields, and says of each field what is wrong.
 * @param defaultFileMode - for entries without filePermission
 * @returns undefined when a problem was found
 */
export function applyObjectRules(
  entry: ObjectEntry,
  defaultFileMode: number,
  problems: Problems,
): KeyVaultObject | undefined {
  for (const { code, message } of entry.problems) problems.add(code, message);
  if (entry.fields === undefined) return undefined;
  const { index, fields } = entry;
  const type = readType(entry, problems);
  const fileName = readFileName(entry, problems);
  const historyCount = readHistory(index, fields, problems);
  const fileMode = readMode(index, fields, defaultFileMode, problems);
  const format = readFormat(index, fields, type, problems);
  const encoding = readEncoding(index, fields, type, problems);
  if (
    entry.problems.length > 0 ||
    type === undefined ||
    fileName === undefined ||
    historyCount === undefined ||
    fileMode === undefined ||
    format === undefined ||
    encoding === undefined
  ) {
    return undefined;
  }
  const version = fields.objectVersion === "latest" ? "" : fields.objectVersion;
  return {
    index,
    type,
    name: fields.objectName,
    fileName,
    version,
    historyCount,
    format,
    encoding,
    fileMode,
  };
}

function readType(entry: ObjectEntry, problems: Problems): ObjectType | undefined {
  const text = entry.fields?.objectType ?? "";
  const type = TYPES.find((known) => known === text);
  if (type !== undefined) return type;
  const near = TYPES.find((known) => known === text.toLowerCase());
  problems.add(
    "OBJECT_FIELD_INVALID",
    `Invalid vaultObjectTypes. Should be secret, key, or cert: objectType of objects[${entry.index}] is ` +
      `${text === "" ? "missing" : quote(text)}${hint(entry, "objectType")}` +
      (near === undefined ? "" : `; write ${near}`),
  );
  return undefined;
}

/** objectAlias, else objectName: where the object goes. objectName is required all the same: it is what is read. */
function readFileName(entry: ObjectEntry, problems: Problems): string | undefined {
  const { objectName = "", objectAlias = "" } = entry.fields ?? {};
  if (objectName === "") {
    problems.add(
      "FILE_NAME_INVALID",
      `file name must not be empty: objectName of objects[${entry.index}] is missing${hint(entry, "objectName")}`,
    );
    return undefined;
  }
  const field = objectAlias === "" ? "objectName" : "objectAlias";
  const fileName = objectAlias === "" ? objectName : objectAlias;
  const problem = fileNameProblem(fileName);
  if (problem === undefined) return fileName;
  problems.add(
    "FILE_NAME_INVALID",
    `${problem}: ${field} of objects[${entry.index}] is ${quote(fileName)}` +
      (field === "objectName" ? "; set objectAlias to the name of the file" : ""),
  );
  return undefined;
}

/** 0 when one version is asked for. yaml.v3 reads `2.0`, `0x2` and `1_0` as whole numbers, too. */
function readHistory(
  index: number,
  { objectVersionHistory }: ObjectFields,
  problems: Problems,
): number | undefined {
  if (objectVersionHistory === "") return 0;
  const count = parseGoInteger(objectVersionHistory.replaceAll("_", "").replace(/\.0*$/, ""));
  if (count !== undefined && count <= MAX_INT32) return count > 1 ? count : 0;
  problems.add(
    "OBJECT_FIELD_INVALID",
    `unmarshal failed for keyVaultObjects at index ${index}: objectVersionHistory ${quote(objectVersionHistory)} ` +
      "is not right; write how many versions you want as a whole number, or leave it out",
  );
  return undefined;
}

function readMode(
  index: number,
  { filePermission }: ObjectFields,
  defaultMode: number,
  problems: Problems,
): number | undefined {
  if (filePermission === "") return defaultMode;
  const mode = /^\+?[0-7]{1,11}$/.test(filePermission) ? Number.parseInt(filePermission, 8) : Number.NaN;
  if (mode <= MAX_MODE) return mode;
  problems.add(
    "OBJECT_FIELD_INVALID",
    `filePermission ${quote(filePermission)} of objects[${index}] is not right; write octal digits from 0000 to 0777, ` +
      'for example "0644"',
  );
  return undefined;
}

function readFormat(
  index: number,
  { objectFormat }: ObjectFields,
  type: ObjectType | undefined,
  problems: Problems,
): ObjectFormat | undefined {
  const format = objectFormat === "" ? "pem" : objectFormat.toLowerCase();
  if (format !== "pem" && format !== "pfx") {
    problems.add(
      "OBJECT_FIELD_INVALID",
      `invalid objectFormat: ${quote(objectFormat)} of objects[${index}], should be pem or pfx`,
    );
    return undefined;
  }
  if (format === "pem" || type === undefined || type === "secret") return format;
  // The old provider compares "pfx" only: in any other case it has always been ignored on keys and certificates.
  if (objectFormat !== "pfx") return "pem";
  problems.add(
    "OBJECT_FIELD_INVALID",
    `PFX format only supported for objectType: secret; objects[${index}] is a ${type}: set its objectType to secret, ` +
      "or remove objectFormat",
  );
  return undefined;
}

function readEncoding(
  index: number,
  { objectEncoding }: ObjectFields,
  type: ObjectType | undefined,
  problems: Problems,
): ObjectEncoding | undefined {
  if (objectEncoding === "") return "utf-8";
  if (type !== undefined && type !== "secret") {
    problems.add(
      "OBJECT_FIELD_INVALID",
      `objectEncoding only supported for objectType: secret; objects[${index}] is a ${type}: remove objectEncoding`,
    );
    return undefined;
  }
  const encoding = objectEncoding.toLowerCase();
  if (encoding === "utf-8" || encoding === "base64" || encoding === "hex") return encoding;
  problems.add(
    "OBJECT_FIELD_INVALID",
    `invalid objectEncoding: ${quote(objectEncoding)} of objects[${index}], should be hex, base64 or utf-8`,
  );
  return undefined;
}

function hint({ misspelt }: ObjectEntry, field: ObjectField): string {
  const seen = misspelt[field];
  return seen === undefined ? "" : ` (there is ${quote(seen)}; write ${field})`;
}
