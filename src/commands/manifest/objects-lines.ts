import type { ClassPlace } from "../../errors/provider-error.js";
import { entryAt, type ManifestNode, type MapEntry } from "./node.js";
import { readDocuments } from "./read-documents.js";

/**
 * The line in which an object of `objects`, or a field of it, stands. Exact where the texts are literal blocks (`|`), as
 * in all documentation; else the nearest thing around it.
 * @param parameter - `spec.parameters.objects`
 * @param at - `index` undefined: the parameter itself
 */
export function objectLine(
  parameter: MapEntry,
  { index, field }: Pick<ClassPlace, "index" | "field">,
): number {
  if (index === undefined) return parameter.line;
  const list = textWithLines(parameter.value);
  const array = entryAt(list?.node, "array")?.value ?? list?.node;
  const item = array?.kind === "list" ? array.items[index] : undefined;
  if (list === undefined || item === undefined) return parameter.line;
  const block = textWithLines(item);
  const found = field === undefined ? undefined : entryAt(block?.node ?? item, field);
  if (block === undefined) return list.lineOf(found?.line ?? item.line);
  return list.lineOf(block.lineOf(found?.line ?? 1));
}

/** The YAML in a literal block, and how its lines count in the text around it. */
function textWithLines(
  node: ManifestNode,
): { readonly node: ManifestNode; readonly lineOf: (line: number) => number } | undefined {
  if (node.kind !== "scalar" || node.blockLine === undefined) return undefined;
  const { blockLine } = node;
  const [document] = readDocuments(node.text);
  return document?.root === undefined
    ? undefined
    : { node: document.root, lineOf: (line) => blockLine + line - 1 };
}
