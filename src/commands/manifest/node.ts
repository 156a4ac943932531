/** A value of a manifest with the line that it stands in, counted from 1. */
export type ManifestNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: "map";
  readonly line: number;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  /** Where the key stands. */
  readonly line: number;
  readonly value: ManifestNode;
}

export interface ListNode {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly ManifestNode[];
}

export interface ScalarNode {
  readonly kind: "scalar";
  readonly line: number;
  /** As kubectl would read it, so that a boolean without quotes is a boolean. */
  readonly value: string | number | boolean | null;
  /** As it is written, without quotes; of a string, the string. */
  readonly text: string;
  /** Of a literal block (`|`): the line of its first line of text. Undefined for all other forms. */
  readonly blockLine: number | undefined;
}

/** What stands under a path of keys; undefined when any of them is missing, or its parent is no mapping. */
export function entryAt(node: ManifestNode | undefined, ...path: readonly string[]): MapEntry | undefined {
  let at: MapEntry | undefined = node === undefined ? undefined : { line: node.line, value: node };
  for (const key of path) at = at?.value.kind === "map" ? at.value.entries.get(key) : undefined;
  return at;
}

/** The string under a path; undefined when there is none, or it is no string. */
export function textAt(node: ManifestNode | undefined, ...path: readonly string[]): string | undefined {
  const found = entryAt(node, ...path)?.value;
  return found?.kind === "scalar" && typeof found.value === "string" ? found.value : undefined;
}

/** The items of the list under a path; none when there is no list. */
export function itemsAt(node: ManifestNode | undefined, ...path: readonly string[]): readonly ManifestNode[] {
  const found = entryAt(node, ...path)?.value;
  return found?.kind === "list" ? found.items : [];
}

/** Whether something is written under a path, be it wrong; a bare `key:` is nothing. */
export function isSet(entry: MapEntry | undefined): entry is MapEntry {
  return entry !== undefined && !(entry.value.kind === "scalar" && entry.value.value === null);
}

/** What a value is, for messages. */
export function describeNode(node: ManifestNode): string {
  if (node.kind === "map") return "a mapping";
  if (node.kind === "list") return "a list";
  if (node.value === null) return "nothing";
  return typeof node.value === "string" ? "a text" : `a ${typeof node.value}`;
}
