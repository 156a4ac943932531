import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { splitWords } from "./command.js";
import { type ProcessMemory, readMemory } from "./process-files.js";

/** Node that runs nothing: the floor under every program on it. */
export interface BareNode extends ProcessMemory {
  /** As the provider's command names it. */
  readonly program: string;
  readonly nodeVersion: string;
  /** From exec to the first line of a program, in milliseconds. */
  readonly firstLineMs: number;
}

/** The Node binary that a provider's command runs on; undefined when it is a program of another kind. */
export function nodeOfCommand(template: string): string | undefined {
  return splitWords(template).find((word) => /^node(js)?$/.test(path.basename(word)));
}

/** Starts Node with an empty program, and looks at it after `idleMs`. */
export async function measureBareNode(program: string, idleMs: number): Promise<BareNode> {
  const startedAt = performance.now();
  const child = spawn(program, ["-e", "console.log(process.version); setInterval(() => {}, 60_000)"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env["PATH"] ?? "" },
  });
  const ended = once(child, "exit").then(() => {
    throw new Error(`${program} -e does not run`);
  });
  ended.catch(() => undefined); // the end that comes below is no failure
  try {
    const [version] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer];
    const firstLineMs = performance.now() - startedAt;
    await sleep(idleMs);
    const memory = readMemory(await readFile(`/proc/${String(child.pid)}/status`, "utf8"));
    return { program, nodeVersion: version.toString().trim(), firstLineMs, ...memory };
  } finally {
    child.kill("SIGKILL");
  }
}
