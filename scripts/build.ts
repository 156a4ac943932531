import { readFile } from "node:fs/promises";
import { build } from "esbuild";

/**
 * Bundles the provider into dist/provider.js: one file that needs nothing else of this checkout.
 *
 * BUILD_VERSION and BUILD_DATE (as the Dockerfile's build arguments) override package.json's version and today.
 */
const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
const buildDate = process.env["BUILD_DATE"] ?? new Date().toISOString().slice(0, 16).replace("T", "-");

await build({
  entryPoints: ["src/main.ts"],
  outfile: "dist/provider.js",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  define: {
    BUILD_VERSION: JSON.stringify(process.env["BUILD_VERSION"] ?? version),
    BUILD_DATE: JSON.stringify(buildDate),
  },
  // CommonJS packages inside the bundle still call require() for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
