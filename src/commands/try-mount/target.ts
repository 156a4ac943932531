import { constants, type Stats } from "node:fs";
import { access, lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.js";
import { describeSystemError } from "../manifest/read-sources.js";
import { octal } from "../octal.js";

export interface Target {
  readonly folder: string;
  /** Write into a folder that is not empty, is another user's, or may be written to by others. */
  readonly isForced: boolean;
}

/** Its group's and all others' permission to write. */
const OTHERS_MAY_WRITE = 0o022;

/**
 * Says whether files may be written there: before anything is asked for, and again when the folder has been made.
 * @throws {CommandError}
 */
export async function checkTarget({ folder, isForced }: Target): Promise<void> {
  const facts = await lstatIfThere(folder);
  if (facts === undefined) return;
  if (facts.isSymbolicLink()) throw refuse(folder, "it is a symbolic link; name the folder itself");
  if (!facts.isDirectory()) throw refuse(folder, "it is not a folder");
  if (isForced) return;
  const remedy = "choose one that is not there yet, or write into this one by --force";
  // Whoever owns a folder, or may write into it, can read or exchange what is put there.
  if (facts.uid !== (process.geteuid?.() ?? facts.uid))
    throw refuse(folder, `the folder is another user's (${facts.uid}); ${remedy}`);
  if ((facts.mode & OTHERS_MAY_WRITE) !== 0)
    throw refuse(folder, `others may write into the folder (mode ${octal(facts.mode & 0o7777)}); ${remedy}`);
  const [first] = await readIfAllowed(folder);
  if (first !== undefined) {
    throw refuse(folder, "the folder is not empty; choose another, or write over what is in it by --force");
  }
}

/**
 * Holds every file's place against what lies in the folder: what is above it is a folder that may be written to, or not
 * there yet, and in its place is no folder.
 * @param names - paths below the folder, which is there
 * @throws {CommandError}
 */
export async function checkPlaces(folder: string, names: readonly string[]): Promise<void> {
  const places = new Set(names);
  const { dev } = await lstat(folder);
  for (const name of names) {
    const parts = name.split("/");
    for (let length = 1; length < parts.length; length++) {
      const above = parts.slice(0, length).join("/");
      const at = path.join(folder, above);
      const facts = await lstatIfThere(at);
      if (places.has(above) || (facts !== undefined && !facts.isDirectory()))
        throw refuse(at, "a file has to go below it, but it is no folder; remove it");
      if (facts === undefined) continue;
      if (facts.dev !== dev) throw refuse(at, "another file system is mounted there; choose another folder");
      await access(at, constants.W_OK | constants.X_OK).catch((error: unknown) => {
        throw refuse(at, describeSystemError(error));
      });
    }
    const place = path.join(folder, name);
    if ((await lstatIfThere(place))?.isDirectory() === true)
      throw refuse(place, "a file has to go in its place, but it is a folder; remove it");
  }
}

/** What is there, a link as itself. @throws {CommandError} when that cannot be known */
export async function lstatIfThere(name: string): Promise<Stats | undefined> {
  try {
    return await lstat(name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw refuse(name, describeSystemError(error));
  }
}

async function readIfAllowed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw refuse(folder, describeSystemError(error));
  }
}

/** @param why - what is wrong with it, and what to do */
export function refuse(name: string, why: string): CommandError {
  return new CommandError(2, `cannot write to ${name}: ${why}`);
}
