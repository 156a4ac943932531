import type { ErrorCode } from "../errors/codes.js";
import { nearestName } from "../model/nearest-name.js";
import { quote } from "../model/quote.js";
import type { YamlBudget } from "./yaml-limits.js";
import { describeKind, type YamlValue } from "./yaml-value.js";

/** The fields of one object, as classes spell them. */
export const OBJECT_FIELDS = [
  "objectName",
  "objectType",
  "objectAlias",
  "objectVersion",
  "objectVersionHistory",
  "objectFormat",
  "objectEncoding",
  "filePermission",
] as const;

export type ObjectField = (typeof OBJECT_FIELDS)[number];

/** Trimmed source text of each field; empty when it is absent, blank or null. */
export type ObjectFields = Readonly<Record<ObjectField, string>>;

/** A finding that can go through a thread's border, where an Error would lose its code. */
export interface ObjectProblem {
  readonly code: ErrorCode;
  readonly message: string;
  /** The field that it is about; undefined when it is the whole entry. */
  readonly field?: ObjectField;
}

/** One entry of `objects`, read but not yet held against the rules of its fields. */
export interface ObjectEntry {
  /** Position in `objects`, from 0. */
  readonly index: number;
  /** Undefined when the entry could not be read; `problems` says why. */
  readonly fields: ObjectFields | undefined;
  /** Fields that are absent while a key much like them is there: field → that key, as it is written. */
  readonly misspelt: Readonly<Partial<Record<ObjectField, string>>>;
  /** Fields that are there, but of which `problems` tells why they count as empty. */
  readonly unreadable: readonly ObjectField[];
  readonly problems: readonly ObjectProblem[];
}

/** Longest text of one field: more than any path, name or version can have. */
export const MAX_FIELD_LENGTH = 4096;

export interface EntryReading {
  readonly entry: ObjectEntry;
  readonly warnings: readonly string[];
}

/**
 * Picks the known fields out of one entry's mapping. Keys are case-sensitive; others are ignored with a warning that
 * says what was probably meant.
 * @throws {YamlProblem} when the fields of all entries together expand past the budget
 */
export function readObjectEntry(index: number, value: YamlValue, budget: YamlBudget): EntryReading {
  if (value.kind === "null") return { entry: emptyEntry(index), warnings: [] };
  if (value.kind !== "map") return { entry: brokenEntry(index, notAMapping(index, value)), warnings: [] };

  const problems: ObjectProblem[] = [];
  const unreadable: ObjectField[] = [];
  const fields = { ...NO_FIELDS };
  for (const field of OBJECT_FIELDS) {
    const given = value.entries.get(field);
    if (given === undefined || given.kind === "null") continue;
    if (given.kind !== "text") {
      unreadable.push(field);
      const message = `${field} is a ${describeKind(given)}; write one value`;
      problems.push({ ...unmarshalProblem("OBJECT_FIELD_INVALID", index, message), field });
      continue;
    }
    const text = given.text.trim();
    if (text.length > MAX_FIELD_LENGTH) {
      unreadable.push(field);
      problems.push({
        code: "OBJECT_FIELD_INVALID",
        field,
        message: `${field} of objects[${index}] is ${text.length} characters long; at most ${MAX_FIELD_LENGTH} are read: write a shorter one`,
      });
      continue;
    }
    budget.spendExpanded(text.length);
    fields[field] = text;
  }
  const { misspelt, warnings } = findUnknownKeys(index, value.entries, budget);
  return { entry: { index, fields, misspelt, unreadable, problems }, warnings };
}

const NO_FIELDS: Record<ObjectField, string> = {
  objectName: "",
  objectType: "",
  objectAlias: "",
  objectVersion: "",
  objectVersionHistory: "",
  objectFormat: "",
  objectEncoding: "",
  filePermission: "",
};

function findUnknownKeys(
  index: number,
  entries: ReadonlyMap<string, YamlValue>,
  budget: YamlBudget,
): { misspelt: Partial<Record<ObjectField, string>>; warnings: string[] } {
  const misspelt: Partial<Record<ObjectField, string>> = {};
  const warnings: string[] = [];
  for (const key of entries.keys()) {
    if (isObjectField(key)) continue;
    if (!budget.takeHint()) break;
    const meant = nearestName(key, OBJECT_FIELDS);
    if (meant !== undefined && isObjectField(meant) && !entries.has(meant))
      misspelt[meant] ??= key.slice(0, 64);
    warnings.push(
      `objects[${index}] has an unknown field ${quote(key)}, which is ignored${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    );
  }
  return { misspelt, warnings };
}

function isObjectField(key: string): key is ObjectField {
  return Object.hasOwn(NO_FIELDS, key);
}

function emptyEntry(index: number): ObjectEntry {
  return { index, fields: NO_FIELDS, misspelt: {}, unreadable: [], problems: [] };
}

/** An entry whose text could not be read at all. */
export function brokenEntry(index: number, problem: ObjectProblem): ObjectEntry {
  return { index, fields: undefined, misspelt: {}, unreadable: [], problems: [problem] };
}

/** A problem in the old provider's words for it. */
export function unmarshalProblem(code: ErrorCode, index: number, message: string): ObjectProblem {
  return { code, message: `unmarshal failed for keyVaultObjects at index ${index}: ${message}` };
}

function notAMapping(index: number, value: YamlValue): ObjectProblem {
  const hint =
    value.kind === "list"
      ? 'it is a list; leave out the "- " before objectName'
      : 'it is no mapping; write lines of "field: value", with a space after the colon';
  return unmarshalProblem("OBJECT_NOT_YAML", index, hint);
}
