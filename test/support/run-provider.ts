import { execFile } from "node:child_process";
import path from "node:path";

export interface ProviderRun {
  /** Exit code; null when it had to be ended, because it went on. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built provider to its end, for flags that make it end by itself. */
export async function runProvider(flags: readonly string[], limitMs = 15_000): Promise<ProviderRun> {
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [path.resolve("dist/provider.js"), ...flags],
      { env: { PATH: process.env["PATH"] ?? "" }, timeout: limitMs, killSignal: "SIGKILL" },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      },
    );
  });
}
