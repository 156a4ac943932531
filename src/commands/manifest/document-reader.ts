import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Scalar } from "yaml";
import { quote } from "../../model/quote.js";
import { MANIFEST_LIMITS } from "./limits.js";
import type { ManifestNode, MapEntry } from "./node.js";

/** Something that no API server would read. It quotes nothing of the text but a key's or an anchor's name. */
export interface SyntaxProblem {
  readonly line: number;
  readonly message: string;
}

/** Finds the line of a character. */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  /** The line of a character, from 1. */
  at(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

/**
 * Turns the nodes of one document into {@link ManifestNode}s; aliases point at what they name and are never copied, but
 * count as if they were: whoever walks the nodes meets them each time.
 */
export class DocumentReader {
  readonly problems: SyntaxProblem[] = [];
  readonly #lines: LineIndex;
  readonly #anchors = new Map<string, { readonly node: ManifestNode; readonly expanded: number }>();
  #expanded = 0;
  #line = 1;
  #isOverflowed = false;

  constructor(lines: LineIndex) {
    this.#lines = lines;
  }

  read(node: unknown): ManifestNode {
    if (isAlias(node)) return this.#readAlias(node);
    const line = this.#lineOf(node);
    const before = this.#expanded;
    const read = this.#readValue(node, line);
    this.#expanded += 1 + (read.kind === "scalar" ? read.text.length : 0);
    if ((isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, { node: read, expanded: this.#expanded - before });
    }
    return read;
  }

  #readValue(node: unknown, line: number): ManifestNode {
    if (isSeq(node)) return { kind: "list", line, items: node.items.map((item) => this.read(item)) };
    if (isMap(node)) return { kind: "map", line, entries: this.#readEntries(node.items) };
    if (isScalar(node)) return scalarNode(node, line);
    return { kind: "scalar", line, value: null, text: "", blockLine: undefined };
  }

  #readEntries(pairs: readonly Pair[]): Map<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    const merged: ManifestNode[] = [];
    for (const { key, value } of pairs) {
      const line = this.#lineOf(key);
      if (isScalar(key) && key.type === "PLAIN" && key.source === "<<") {
        merged.push(this.read(value));
        continue;
      }
      const name = this.#keyText(key, line);
      if (entries.has(name)) {
        this.#add(line, `key ${quote(name)} stands twice in one mapping; keep one of them`);
      }
      entries.set(name, { line, value: this.read(value) });
    }
    for (const source of merged.flatMap((node) => (node.kind === "list" ? node.items : [node]))) {
      if (source.kind !== "map") continue;
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    return entries;
  }

  #keyText(key: unknown, line: number): string {
    const read = this.read(key);
    if (read.kind === "scalar") return read.text;
    this.#add(line, "a mapping or list is used as the key of a mapping; keys are plain names");
    return "";
  }

  #readAlias(alias: Alias): ManifestNode {
    const found = this.#anchors.get(alias.source);
    const line = this.#lineOf(alias);
    const nothing = { kind: "scalar", line, value: null, text: "", blockLine: undefined } as const;
    if (found === undefined) {
      this.#add(
        line,
        `alias ${quote(alias.source)} names nothing before it; put an anchor (&) of that name before the value`,
      );
      return nothing;
    }
    const isTooMuch = this.#expanded + found.expanded > MANIFEST_LIMITS.expanded;
    if (!isTooMuch) this.#expanded += found.expanded;
    else if (!this.#isOverflowed) {
      this.#isOverflowed = true;
      this.#add(
        line,
        `its aliases stand for more than ${MANIFEST_LIMITS.expanded} values and characters; write fewer`,
      );
    }
    return isTooMuch ? nothing : found.node;
  }

  /** Of what stands nowhere, such as the values of `{{ name }}`, it is the line of the node around it. */
  #lineOf(node: unknown): number {
    if (isNode(node) && node.range) this.#line = this.#lines.at(node.range[0]);
    return this.#line;
  }

  #add(line: number, message: string): void {
    if (this.problems.length < 20) this.problems.push({ line, message });
  }
}

interface Pair {
  readonly key: unknown;
  readonly value: unknown;
}

function scalarNode(node: Scalar, line: number): ManifestNode {
  const { value } = node;
  const isKept = value === null || ["string", "number", "boolean"].includes(typeof value);
  const text = typeof value === "string" ? value : (node.source ?? "");
  return {
    kind: "scalar",
    line,
    value: isKept ? (value as string | number | boolean | null) : text,
    text,
    blockLine: node.type === "BLOCK_LITERAL" ? line + 1 : undefined,
  };
}
