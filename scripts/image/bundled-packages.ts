import type { Relationship, SpdxDocument, SpdxPackage } from "./spdx.js";

/** @returns the folders of the packages that these files are of, such as `node_modules/a/node_modules/@b/c` */
export function packageFolders(files: readonly string[]): string[] {
  const folders = files.map((file) => /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/**
 * What of npm's own document (`npm sbom --sbom-format spdx`) is in the bundle: npm lists what is installed, the bundler
 * leaves out what nothing calls.
 * @throws Error for a folder that npm's document does not list
 */
export function bundledPackages(
  npm: SpdxDocument,
  folders: readonly string[],
): {
  readonly program: SpdxPackage;
  readonly packages: readonly SpdxPackage[];
  readonly relationships: readonly Relationship[];
} {
  const program = npm.packages.find(({ SPDXID }) => SPDXID === npm.documentDescribes[0]);
  if (program === undefined) throw new Error("npm's document describes nothing");
  const packages = folders.map((folder) => {
    const found = npm.packages.find(({ packageFileName }) => packageFileName === folder);
    if (found === undefined) throw new Error(`${folder} is bundled, and npm does not list it`);
    return found;
  });
  const kept = new Set([program, ...packages].map(({ SPDXID }) => SPDXID));
  const relationships = npm.relationships.filter(
    ({ spdxElementId, relatedSpdxElement }) => kept.has(spdxElementId) && kept.has(relatedSpdxElement),
  );
  return { program, packages, relationships };
}
