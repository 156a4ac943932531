import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import type { v1alpha1 } from "../provider-proto/generated/messages.js";

const DATA_LINK = "..data";
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4096;

/**
 * Refuses what the driver's writer refuses.
 * @throws Error in the driver's words
 * @see pkg/util/fileutil of the driver: Validate, validatePath
 */
export function validateFiles(files: readonly v1alpha1.IFile[]): void {
  for (const { path: name = "", mode = 0 } of files as { path?: string; mode?: number }[]) {
    if (name === "") throw new Error("invalid path: must not be empty");
    if (path.isAbsolute(name)) throw new Error(`invalid path: must be relative path: ${name}`);
    if (Buffer.byteLength(name) > MAX_PATH_BYTES)
      throw new Error("invalid path: must be less than or equal to 4096 characters");
    const items = name.split("/");
    for (const item of items) {
      if (item === "..") throw new Error(`invalid path: must not contain '..': ${name}`);
      if (Buffer.byteLength(item) > MAX_NAME_BYTES) {
        throw new Error("invalid path: filenames must be less than or equal to 255 characters");
      }
    }
    if (items[0]?.startsWith("..") === true)
      throw new Error(`invalid path: must not start with '..': ${name}`);
    if (path.normalize(name) !== name) throw new Error(`invalid filepath: "${name}"`);
    if (mode < 0 || mode > 0o777) throw new Error(`invalid file mode: ${String(mode)}`);
  }
}

/**
 * Writes the answer of one Mount into a volume as the driver does: a new time-stamped folder, swapped in by one
 * rename of the `..data` link, so that a reader sees all of the old files or all of the new ones.
 * @returns true when something changed; an equal payload leaves the volume untouched
 * @see pkg/util/fileutil/atomic_writer.go of the driver
 */
export async function writeVolume(targetDir: string, files: readonly v1alpha1.IFile[]): Promise<boolean> {
  validateFiles(files);
  await mkdir(targetDir, { recursive: true });
  const payload = new Map(
    files.map((file) => [
      file.path ?? "",
      { mode: file.mode ?? 0, contents: file.contents ?? new Uint8Array() },
    ]),
  );

  const dataLink = path.join(targetDir, DATA_LINK);
  const oldFolder = await readlink(dataLink).catch(() => undefined);
  const oldPaths = oldFolder === undefined ? [] : await listFiles(path.join(targetDir, oldFolder));
  if (oldFolder !== undefined && (await isSame(path.join(targetDir, oldFolder), oldPaths, payload)))
    return false;

  const stamp = new Date().toISOString().replaceAll(/[-:T]/g, "_").replace("Z", "");
  const newFolder = `..${stamp}.${String(process.hrtime.bigint())}`;
  for (const [name, { mode, contents }] of payload) {
    const file = path.join(targetDir, newFolder, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, contents);
    await chmod(file, mode); // the umask must not take bits away
  }

  const tops = new Set([...payload.keys()].map(topOf));
  for (const top of tops) {
    const link = path.join(targetDir, top);
    if (!(await exists(link))) await symlink(path.join(DATA_LINK, top), link);
  }
  await rm(`${dataLink}_tmp`, { force: true });
  await symlink(newFolder, `${dataLink}_tmp`);
  await rename(`${dataLink}_tmp`, dataLink);

  for (const top of new Set(oldPaths.map(topOf))) {
    if (!tops.has(top)) await rm(path.join(targetDir, top), { force: true });
  }
  if (oldFolder !== undefined) await rm(path.join(targetDir, oldFolder), { recursive: true, force: true });
  return true;
}

/** Paths of all files below a folder, relative to it, sorted. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

async function isSame(
  folder: string,
  oldPaths: readonly string[],
  payload: ReadonlyMap<string, { mode: number; contents: Uint8Array }>,
): Promise<boolean> {
  if (oldPaths.length !== payload.size) return false;
  for (const [name, { mode, contents }] of payload) {
    const file = path.join(folder, name);
    const info = await lstat(file).catch(() => undefined);
    if (info === undefined || (info.mode & 0o777) !== mode) return false;
    if (!(await readFile(file)).equals(contents)) return false;
  }
  return true;
}

function topOf(name: string): string {
  return name.split("/", 1)[0] ?? name;
}

async function exists(file: string): Promise<boolean> {
  return await lstat(file).then(
    () => true,
    () => false,
  );
}
