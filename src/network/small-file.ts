import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** A file's text, or in words what is wrong with it. */
export type FileText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Reads a regular file of bounded size; opened non-blocking, so that a FIFO cannot hold the start. */
export function readSmallFile(path: string): FileText {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = fstatSync(file);
      if (!facts.isFile()) return { ok: false, problem: "not a regular file" };
      if (facts.size > MAX_FILE_BYTES) return { ok: false, problem: "larger than 4 MiB" };
      const buffer = Buffer.allocUnsafe(facts.size);
      const length = readSync(file, buffer, 0, facts.size, 0);
      return { ok: true, text: buffer.toString("latin1", 0, length) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { ok: false, problem: codeOf(error) };
  }
}

/** The system's code of an error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "unreadable";
}
