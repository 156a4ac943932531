import path from "node:path";
import type { SyntaxProblem } from "./document-reader.js";
import { entryAt, itemsAt, type MapNode, textAt } from "./node.js";
import { readDocuments } from "./read-documents.js";

/** An object that somebody would apply, and where it stands. */
export interface KubernetesObject {
  /** As it was named on the command line. */
  readonly file: string;
  /** Position of the YAML document in the file, from 1; the items of a List share theirs. */
  readonly document: number;
  readonly node: MapNode;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty when it has none. */
  readonly name: string;
  /** Undefined when the file leaves it to whoever applies it. */
  readonly namespace: string | undefined;
}

export interface ReadManifest {
  readonly objects: readonly KubernetesObject[];
  readonly problems: readonly (SyntaxProblem & { readonly document: number })[];
  /** Documents that are not empty. */
  readonly documents: number;
}

/** For the problems of a text that has placeholders in it; empty when it has none. */
export function templateHint(text: string): string {
  return /\{\{-?\s*["`$(./\w]/.test(text)
    ? "; it looks like a template: render it first, for example helm template … | … validate -"
    : "";
}

/** The objects of one file, Lists taken apart. */
export function readManifest(file: string, text: string): ReadManifest {
  const documents = readDocuments(text);
  const hint = templateHint(text);
  return {
    objects: documents.flatMap(({ number, root }) =>
      root?.kind === "map" ? objectsIn(root, file, number) : [],
    ),
    problems: documents.flatMap(({ number, root, problems }) => [
      ...problems.map(({ line, message }) => ({
        line,
        document: number,
        message: message + hint,
      })),
      ...(root === undefined || root.kind === "map"
        ? []
        : [
            {
              line: root.line,
              document: number,
              message: "it is no Kubernetes object; write apiVersion, kind, metadata and spec",
            },
          ]),
    ]),
    documents: documents.filter(({ root, problems }) => root !== undefined || problems.length > 0).length,
  };
}

/** Lists stand in lists only by mistake: one level is taken apart. */
function objectsIn(node: MapNode, file: string, document: number): KubernetesObject[] {
  const kind = textAt(node, "kind") ?? "";
  const isList = kind.endsWith("List") && entryAt(node, "items")?.value.kind === "list";
  const nodes = isList ? itemsAt(node, "items").filter((item) => item.kind === "map") : [node];
  return nodes.map((object) => ({
    file,
    document,
    node: object,
    apiVersion: textAt(object, "apiVersion") ?? "",
    kind: textAt(object, "kind") ?? (isList ? kind.slice(0, -"List".length) : ""),
    name: textAt(object, "metadata", "name") ?? "",
    namespace: textAt(object, "metadata", "namespace"),
  }));
}

/**
 * Which of several objects another one means: the one in its own file, else in its own folder, else the first. Bases and
 * overlays often hold one name several times.
 */
export function nearestObject<Found>(
  found: readonly Found[],
  fileOf: (one: Found) => string,
  { file }: Pick<KubernetesObject, "file">,
): Found | undefined {
  const folder = path.dirname(file);
  return (
    found.find((one) => fileOf(one) === file) ??
    found.find((one) => path.dirname(fileOf(one)) === folder) ??
    found[0]
  );
}

/** Whether two objects can be meant to stand in one namespace: what names none is applied wherever the other is. */
export function mayShareNamespace(
  one: Pick<KubernetesObject, "namespace">,
  other: Pick<KubernetesObject, "namespace">,
): boolean {
  return one.namespace === undefined || other.namespace === undefined || one.namespace === other.namespace;
}
