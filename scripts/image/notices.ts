import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const LICENCE = /^(licen[cs]e|copying|notice|copyright)/i;

/**
 * The licence texts of bundled packages, as their licences ask for with every copy.
 * @param folders - of the packages
 * @throws Error for a package that brings none
 */
export async function noticesOf(folders: readonly string[]): Promise<string> {
  const notices = await Promise.all(
    folders.map(async (folder) => {
      const files = (await readdir(folder)).filter((name) => LICENCE.test(name)).sort();
      const { name, version, license } = JSON.parse(
        await readFile(path.join(folder, "package.json"), "utf8"),
      ) as { name: string; version: string; license?: string };
      if (files.length === 0 && license === undefined) throw new Error(`${folder} names no licence`);
      const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
      return `${name} ${version} (${license ?? "see below"})\n\n${texts.join("\n").trim()}\n`;
    }),
  );
  return notices.join(`\n${"-".repeat(100)}\n\n`);
}
