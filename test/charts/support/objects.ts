import { isDeepStrictEqual } from "node:util";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readDocuments } from "../../manifests/support/manifest.js";
import { helm } from "./helm.js";

export type Tree = Readonly<Record<string, unknown>>;
/** The objects of a manifest, by `<kind>/<name>`, with named lists as maps (see {@link byName}). */
export type Objects = ReadonlyMap<string, Tree>;

/** The release's name in the tests; the objects are called like it. */
export const RELEASE = "csi-secrets-store-provider-azure";

/** What the chart makes of some values. */
export async function render(
  chart: string,
  values: Tree,
  flags: readonly string[] = [],
  release = RELEASE,
): Promise<Objects> {
  const folder = await mkdtemp(path.join(tmpdir(), "values-"));
  try {
    const file = path.join(folder, "values.json");
    await writeFile(file, JSON.stringify(values));
    return objectsOf(
      await helm(["template", release, chart, "--namespace", "kube-system", "--values", file, ...flags]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the API server makes of a rendered chart. @throws {Error} when it is no YAML, or an object is there twice */
export function objectsOf(manifest: string): Objects {
  const objects = new Map<string, Tree>();
  for (const { value } of readDocuments(manifest, "chart")) {
    const object = value as unknown as { kind: string; metadata: { name: string } };
    const key = `${object.kind}/${object.metadata.name}`;
    if (objects.has(key)) throw new Error(`${key} is there twice`);
    objects.set(key, byName(object) as Tree);
  }
  return objects;
}

/**
 * Lists of named things as maps, and flags as a map from `-flag` to their value, so that a place in them has a name of
 * its own: `containers.main.args.--port`. Other lists stay.
 * @throws {Error} when a list names something twice
 */
function byName(node: unknown): unknown {
  if (Array.isArray(node)) {
    const names = node.map(nameOf);
    if (node.length === 0 || names.includes(undefined)) return node;
    if (new Set(names).size < names.length) throw new Error(`named twice: ${names.join(", ")}`);
    return Object.fromEntries(
      node.map((item, i) => [names[i], typeof item === "string" ? flagValue(item) : byName(item)]),
    );
  }
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, byName(value)]));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item === "string") return /^(--?[\w-]+)=/.exec(item)?.[1];
  const name = (item as Tree | null)?.["name"];
  return typeof name === "string" ? name : undefined;
}

function flagValue(argument: string): string {
  return argument.slice(argument.indexOf("=") + 1);
}

/** The flags of a container, as it gets them. */
export function flagsOf(container: Tree): string[] {
  return Object.entries(container["args"] as Record<string, string>).map(
    ([flag, value]) => `${flag}=${value}`,
  );
}

/**
 * Where two renderings differ, by `<kind>/<name>` or `<kind>/<name> <place>`, each with what the second has there:
 * undefined when it has nothing.
 */
export function differences(before: Objects, after: Objects): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const compare = (left: unknown, right: unknown, place: string, separator: string): void => {
    if (isDeepStrictEqual(left, right)) return;
    if (!isTree(left) || !isTree(right)) {
      found.set(place, right);
      return;
    }
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
      compare(left[key], right[key], `${place}${separator}${key}`, ".");
  };
  for (const key of new Set([...before.keys(), ...after.keys()]))
    compare(before.get(key), after.get(key), key, " ");
  return found;
}

function isTree(node: unknown): node is Tree {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}
