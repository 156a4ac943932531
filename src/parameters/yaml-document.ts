import { Composer, type CST, type Document, type ErrorCode, Lexer, Parser } from "yaml";
import { type YamlBudget, YamlProblem } from "./yaml-limits.js";
import { toYamlValue, type YamlValue } from "./yaml-value.js";

/**
 * The library's own messages quote the text, so each kind of error has words of ours: what is wrong, and what helps.
 */
const WORDS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias (*) cannot have an anchor or a tag",
  BAD_ALIAS: "an anchor (&) or alias (*) has no usable name",
  BAD_COLLECTION_TYPE: "a tag (!) does not fit its value",
  BAD_DIRECTIVE: "a directive line (%) is not valid; leave it out",
  BAD_DQ_ESCAPE:
    'an escape (\\) in a "double-quoted" text is not known; write \\\\ for a backslash, or use single quotes',
  BAD_INDENT:
    "the indentation does not fit, or a closing bracket is missing; lines of one mapping or list start in the same column",
  BAD_PROP_ORDER: "an anchor or tag stands in the wrong place",
  BAD_SCALAR_START: "a value starts with a character that YAML reserves; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    'a line has more than one "key: "; put each on a line of its own, or the value in quotes',
  BLOCK_IN_FLOW: "an indented block stands inside of [ ] or { }",
  DUPLICATE_KEY: "a key stands twice in one mapping",
  IMPOSSIBLE: "it is not well formed",
  KEY_OVER_1024_CHARS: "a key is longer than 1,024 characters",
  MISSING_CHAR:
    'something is missing, mostly a ":" after a key, a "-" before an item, or a closing quote or bracket',
  MULTILINE_IMPLICIT_KEY:
    'a key goes over several lines; mostly a ":" is missing or a line is indented wrongly',
  MULTIPLE_ANCHORS: "a value has more than one anchor (&)",
  MULTIPLE_DOCS: "it holds more than one document",
  MULTIPLE_TAGS: "a value has more than one tag (!)",
  NON_STRING_KEY: "a key is not a plain name",
  RESOURCE_EXHAUSTION: "it nests too deep",
  TAB_AS_INDENT: "a tab is used as indentation; use spaces",
  TAG_RESOLVE_FAILED: "a tag (!) is not known; leave it out",
  UNEXPECTED_TOKEN:
    "something stands where it cannot; mostly a value needs quotes or a line is indented wrongly",
};

/** What an error of the library means and what helps, without a piece of the text. */
export function yamlErrorWords(code: ErrorCode): string {
  return WORDS[code];
}

/**
 * Reads the first document of a YAML text, scalars as their source text. Takes time in proportion to the length, within
 * the budget, for any text.
 * @throws {YamlProblem} with line and column, counted from 1 in `text`
 */
export function readYaml(text: string, budget: YamlBudget): YamlValue {
  const normal = normalizeLineBreaks(text);
  const document = withoutStackTraces(() => compose(normal, firstDocument(normal, budget)));
  if (document === undefined) return { kind: "null" };
  const [error] = document.errors;
  if (error !== undefined) throw syntaxProblem(normal, error.pos[0], error.code);
  return toYamlValue(document.contents, budget);
}

/** All that YAML 1.1, which the Go reader follows, takes for a line break. */
function normalizeLineBreaks(text: string): string {
  return text.replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n");
}

/**
 * The syntax tree of the first document. What follows it is not even looked at, and an error that the tree builder
 * itself finds ends the reading.
 */
function firstDocument(text: string, budget: YamlBudget): CST.Token[] {
  const tokens: CST.Token[] = [];
  let hasDocument = false;
  /** @returns whether the first document is over */
  const take = (token: CST.Token): boolean => {
    if (token.type === "error") throw syntaxProblem(text, token.offset, "UNEXPECTED_TOKEN");
    if (hasDocument && (token.type === "document" || token.type === "doc-end")) return true;
    hasDocument ||= token.type === "document";
    tokens.push(token);
    return false;
  };

  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) if (take(token)) return tokens;
    budget.spendPiece(parser.stack.length);
  }
  for (const token of parser.end()) if (take(token)) return tokens;
  return tokens;
}

function compose(text: string, tokens: readonly CST.Token[]): Document.Parsed | undefined {
  const composer = new Composer({
    schema: "failsafe",
    resolveKnownTags: false,
    // Both compare each key or alias with all others; see toYamlValue.
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    strict: true,
  });
  for (const document of composer.compose(tokens)) return document;
  const [error] = composer.streamInfo().errors;
  if (error !== undefined) throw syntaxProblem(text, error.pos[0], error.code);
  return undefined;
}

/**
 * A broken text can yield an error for each of its characters, and most of what each costs is the stack trace that
 * nobody reads.
 */
function withoutStackTraces<Result>(work: () => Result): Result {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = before;
  }
}

function syntaxProblem(text: string, offset: number, code: ErrorCode): YamlProblem {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - before.lastIndexOf("\n");
  return new YamlProblem("syntax", `line ${line}, column ${column}: ${yamlErrorWords(code)}`);
}
