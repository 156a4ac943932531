import { spawnSync } from "node:child_process";
import path from "node:path";
import type { Context } from "mocha";

/** tools/build.sh's way to say that there is no Go. */
const NO_GO = 77;
/** The first time, a program is built from its source. */
const BUILD_TIMEOUT_MS = 30 * 60_000;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * For a `before` hook: builds what tools/NAME pins, or skips the hook's tests where there is no Go; with `CI` set that
 * is a failure.
 * @returns a way to run one of its programs to its end
 */
export function goTools(
  hook: Context,
  name: string,
): (program: string, args: readonly string[], input?: string) => Ran {
  hook.timeout(BUILD_TIMEOUT_MS);
  const built = spawnSync("sh", ["tools/build.sh", name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (built.status === NO_GO && process.env["CI"] === undefined) {
    process.stdout.write(built.stderr);
    hook.skip();
  }
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
