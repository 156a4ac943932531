import {
  type Alias,
  Composer,
  type CST,
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type Scalar,
  type Tags,
} from "yaml";
import { quote } from "../../model/quote.js";
import { yamlErrorWords } from "../../parameters/yaml-document.js";
import type { ManifestNode, MapEntry } from "./node.js";

/**
 * What one file may hold; a Kubernetes object is at most 1.5 MB, and nests some twenty levels. `expanded` counts the
 * values of a document and their characters with each alias as the whole that it stands for: no file reaches it that
 * is within the others and has no alias.
 */
export const MANIFEST_LIMITS = {
  documents: 5_000,
  depth: 64,
  pieces: 1_000_000,
  expanded: 8_000_000,
} as const;

/** Something that no API server would read. It quotes nothing of the text but a key's or an anchor's name. */
export interface SyntaxProblem {
  readonly line: number;
  readonly message: string;
}

export interface YamlDocument {
  /** Position in the file, from 1; those that hold nothing are counted too. */
  readonly number: number;
  /** Undefined when it is empty, or when a problem keeps it from being read. */
  readonly root: ManifestNode | undefined;
  readonly problems: readonly SyntaxProblem[];
}

/**
 * Reads the documents of a YAML or JSON text as kubectl does: in the types of YAML 1.1, but for dates, which are texts.
 * Bounded, whatever the text holds.
 */
export function readDocuments(text: string): YamlDocument[] {
  const lines = new LineIndex(text);
  const problem = (offset: number, message: string): SyntaxProblem => ({ line: lines.at(offset), message });
  const tokens: CST.Token[] = [];
  const broken = tokenize(text, (token) => tokens.push(token));
  const documents: YamlDocument[] = [];
  if (broken === undefined) {
    const composer = new Composer({
      version: "1.1",
      customTags: withoutDates,
      // Both compare each key with all others; the reader below does so in one pass.
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      strict: true,
    });
    for (const document of composer.compose(tokens)) {
      const errors = document.errors
        .slice(0, 1)
        .map(({ pos, code }) => problem(pos[0], yamlErrorWords(code)));
      const reader = new DocumentReader(lines);
      const root = errors.length > 0 ? undefined : reader.read(document.contents);
      const isBlank = root?.kind === "scalar" && root.value === null;
      documents.push({
        number: documents.length + 1,
        root: isBlank || reader.problems.length > 0 ? undefined : root,
        problems: [...errors, ...reader.problems],
      });
      if (documents.length > MANIFEST_LIMITS.documents) {
        return failed({
          line: 1,
          message: `it holds more than ${MANIFEST_LIMITS.documents} documents; split the file`,
        });
      }
    }
    return documents;
  }
  const words = typeof broken.why === "string" ? broken.why : yamlErrorWords(broken.why.code);
  return failed(problem(broken.offset, words));
}

function failed(problem: SyntaxProblem): YamlDocument[] {
  return [{ number: 1, root: undefined, problems: [problem] }];
}

/** `why`: words, or the library's code. */
interface Broken {
  readonly offset: number;
  readonly why: string | { readonly code: ErrorCode };
}

function tokenize(text: string, take: (token: CST.Token) => void): Broken | undefined {
  const parser = new Parser();
  let pieces = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === "error") return { offset: token.offset, why: { code: "UNEXPECTED_TOKEN" } };
      take(token);
    }
    pieces += 1;
    if (parser.stack.length > MANIFEST_LIMITS.depth) {
      return { offset: parser.offset, why: `it nests deeper than ${MANIFEST_LIMITS.depth} levels` };
    }
    if (pieces > MANIFEST_LIMITS.pieces) {
      return {
        offset: parser.offset,
        why: `it has more than ${MANIFEST_LIMITS.pieces} marks, names and values`,
      };
    }
  }
  for (const token of parser.end()) {
    if (token.type === "error") return { offset: token.offset, why: { code: "UNEXPECTED_TOKEN" } };
    take(token);
  }
  return undefined;
}

function withoutDates(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag !== "object" || tag.tag !== "tag:yaml.org,2002:timestamp");
}

class LineIndex {
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

interface RangedNode {
  readonly range?: readonly [number, number, number] | null | undefined;
}

/**
 * Turns the nodes of one document into {@link ManifestNode}s; aliases point at what they name and are never copied, but
 * count as if they were: whoever walks the nodes meets them each time.
 */
class DocumentReader {
  readonly problems: SyntaxProblem[] = [];
  readonly #lines: LineIndex;
  readonly #anchors = new Map<string, { readonly node: ManifestNode; readonly expanded: number }>();
  #expanded = 0;
  #isOverflowed = false;

  constructor(lines: LineIndex) {
    this.#lines = lines;
  }

  read(node: unknown): ManifestNode {
    if (isAlias(node)) return this.#readAlias(node);
    const line = this.#lineOf(node as RangedNode);
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
      const line = this.#lineOf(key as RangedNode);
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

  #lineOf({ range }: RangedNode): number {
    return this.#lines.at(range?.[0] ?? 0);
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
