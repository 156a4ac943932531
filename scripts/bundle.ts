import { build, type BuildOptions, type Plugin } from "esbuild";

const COMMON = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  write: false,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
} as const satisfies BuildOptions;

/** CommonJS packages inside a bundle still call require() for Node's own modules. */
const REQUIRE = {
  js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
};

export interface BuildConstants {
  /** Semantic version. */
  readonly version: string;
  readonly buildDate: string;
}

/**
 * The provider as the text of one ES module that needs nothing but Node.
 * @param plugins - for tests that build it with something broken
 */
export async function bundleProvider(
  { version, buildDate }: BuildConstants,
  plugins: Plugin[] = [],
): Promise<string> {
  return await bundle("src/main.ts", {
    format: "esm",
    plugins,
    define: {
      BUILD_VERSION: JSON.stringify(version),
      BUILD_DATE: JSON.stringify(buildDate),
      OFFLOAD_PROGRAM: JSON.stringify(await bundleOffloadProgram()),
    },
    banner: REQUIRE,
  });
}

/** The files that have a part in the provider's bundle, as paths from the project's folder. */
export async function filesOfProvider(): Promise<string[]> {
  const builds = await Promise.all(
    ["src/main.ts", "src/offload/worker-main.ts"].map((entryPoint) =>
      build({ ...COMMON, entryPoints: [entryPoint], format: "esm", metafile: true }),
    ),
  );
  const parts = builds
    .flatMap(({ metafile }) => Object.values(metafile.outputs))
    .flatMap(({ inputs }) => Object.entries(inputs));
  return [
    ...new Set(parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)),
  ].sort();
}

/** The embedded vault (emulator/main.ts) as the text of one ES module that needs nothing but Node. */
export async function bundleVault(): Promise<string> {
  return await bundle("emulator/main.ts", { format: "esm", banner: REQUIRE });
}

/**
 * What the provider's worker threads run, as the text of a CommonJS program: a thread compiles all that it is given,
 * and of the whole provider it needs a tenth.
 */
export async function bundleOffloadProgram(): Promise<string> {
  return await bundle("src/offload/worker-main.ts", { format: "cjs" });
}

async function bundle(
  entryPoint: string,
  options: Pick<BuildOptions, "format" | "define" | "banner" | "plugins">,
): Promise<string> {
  const { outputFiles } = await build({ ...COMMON, ...options, entryPoints: [entryPoint] });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`nothing was made of ${entryPoint}`);
  return escapeNonAscii(file.text);
}

/**
 * One character beyond Latin-1 makes V8 keep the whole text with two bytes for each. The bundler escapes those of
 * strings; what it leaves stands in regular expressions, which know the same escape.
 */
function escapeNonAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
