import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";
import { bundleProvider } from "../../../scripts/bundle.js";

/** A change of the source: the text must stand there exactly once. */
export interface Break {
  /** From the root of the checkout. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Bundles the provider with something broken, and leaves the source as it is.
 * @throws when a text that is to be replaced is not there, or its file is not of the provider: nothing would be proven
 */
export async function bundleBroken(breaks: readonly Break[], file: string): Promise<void> {
  const broken = new Map<string, string>();
  for (const { file: source, from, to } of breaks) {
    const whole = path.resolve(source);
    const parts = (broken.get(whole) ?? (await readFile(whole, "utf8"))).split(from);
    if (parts.length !== 2) throw new Error(`${source} holds ${parts.length - 1} times: ${from}`);
    broken.set(whole, parts.join(to));
  }
  const unused = new Set(broken.keys());
  const inTheirPlace: Plugin = {
    name: "broken",
    setup: (build) => {
      build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path: whole }) => {
        unused.delete(whole);
        const contents = broken.get(whole);
        return contents === undefined ? undefined : { contents, loader: "ts" };
      });
    },
  };
  const text = await bundleProvider({ version: "0.0.0-broken", buildDate: "never" }, [inTheirPlace]);
  if (unused.size > 0) throw new Error(`not of the provider: ${[...unused].join(", ")}`);
  await writeFile(file, text);
}
