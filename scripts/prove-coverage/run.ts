import { execFile } from "node:child_process";

export interface Ended {
  /** Null when it had to be ended. */
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

const LIMIT_MS = 120_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs this Node with these arguments to its end. */
export async function run(args: readonly string[], folder: string): Promise<Ended> {
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...args],
      { cwd: folder, timeout: LIMIT_MS, killSignal: "SIGKILL", maxBuffer: MAX_OUTPUT_BYTES },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, output: stdout + stderr });
      },
    );
  });
}
