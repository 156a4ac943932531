import { constants } from "node:fs";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import path from "node:path";

/** The most bytes of one file, or of standard input. */
export const MAX_SOURCE_BYTES = 4 * 1024 * 1024;
/** The most files of one call. */
export const MAX_SOURCES = 1_000;

const MANIFEST_NAME = /\.(?:ya?ml|json)$/i;
/** What a shell puts in the place of `<(command)`, and standard input by its name. A FIFO in a folder may have no writer. */
const PIPE_NAME = /^(?:(?:\/dev\/fd|\/proc\/self\/fd)\/\d+|\/dev\/stdin)$/;
/** The longest that a pipe may bring nothing. */
const MAX_PIPE_SILENCE_MS = 10_000;
const PIPE_POLL_MS = 20;
/** Stands for standard input. */
const STANDARD_INPUT = "-";

/** A file that was read, or why it was not. */
export type Source =
  { readonly name: string; readonly text: string } | { readonly name: string; readonly problem: string };

/**
 * Reads the files that a command line names: files, `-` for standard input, and folders, of which the files
 * `*.yaml`, `*.yml` and `*.json` in it are read, not those of folders in it.
 */
export async function readSources(names: readonly string[], input: AsyncIterable<Buffer>): Promise<Source[]> {
  const sources: Source[] = [];
  for (const name of await expandFolders(names)) {
    if (typeof name !== "string") sources.push(name);
    else sources.push(await readSource(name, input));
  }
  return sources;
}

/**
 * One file, `-`, or a pipe that the shell made for `<(command)`.
 * @param maxSilenceMs - how long such a pipe may bring nothing
 */
export async function readSource(
  name: string,
  input: AsyncIterable<Buffer>,
  maxSilenceMs = MAX_PIPE_SILENCE_MS,
): Promise<Source> {
  if (name === STANDARD_INPUT) return await readInput(input);
  try {
    // Non-blocking: a FIFO that nobody writes to must not hold the command.
    const file = await open(name, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readFile(name, file, maxSilenceMs);
    } finally {
      await file.close();
    }
  } catch (error) {
    return { name, problem: describeSystemError(error) };
  }
}

async function readFile(name: string, file: FileHandle, maxSilenceMs: number): Promise<Source> {
  const facts = await file.stat();
  if (facts.isFIFO() && PIPE_NAME.test(name)) return await readPipe(name, file, maxSilenceMs);
  if (!facts.isFile()) return { name, problem: "it is not a regular file; use - for standard input" };
  const buffer = Buffer.alloc(Math.min(facts.size, MAX_SOURCE_BYTES + 1));
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return toSource(name, buffer.subarray(0, length));
}

async function readPipe(name: string, file: FileHandle, maxSilenceMs: number): Promise<Source> {
  const chunks: Buffer[] = [];
  let [length, heardAt] = [0, performance.now()];
  while (length <= MAX_SOURCE_BYTES) {
    const buffer = Buffer.alloc(64 * 1024);
    const bytesRead = await readIfReady(file, buffer);
    if (bytesRead === 0) break;
    if (bytesRead === undefined) {
      if (performance.now() - heardAt > maxSilenceMs)
        return { name, problem: `nothing came out of the pipe for ${maxSilenceMs / 1_000} s` };
      await new Promise((resolve) => setTimeout(resolve, PIPE_POLL_MS));
      continue;
    }
    chunks.push(buffer.subarray(0, bytesRead));
    [length, heardAt] = [length + bytesRead, performance.now()];
  }
  return toSource(name, Buffer.concat(chunks));
}

/** @returns 0 at the end; undefined while whoever writes has not yet */
async function readIfReady(file: FileHandle, buffer: Buffer): Promise<number | undefined> {
  try {
    return (await file.read(buffer, 0, buffer.length)).bytesRead;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return undefined;
    throw error;
  }
}

async function readInput(input: AsyncIterable<Buffer>): Promise<Source> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_SOURCE_BYTES) break;
  }
  return toSource("standard input", Buffer.concat(chunks));
}

function toSource(name: string, bytes: Buffer): Source {
  if (bytes.length > MAX_SOURCE_BYTES) {
    return { name, problem: `it is larger than ${MAX_SOURCE_BYTES} bytes; split it` };
  }
  try {
    return { name, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { name, problem: "it is not UTF-8 text" };
  }
}

async function expandFolders(names: readonly string[]): Promise<(string | Source)[]> {
  const expanded: (string | Source)[] = [];
  for (const name of names) {
    if (name === STANDARD_INPUT || !(await isFolder(name))) {
      expanded.push(name);
      continue;
    }
    try {
      const files = (await readdir(name)).filter((file) => MANIFEST_NAME.test(file)).sort();
      if (files.length === 0)
        expanded.push({ name, problem: "the folder has no file *.yaml, *.yml or *.json" });
      expanded.push(...files.map((file) => path.join(name, file)));
    } catch (error) {
      expanded.push({ name, problem: describeSystemError(error) });
    }
  }
  if (expanded.length <= MAX_SOURCES) return expanded;
  const more: Source = {
    name: `${expanded.length - MAX_SOURCES} more files`,
    problem: `at most ${MAX_SOURCES} files are read in one call`,
  };
  return [...expanded.slice(0, MAX_SOURCES), more];
}

async function isFolder(name: string): Promise<boolean> {
  try {
    return (await stat(name)).isDirectory();
  } catch {
    return false; // reading it says why
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "you may not read it",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
};

/** An error of the file system in words. */
export function describeSystemError(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return WORDS[code] ?? `it cannot be read${code === "" ? "" : ` (${code})`}`;
}
