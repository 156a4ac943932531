import { packageOf, purlRef, type SpdxPackage } from "./spdx.js";

/** Numbers of interfaces and of tables, not of software. */
const NO_SOFTWARE: ReadonlySet<string> = new Set(["node", "modules", "napi", "cldr", "tz", "unicode"]);

/** The version that Node's own header names: `#define NODE_MAJOR_VERSION 26` and so on. */
export function nodeVersionOf(header: string): string {
  const parts = ["MAJOR", "MINOR", "PATCH"].map(
    (part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(header)?.[1],
  );
  if (parts.includes(undefined)) throw new Error("this is not Node's node_version.h");
  return parts.join(".");
}

/**
 * Node, and what is built into it.
 * @param versions - of the same release, as `process.versions` has them
 */
export function nodePackages(versions: Readonly<Record<string, string | undefined>>): {
  readonly node: SpdxPackage;
  readonly parts: readonly SpdxPackage[];
} {
  const version = versions["node"] ?? "";
  const node = packageOf("Node", "node", version, {
    licenseDeclared: "MIT",
    externalRefs: [
      purlRef(`pkg:generic/node@${version}`),
      {
        referenceCategory: "SECURITY",
        referenceType: "cpe23Type",
        referenceLocator: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
      },
    ],
  });
  const parts = Object.entries(versions)
    .filter((entry): entry is [string, string] => !NO_SOFTWARE.has(entry[0]) && (entry[1] ?? "") !== "")
    .map(([name, ofPart]) =>
      packageOf("Node-part", name, ofPart, { purl: `pkg:generic/${name}@${encodeURIComponent(ofPart)}` }),
    );
  return { node, parts };
}
