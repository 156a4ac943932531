import { mkdir, writeFile } from "node:fs/promises";
import { bundleVault } from "../bundle.js";

/** Bundles the embedded vault into dist/vault.mjs, for its image. */
await mkdir("dist", { recursive: true });
await writeFile("dist/vault.mjs", await bundleVault());
