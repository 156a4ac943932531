import { nearestName } from "../model/nearest-name.js";
import { quote } from "../model/quote.js";
import { boundWarnings } from "./bound-warnings.js";
import {
  brokenEntry,
  type ObjectEntry,
  type ObjectProblem,
  readObjectEntry,
  unmarshalProblem,
} from "./object-fields.js";
import { readYaml } from "./yaml-document.js";
import { YamlBudget, YamlProblem } from "./yaml-limits.js";
import { describeKind, type YamlValue } from "./yaml-value.js";

/** What `objects` says: plain data, which a worker thread can send and a cache can keep. */
export interface ObjectsOutcome {
  /** In the order of the class; empty when the text as a whole could not be read. */
  readonly entries: readonly ObjectEntry[];
  /** What is wrong with the text as a whole; at most one. */
  readonly problems: readonly ObjectProblem[];
  /** What is ignored, at most 20 lines. */
  readonly warnings: readonly string[];
}

/** Longest `objects` in characters; a Kubernetes object holds 1.5 MB in all, and a class of 1,000 objects 100 KiB. */
export const MAX_OBJECTS_LENGTH = 256 * 1024;
/** Most entries of `objects`. */
export const MAX_OBJECTS = 1000;
/**
 * Longest `objects` that the main thread may parse itself: the most hostile texts known of this
 * length take 15 ms once the code is warm.
 * A class of 30 objects is shorter.
 */
export const MAX_INLINE_OBJECTS_LENGTH = 4 * 1024;

const MAX_WARNINGS = 20;

/**
 * Reads `objects`: an `array` of texts, each itself YAML, or of mappings, or a plain list of either. Takes time in
 * proportion to the text's length whatever it says, and never throws: problems are part of the outcome.
 * @param text - the parameter as the class has it
 */
export function parseObjects(text: string): ObjectsOutcome {
  if (text.length > MAX_OBJECTS_LENGTH) {
    return failed({
      code: "OBJECTS_TOO_LARGE",
      message: `objects is ${text.length} characters long; at most ${MAX_OBJECTS_LENGTH} are read: split the class`,
    });
  }
  const budget = new YamlBudget();
  try {
    const { items, warnings } = findItems(readYaml(outdent(text), budget));
    return readItems(items, warnings, budget);
  } catch (error) {
    if (error instanceof YamlProblem) return failed(wholeProblem(error));
    if (error instanceof MissingObjects) return failed({ code: "OBJECTS_MISSING", message: error.message });
    throw error;
  }
}

function failed(problem: ObjectProblem): ObjectsOutcome {
  return { entries: [], problems: [problem], warnings: [] };
}

function wholeProblem({ kind, message }: YamlProblem): ObjectProblem {
  return kind === "limit"
    ? { code: "OBJECTS_TOO_LARGE", message: `objects is too complex: ${message}` }
    : {
        code: "OBJECTS_NOT_YAML",
        message: `failed to yaml unmarshal objects: ${message} (in parameters.objects)`,
      };
}

/** The text reads well, but lists nothing. */
class MissingObjects extends Error {}

export const HOW_TO_LIST =
  'write "array:", and below it "- |" with objectName and objectType for each object';

function findItems(root: YamlValue): { items: readonly YamlValue[]; warnings: string[] } {
  if (root.kind === "list") return { items: root.items, warnings: [] };
  if (root.kind === "null") throw new MissingObjects(`objects is not set: it is blank; ${HOW_TO_LIST}`);
  if (root.kind === "text") {
    throw new YamlProblem("syntax", `it is a mere text, not a list of objects; ${HOW_TO_LIST}`);
  }

  const others = [...root.entries.keys()].filter((key) => key !== "array").slice(0, MAX_WARNINGS);
  const array = root.entries.get("array");
  if (array === undefined) {
    const near = others.find((key) => nearestName(key, ["array"]) === "array");
    throw new MissingObjects(
      `objects has no "array"${near === undefined ? "" : `, only ${quote(near)}`}; ${HOW_TO_LIST}`,
    );
  }
  if (array.kind === "null")
    throw new MissingObjects(`objects lists nothing: array is empty; ${HOW_TO_LIST}`);
  if (array.kind !== "list") {
    throw new YamlProblem(
      "syntax",
      `array is a ${describeKind(array)}, not a list; put "- " before each object`,
    );
  }
  return {
    items: array.items,
    warnings: others.map((key) => `objects has an unknown key ${quote(key)} beside array, which is ignored`),
  };
}

function readItems(items: readonly YamlValue[], warnings: string[], budget: YamlBudget): ObjectsOutcome {
  if (items.length > MAX_OBJECTS) {
    return failed({
      code: "OBJECTS_TOO_LARGE",
      message: `objects has ${items.length} entries; at most ${MAX_OBJECTS} are read: split the class`,
    });
  }
  const entries: ObjectEntry[] = [];
  const texts = new EntryTexts(budget);
  for (const [index, item] of items.entries()) {
    if (item.kind === "null") {
      // A bare "-": the old provider passes over it.
      warnings.push(`objects[${index}] is blank and is ignored`);
      continue;
    }
    const read = texts.read(item);
    if (read instanceof YamlProblem) {
      entries.push(brokenEntry(index, unmarshalProblem("OBJECT_NOT_YAML", index, read.message)));
      continue;
    }
    const reading = readObjectEntry(index, read, budget);
    entries.push(reading.entry);
    warnings.push(...reading.warnings);
  }
  if (entries.length === 0) throw new MissingObjects(`objects lists nothing: array is empty; ${HOW_TO_LIST}`);
  return { entries, problems: [], warnings: boundWarnings(warnings, MAX_WARNINGS) };
}

/** Reads entries that are texts. Through aliases, one long text can be many entries: each is read once. */
class EntryTexts {
  readonly #budget: YamlBudget;
  readonly #read = new Map<YamlValue, YamlValue | YamlProblem>();

  constructor(budget: YamlBudget) {
    this.#budget = budget;
  }

  /** @throws {YamlProblem} of kind `limit`; one of kind `syntax` is returned, for it concerns this entry alone */
  read(item: YamlValue): YamlValue | YamlProblem {
    if (item.kind !== "text") return item;
    const known = this.#read.get(item);
    if (known !== undefined) return known;
    const read = this.#parse(item.text);
    this.#read.set(item, read);
    return read;
  }

  #parse(text: string): YamlValue | YamlProblem {
    try {
      return readYaml(text, this.#budget);
    } catch (error) {
      if (error instanceof YamlProblem && error.kind === "syntax") return error;
      throw error;
    }
  }
}

/**
 * The text without the indentation that all its lines share. A text whose first line alone is indented loses that one's,
 * as the old provider trims it.
 */
function outdent(text: string): string {
  const trimmed = text.trimEnd();
  const first = /\S/.exec(trimmed)?.index ?? 0;
  const lineStart = trimmed.lastIndexOf("\n", first) + 1;
  if (first === lineStart) return trimmed;
  const indent = trimmed.slice(lineStart, first);
  const lines = trimmed.slice(lineStart).split("\n");
  const isShared = lines.every((line) => line.startsWith(indent) || line.trim() === "");
  const head = trimmed.slice(0, lineStart).replace(/[^\n]/g, "");
  return isShared
    ? head + lines.map((line) => line.slice(indent.length)).join("\n")
    : head + trimmed.slice(first);
}
