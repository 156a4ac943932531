import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "../rpc/support.js";

const MAIN = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

/** The provider in a process of its own, from source. */
export class ProviderProcess {
  readonly child: ChildProcess;
  out = "";
  err = "";

  /** Takes free ports unless the arguments name others, and logs so much that they can be read. */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    const defaults = ["--healthz-port=0", "--prometheus-port=0", "-v=1"];
    this.child = spawn(process.execPath, ["--import=tsx", MAIN, ...defaults, ...args], { env });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.err += chunk.toString()));
  }

  /** Waits for a line of the log. */
  async logged(part: string): Promise<void> {
    await until(() => this.err.includes(part) || this.out.includes(part) || this.child.exitCode !== null);
    if (!(this.err + this.out).includes(part)) throw new Error(`ended without ${part}: ${this.err}`);
  }

  async serving(): Promise<this> {
    await this.logged("Listening for the driver");
    return this;
  }

  /** The port that it listens on for health or metrics. */
  async url(name: "health" | "metrics", path: string): Promise<string> {
    await this.logged(`Listening for ${name}`);
    const port = new RegExp(`Listening for ${name}" port=(\\d+)`).exec(this.err)?.[1] ?? "";
    return `http://127.0.0.1:${port}${path}`;
  }

  async exit(): Promise<number | NodeJS.Signals | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "exit");
    return this.child.exitCode ?? this.child.signalCode;
  }

  /** For the end of a test. */
  async end(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exit();
  }
}

/** Status and body of a GET. */
export async function get(url: string): Promise<string> {
  const response = await fetch(url);
  return `${response.status} ${await response.text()}`;
}
