import { writeSync } from "node:fs";

/** Takes one line, its newline included. It must not throw. */
export type LogOutput = (line: string) => void;

/** Writes some bytes to a file descriptor and says how many it took, as `fs.writeSync` does. */
export type WriteBytes = (fd: number, bytes: Uint8Array, offset: number) => number;

/** How often a full pipe is tried again before the rest of the line is given up, and how long each wait is. */
const MAX_FULL_PIPE_TRIES = 20;
const FULL_PIPE_WAIT_MS = 1;

/**
 * Writes each line to a file descriptor before it returns, so that nothing is lost when the process ends. It never
 * throws: a line that nobody can read any more (EPIPE), or that a stalled reader does not take within some 20 ms,
 * is dropped, because mounts matter more than their log.
 * @param fd - 1 or 2
 */
export function openLogOutput(fd: number, write: WriteBytes = writeSync): LogOutput {
  return (line) => {
    const bytes = Buffer.from(line, "utf8");
    let offset = 0;
    let fullPipeTries = 0;
    while (offset < bytes.length) {
      try {
        offset += write(fd, bytes, offset);
      } catch (error) {
        if (!isFullPipe(error) || ++fullPipeTries > MAX_FULL_PIPE_TRIES) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS);
      }
    }
  };
}

function isFullPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
