import { Composer, type CST, type Tags } from "yaml";
import { yamlErrorWords } from "../../parameters/yaml-document.js";
import { DocumentReader, LineIndex, type SyntaxProblem } from "./document-reader.js";
import { MANIFEST_LIMITS } from "./limits.js";
import type { ManifestNode } from "./node.js";
import { tokenize } from "./tokenize.js";

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

function withoutDates(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag !== "object" || tag.tag !== "tag:yaml.org,2002:timestamp");
}
