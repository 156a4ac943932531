import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { filesOfProvider } from "../bundle.js";
import { bundledPackages, packageFolders } from "./bundled-packages.js";
import { debianPackages } from "./debian-packages.js";
import { nodePackages, nodeVersionOf } from "./node-packages.js";
import { noticesOf } from "./notices.js";
import { containing, packageOf, type SpdxDocument } from "./spdx.js";

/**
 * Writes an image's bill of materials (SPDX 2.3) and the licence texts of what is bundled. Called by the Dockerfile:
 *
 *     tsx scripts/image/describe.ts --target FOLDER --arch amd64 --sbom FILE --notices FILE
 *
 * FOLDER holds what the image is put together from: `node_version.h`, `node-image-status` (dpkg's status file of the image
 * that Node is from) and `runtime-packages/` (a file for each package of the runtime image, as distroless has them).
 * BUILD_VERSION and BUILD_DATE as for scripts/build.ts.
 */
const { values } = parseArgs({
  options: {
    target: { type: "string", default: "" },
    arch: { type: "string", default: "" },
    sbom: { type: "string", default: "" },
    notices: { type: "string", default: "" },
  },
});
/** Of the image that Node is from, what the Dockerfile takes beside Node. */
const TAKEN_WITH_NODE: ReadonlySet<string> = new Set(["libatomic1"]);

const nodeVersion = nodeVersionOf(await readFile(path.join(values.target, "node_version.h"), "utf8"));
if (nodeVersion !== process.versions.node) {
  throw new Error(
    `NODE_IMAGE has Node ${nodeVersion}, BUILD_IMAGE ${process.versions.node}: they must be one`,
  );
}

// With `--omit dev` npm leaves out a dependency as well that a tool asks for as its peer: protobufjs.
const { stdout } = await promisify(execFile)("npm", ["sbom", "--sbom-format", "spdx"], {
  maxBuffer: 64 * 1024 * 1024,
});
const npm = JSON.parse(stdout) as SpdxDocument;
const folders = packageFolders(await filesOfProvider());
const bundled = bundledPackages(npm, folders);
const { node, parts } = nodePackages(process.versions);

const runtimeFolder = path.join(values.target, "runtime-packages");
const runtimeFiles = (await readdir(runtimeFolder)).filter((name) => !name.endsWith(".md5sums")).sort();
const runtime = await Promise.all(
  runtimeFiles.map(async (name) => debianPackages(await readFile(path.join(runtimeFolder, name), "utf8"))),
);
const withNode = debianPackages(await readFile(path.join(values.target, "node-image-status"), "utf8")).filter(
  ({ name }) => TAKEN_WITH_NODE.has(name),
);
const debian = [...runtime.flat(), ...withNode];

const version = process.env["BUILD_VERSION"] ?? bundled.program.versionInfo;
const image = packageOf("Image", `${bundled.program.name}-image`, version, {
  primaryPackagePurpose: "CONTAINER",
  licenseDeclared: "MIT",
});
const packages = [image, bundled.program, ...bundled.packages, node, ...parts, ...debian];
const relationships = [
  {
    spdxElementId: "SPDXRef-DOCUMENT",
    relatedSpdxElement: image.SPDXID,
    relationshipType: "DESCRIBES",
  },
  ...containing(image, [bundled.program, node, ...debian]),
  ...containing(bundled.program, bundled.packages),
  ...containing(node, parts),
  ...bundled.relationships,
];
const digest = createHash("sha256").update(JSON.stringify(packages)).digest("hex").slice(0, 32);
const name = `${bundled.program.name}-${version}-linux-${values.arch}`;
const document: SpdxDocument = {
  spdxVersion: "SPDX-2.3",
  dataLicense: "CC0-1.0",
  SPDXID: "SPDXRef-DOCUMENT",
  name,
  documentNamespace: `https://spdx.org/spdxdocs/${name}-${digest}`,
  creationInfo: {
    created: new Date(process.env["BUILD_DATE"] ?? Date.now()).toISOString().replace(/\.\d+Z$/, "Z"),
    creators: npm.creationInfo.creators,
  },
  documentDescribes: [image.SPDXID],
  packages,
  relationships,
};
await writeFile(values.sbom, `${JSON.stringify(document, undefined, 1)}\n`);
await writeFile(values.notices, await noticesOf(folders));
