import { type Alias, isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { quote } from "../model/quote.js";
import { type YamlBudget, YamlProblem } from "./yaml-limits.js";

/** A value as the text writes it. Aliases are resolved: the same object may stand in several places. */
export type YamlValue =
  /** `isPlain`: written without quotes and without a block mark. */
  | { readonly kind: "text"; readonly text: string; readonly isPlain: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "list"; readonly items: readonly YamlValue[] }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, YamlValue> };

const NULL: YamlValue = { kind: "null" };
/** The spellings of nothing in YAML 1.1, which the Go reader knows: only these, and only without quotes. */
const NULL_SPELLINGS: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);
const STRING_TAG = "tag:yaml.org,2002:str";
const BINARY_TAG = "tag:yaml.org,2002:binary";
const MERGE_KEY = "<<";

interface Pair {
  readonly key: unknown;
  readonly value: unknown;
}

/**
 * Turns a document's nodes into {@link YamlValue}s in one pass: every scalar keeps its source text, aliases point at
 * what they name (never copied, so nothing can expand), merge keys are applied with the rules of the merge type, and a
 * key twice is an error. The library's own ways to do this search the document anew for each alias and each key.
 * @param contents - the root node of a composed document, no deeper than the budget allowed
 * @throws {YamlProblem}
 * @see https://yaml.org/type/merge.html
 */
export function toYamlValue(contents: unknown, budget: YamlBudget): YamlValue {
  return new NodeReader(budget).read(contents);
}

class NodeReader {
  readonly #budget: YamlBudget;
  /** What each anchor names so far; `undefined` while its collection is still being read. */
  readonly #anchors = new Map<string, YamlValue | undefined>();

  constructor(budget: YamlBudget) {
    this.#budget = budget;
  }

  read(node: unknown): YamlValue {
    if (isAlias(node)) return this.#readAlias(node);
    if (isScalar(node)) return this.#remember(node.anchor, scalarValue(node));
    if (isSeq(node)) return this.#remember(node.anchor, this.#readList(node));
    if (isMap(node)) return this.#remember(node.anchor, this.#readMap(node));
    return NULL; // a key without a value
  }

  #remember(anchor: string | undefined, value: YamlValue): YamlValue {
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #readAlias({ source }: Alias): YamlValue {
    const value = this.#anchors.get(source);
    if (value !== undefined) return value;
    throw new YamlProblem(
      "syntax",
      this.#anchors.has(source)
        ? `alias ${quote(source)} stands inside of what it names`
        : `alias ${quote(source)} names nothing; put an anchor (&) of that name before the value that it repeats`,
    );
  }

  #readList(node: YAMLSeq): YamlValue {
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, undefined);
    return { kind: "list", items: node.items.map((item) => this.read(item)) };
  }

  #readMap(node: YAMLMap): YamlValue {
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, undefined);
    const entries = new Map<string, YamlValue>();
    let merged: YamlValue | undefined;
    for (const { key, value } of node.items as readonly Pair[]) {
      const isMerge = isScalar(key) && key.type === "PLAIN" && key.value === MERGE_KEY;
      const name = keyText(this.read(key));
      if (entries.has(name) || (isMerge && merged !== undefined)) {
        throw new YamlProblem("syntax", `key ${quote(name)} stands twice in one mapping; keep one of them`);
      }
      if (isMerge) merged = this.read(value);
      else entries.set(name, this.read(value));
    }
    if (merged !== undefined) this.#merge(merged, entries);
    return { kind: "map", entries };
  }

  /** Adds what `entries` lacks; of several mappings the earlier ones win. */
  #merge(merged: YamlValue, entries: Map<string, YamlValue>): void {
    for (const source of merged.kind === "list" ? merged.items : [merged]) {
      if (source.kind !== "map") {
        throw new YamlProblem(
          "syntax",
          "a merge key (<<) needs a mapping or a list of mappings, mostly an alias",
        );
      }
      this.#budget.spendMergedKeys(source.entries.size + 1);
      for (const [name, value] of source.entries) if (!entries.has(name)) entries.set(name, value);
    }
  }
}

function keyText(key: YamlValue): string {
  if (key.kind === "text") return key.text;
  if (key.kind === "null") return "";
  throw new YamlProblem(
    "syntax",
    `a ${describeKind(key)} is used as the key of a mapping; keys are plain names`,
  );
}

function scalarValue(node: Scalar): YamlValue {
  const text = typeof node.value === "string" ? node.value : "";
  const isPlain = node.type === undefined || node.type === "PLAIN";
  if (node.tag === BINARY_TAG) {
    return { kind: "text", text: Buffer.from(text, "base64").toString("utf8"), isPlain: false };
  }
  if (isPlain && node.tag !== STRING_TAG && NULL_SPELLINGS.has(text)) return NULL;
  return { kind: "text", text, isPlain };
}

/** What a value is, for messages. */
export function describeKind(value: YamlValue): string {
  switch (value.kind) {
    case "text":
      return "text";
    case "null":
      return "nothing";
    case "list":
      return "list";
    case "map":
      return "mapping";
  }
}
