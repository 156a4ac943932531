import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { bundleProvider } from "./bundle.js";

/**
 * Bundles the provider into dist/provider.js: one file that needs nothing else of this checkout.
 *
 * BUILD_VERSION and BUILD_DATE (RFC 3339), as the Dockerfile's build arguments, override package.json's version and now.
 */
const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
const text = await bundleProvider({
  version: process.env["BUILD_VERSION"] ?? version,
  buildDate: new Date(process.env["BUILD_DATE"] ?? Date.now()).toISOString().slice(0, 16).replace("T", "-"),
});

await mkdir("dist", { recursive: true });
// Whoever starts it meanwhile reads the one before, or this one, and never half of one.
const unfinished = `dist/.provider-${process.pid}.js`;
await writeFile(unfinished, text);
await rename(unfinished, "dist/provider.js");
