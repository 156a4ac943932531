import { spawn, type ChildProcess } from "node:child_process";

/** A program that runs beside the tests; what it says is kept. */
export class Child {
  readonly #process: ChildProcess;
  #output = "";

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "", ...env },
    });
    this.#process.on("error", (error) => {
      this.#output += `${program}: ${error.message}\n`;
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  get hasEnded(): boolean {
    const { exitCode, signalCode, pid } = this.#process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  /** The last lines that it said, for an error. */
  lastWords(lines = 15): string {
    return this.#output.trimEnd().split("\n").slice(-lines).join("\n");
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.hasEnded) return;
    await new Promise<void>((resolve) => {
      this.#process.once("exit", () => {
        resolve();
      });
      this.#process.kill(signal);
    });
  }
}
