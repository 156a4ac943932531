import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { kubectl } from "./kubectl.js";

const ROOT = "manifests";
/** What kubectl kustomize builds, instead of applying file by file. */
const KUSTOMIZED = ["manifests/monitoring", "manifests/embedded-vault", "manifests/kustomize/base"];

/** Some manifests that belong together. */
export interface Shipped {
  readonly name: string;
  /** Who needs the node: the rest is to be well in a namespace that allows nothing special. */
  readonly isPrivileged: boolean;
  readonly files: readonly string[];
  readonly text: () => Promise<string>;
}

/** All of manifests/ but the chart, as people apply it. */
export function shippedManifests(): Shipped[] {
  const overlays = folders(`${ROOT}/kustomize/overlays`);
  return [
    plain("manifests/provider-azure-installer.yaml", ["manifests/provider-azure-installer.yaml"], true),
    ...[...KUSTOMIZED, ...overlays].map((folder) => ({
      name: folder,
      isPrivileged: folder.startsWith(`${ROOT}/kustomize`),
      files: yamlFiles(folder),
      text: async () => await kubectl(["kustomize", folder]),
    })),
    ...[
      ...folders(`${ROOT}/examples`),
      ...(existsSync(`${ROOT}/admission`) ? [`${ROOT}/admission`] : []),
    ].map((folder) => plain(folder, yamlFiles(folder), false)),
    // Applied one after another: the later ones change what the earlier ones made.
    ...yamlFiles(`${ROOT}/walkthrough`).map((file) => plain(file, [file], false)),
  ];
}

/** Every YAML file below manifests/, but the chart's. */
export function allYamlFiles(folder = ROOT): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith(`${ROOT}/charts/`))
    .sort();
}

function plain(name: string, files: readonly string[], isPrivileged: boolean): Shipped {
  return {
    name,
    isPrivileged,
    files,
    text: () => Promise.resolve(files.map((file) => readFileSync(file, "utf8")).join("\n---\n")),
  };
}

function folders(parent: string): string[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(parent, name))
    .sort();
}

function yamlFiles(folder: string): string[] {
  return allYamlFiles(folder);
}
