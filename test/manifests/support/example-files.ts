import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type KubernetesObject, isObject, type ManifestDocument, readDocuments } from "./manifest.js";

const FOLDER = "manifests/examples";

/** What the examples say in place of names of one's own; the index of the examples lists them too. */
export const PLACEHOLDER = {
  vaults: ["contoso-shop", "contoso-shared"],
  tenants: ["8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59"],
  clients: ["5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21", "b7d94f02-6c1e-4a83-8f25-1e0c9d7a3b64"],
  clientSecrets: ["replace-with-the-client-secret"],
} as const;

/** One object of an example, with the text that it was read from. */
export interface ExampleObject extends Omit<ManifestDocument, "value"> {
  readonly value: KubernetesObject;
}

/** One folder of manifests/examples. */
export interface Example {
  readonly name: string;
  readonly objects: readonly ExampleObject[];
  /** Flags that the provider must run with. */
  readonly flags: readonly string[];
}

/** Names of all examples: every folder. */
export function exampleNames(): string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Reads an example as it is shipped.
 * @param names - placeholder → what stands in its place
 * @throws Error that names file and line
 */
export function readExample(name: string, names: ReadonlyMap<string, string> = new Map()): Example {
  const folder = path.join(FOLDER, name);
  const files = readdirSync(folder).sort();
  const texts = files.map((file) => {
    if (!file.endsWith(".yaml")) throw new Error(`${folder}/${file} is no .yaml file`);
    return { file: path.join(folder, file), text: readFileSync(path.join(folder, file), "utf8") };
  });
  const objects = texts.flatMap(({ file, text }) => readDocuments(replaceAll(text, names), file));
  return {
    name,
    objects: objects.map(({ value, ...document }) => {
      if (!isObject(value)) throw new Error(`${document.place}: neither apiVersion nor kind`);
      return { ...document, value };
    }),
    flags: texts.flatMap(({ text }) =>
      [...text.matchAll(/^# Provider flag: (--\S+)/gm)].map(([, flag = ""]) => flag),
    ),
  };
}

export function objectsOf(example: Example, kind: string): ExampleObject[] {
  return example.objects.filter(({ value }) => value.kind === kind);
}

function replaceAll(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce((replaced, [from, to]) => replaced.replaceAll(from, to), text);
}
