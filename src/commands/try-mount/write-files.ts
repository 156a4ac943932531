import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { SecretFile } from "../../model/secret-file.js";
import { fileNameProblem } from "../../parameters/file-name.js";
import { CommandError } from "../command-error.js";
import { describeSystemError } from "../manifest/read-sources.js";
import { checkPlaces, checkTarget, lstatIfThere, refuse, type Target } from "./target.js";

/** Folders of what was read are their owner's alone. */
const FOLDER_MODE = 0o700;

/**
 * Writes the files, each whole or not at all: all are written beside their places first and then moved there. No link
 * that lies in the folder is followed.
 * @throws {CommandError} where something is in the way or they cannot all be written, before any of them is in its place;
 *   after that only when somebody else changes the folder meanwhile
 */
export async function writeFiles(files: readonly SecretFile[], target: Target): Promise<void> {
  for (const { path: name } of files) {
    const problem = fileNameProblem(name);
    if (problem !== undefined) throw refuse(target.folder, problem);
  }
  await checkTarget(target);
  const stage = path.join(target.folder, `.unfinished-${randomBytes(8).toString("hex")}`);
  try {
    await mkdir(target.folder, { recursive: true, mode: FOLDER_MODE });
    await checkTarget(target); // now that it is there: somebody else may have been quicker
    await checkPlaces(
      target.folder,
      files.map(({ path: name }) => name),
    );
    await mkdir(stage, { mode: FOLDER_MODE });
    for (const [index, file] of files.entries()) await writeNew(path.join(stage, String(index)), file);
    for (const { path: name } of files) await makeFolders(target.folder, path.dirname(name));
    for (const [index, { path: name }] of files.entries()) {
      await rename(path.join(stage, String(index)), path.join(target.folder, name));
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw refuse(target.folder, describeSystemError(error));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function writeNew(name: string, { contents, mode }: SecretFile): Promise<void> {
  const file = await open(name, "wx", 0o600);
  try {
    await file.writeFile(contents);
    await file.chmod(mode); // whatever the umask says
  } finally {
    await file.close();
  }
}

/** The folders of a file, each a real one. */
async function makeFolders(root: string, below: string): Promise<void> {
  let folder = root;
  for (const part of below === "." ? [] : below.split("/")) {
    folder = path.join(folder, part);
    const facts = await lstatIfThere(folder);
    if (facts === undefined) await mkdir(folder, { mode: FOLDER_MODE });
    else if (!facts.isDirectory())
      throw refuse(folder, "a file has to go below it, but it is no folder; remove it");
  }
}
