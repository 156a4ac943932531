import { LineCounter, parseAllDocuments } from "yaml";

/** A value as YAML gives it. */
export type Yaml = string | number | boolean | null | undefined | Yaml[] | YamlMap;
export interface YamlMap {
  [key: string]: Yaml;
}

/** One document of a manifest. */
export interface ManifestDocument {
  /** Where it begins, `<file>:<line>`. */
  readonly place: string;
  /** All of its text, with the comments before it. */
  readonly text: string;
  readonly value: Yaml;
}

/** A whole Kubernetes object. */
export interface KubernetesObject extends YamlMap {
  apiVersion: string;
  kind: string;
}

/**
 * Reads every document of a text as the API server's clients do: YAML 1.1, so that an unquoted `yes` is a boolean.
 * Documents without any content are left out.
 * @param firstLine - of the text within the file, from 1
 * @throws Error `<file>:<line>: …` for the first thing that is no well-formed YAML
 */
export function readDocuments(text: string, file: string, firstLine = 1): ManifestDocument[] {
  const lineCounter = new LineCounter();
  const at = (offset: number): string => `${file}:${lineCounter.linePos(offset).line + firstLine - 1}`;
  const documents = parseAllDocuments(text, { version: "1.1", lineCounter, prettyErrors: false });
  if (!Array.isArray(documents)) return []; // no document at all
  return documents.flatMap((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw new Error(`${at(problem.pos[0])}: ${problem.message}`);
    const value = document.toJS() as Yaml;
    if (value === null) return [];
    const [start, , end] = document.range;
    const place = at(document.contents?.range[0] ?? start);
    return [{ place, text: text.slice(startOf(text, start), end), value }];
  });
}

/** The parser counts comments before a document to it, but for those right behind a `---`. */
function startOf(text: string, offset: number): number {
  const separator = text.lastIndexOf("\n---\n", offset);
  return separator === -1 ? 0 : separator + "\n---\n".length;
}

export function isMap(value: Yaml): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What begins with `apiVersion` and `kind`. */
export function isObject(value: Yaml): value is KubernetesObject {
  return isMap(value) && typeof value["apiVersion"] === "string" && typeof value["kind"] === "string";
}

/** The value at a path of keys; undefined where there is none. */
export function at(value: Yaml, ...keys: readonly string[]): Yaml {
  return keys.reduce<Yaml>((found, key) => (isMap(found) ? found[key] : undefined), value);
}

/** The mappings of a list at a path of keys; none where there is no list. */
export function mapsAt(value: Yaml, ...keys: readonly string[]): YamlMap[] {
  const list = at(value, ...keys);
  return Array.isArray(list) ? list.filter(isMap) : [];
}

/** The texts of a list at a path of keys. */
export function textsAt(value: Yaml, ...keys: readonly string[]): string[] {
  const list = at(value, ...keys);
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}

/** The text at a path of keys; empty where there is none. */
export function textAt(value: Yaml, ...keys: readonly string[]): string {
  const found = at(value, ...keys);
  return typeof found === "string" ? found : "";
}

/** A mapping of texts at a path of keys; empty where there is none. @throws Error for a value that is no text */
export function textMapAt(value: Yaml, ...keys: readonly string[]): Record<string, string> {
  const map = at(value, ...keys) ?? {};
  if (!isMap(map)) throw new Error(`${keys.join(".")} is no mapping`);
  return Object.fromEntries(
    Object.entries(map).map(([key, text]) => {
      if (typeof text !== "string") {
        throw new Error(`${[...keys, key].join(".")} must be a text: quote ${JSON.stringify(text)}`);
      }
      return [key, text];
    }),
  );
}

export function nameOf(value: Yaml): string {
  return textAt(value, "metadata", "name");
}
