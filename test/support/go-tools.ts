import { spawnSync } from "node:child_process";
import path from "node:path";
import type { Context } from "mocha";

/** The first time, a program is built from its source. */
const BUILD_TIMEOUT_MS = 30 * 60_000;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** For a `before` hook: skips its tests where there is no Go, or fails where `CI=true`. */
export function needGo(hook: Context): void {
  if (spawnSync("go", ["version"]).error === undefined) return;
  if (process.env["CI"] === "true")
    throw new Error("there is no 'go' here; install it from https://go.dev/dl");
  process.stdout.write("  skipped: there is no 'go' here; install it from https://go.dev/dl\n");
  hook.skip();
}

/**
 * For a `before` hook: builds what tools/NAME pins; needs Go.
 * @see needGo
 * @returns a way to run one of its programs to its end
 */
export function goTools(
  hook: Context,
  name: string,
): (program: string, args: readonly string[], input?: string) => Ran {
  needGo(hook);
  hook.timeout(BUILD_TIMEOUT_MS);
  const built = spawnSync("sh", ["tools/build.sh", name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (built.status !== 0) throw new Error(`tools/build.sh ${name} failed:\n${built.stderr}`);
  const folder = built.stdout.trim();
  return (program, args, input = "") => {
    const { status, stdout, stderr, error } = spawnSync(path.join(folder, program), args, {
      encoding: "utf8",
      input,
      timeout: 60_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (error !== undefined) throw error;
    return { status, stdout, stderr };
  };
}
