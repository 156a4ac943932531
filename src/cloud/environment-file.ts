import { constants } from "node:fs";
import { open, realpath, stat, type FileHandle } from "node:fs/promises";

/** Largest environment file, in bytes. Real ones have some 2,000. */
export const MAX_ENVIRONMENT_FILE_BYTES = 64 * 1024;

/** The text of a file, or in words what is wrong with it (`does not exist`). */
export type EnvironmentFileText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Kernel file systems: their files look regular and small, yet may be endless, block, or change the system. */
const KERNEL_FOLDERS = /^\/(?:proc|sys|dev)(?:\/|$)/;

/**
 * Reads an environment file whose path a pod's author chose, while this process may open far more than that author. So
 * the path must be absolute and lead (through links: a ConfigMap's files are links) to a small regular file; a device or a
 * FIFO is not even opened; at most 64 KiB are read, without blocking; and nothing that was read is ever part of a problem.
 */
export async function readEnvironmentFile(path: string): Promise<EnvironmentFileText> {
  if (!path.startsWith("/")) return problem("is not an absolute path");
  try {
    const target = await realpath(path);
    if (KERNEL_FOLDERS.test(target)) return problem("does not lead to an ordinary file");
    if (!(await stat(target)).isFile()) return problem("does not lead to an ordinary file");
    const file = await open(target, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      if (!(await file.stat()).isFile()) return problem("does not lead to an ordinary file");
      return await readBounded(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    return problem(describe(error));
  }
}

async function readBounded(file: FileHandle): Promise<EnvironmentFileText> {
  const buffer = Buffer.alloc(MAX_ENVIRONMENT_FILE_BYTES + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.byteLength - length);
    length += bytesRead;
    if (length > MAX_ENVIRONMENT_FILE_BYTES) return problem("is larger than 64 KiB");
    if (bytesRead === 0) return { ok: true, text: buffer.toString("utf8", 0, length) };
  }
}

function problem(words: string): EnvironmentFileText {
  return { ok: false, problem: words };
}

function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "does not exist in the provider's container";
    case "EACCES":
    case "EPERM":
      return "may not be read by the provider";
    case "ELOOP":
      return "is a circle of links";
    case "ENAMETOOLONG":
      return "is too long";
    default:
      return "cannot be read";
  }
}
