import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DriverClient } from "../../driver/client.js";

export interface ProviderOptions {
  /** Flags beside those for endpoint and ports. */
  readonly flags?: readonly string[];
  /** Added to a minimal environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long to wait for the socket, in milliseconds. */
  readonly startLimitMs?: number;
  /** The Node that runs it; this one by default. */
  readonly nodePath?: string;
  /** The program that it runs; `dist/provider.js` by default. */
  readonly programPath?: string;
  /** An own socket path, when several providers are to share one. */
  readonly socketPath?: string;
  /** False: do not wait until it serves. */
  readonly waitUntilServing?: boolean;
}

/** The built provider, running as a process of its own on a Unix socket in a temporary folder. */
export class ProviderProcess {
  readonly socketPath: string;
  readonly healthzPort: number;
  readonly metricsPort: number;
  readonly client: DriverClient;
  readonly child: ChildProcess;
  readonly #folder: string;
  #output = "";

  private constructor(
    child: ChildProcess,
    folder: string,
    socketPath: string,
    ports: { healthz: number; metrics: number },
  ) {
    this.child = child;
    this.#folder = folder;
    this.socketPath = socketPath;
    this.healthzPort = ports.healthz;
    this.metricsPort = ports.metrics;
    this.client = new DriverClient(`unix:${socketPath}`);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
  }

  /** Starts the provider (made by `npm run build`) and waits until it answers Version. */
  static async start(options: ProviderOptions = {}): Promise<ProviderProcess> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-"));
    const socketPath = options.socketPath ?? path.join(folder, "azure.sock");
    const [healthz, metrics] = await freePorts();
    const child = spawn(
      options.nodePath ?? process.execPath,
      [
        options.programPath ?? path.resolve("dist/provider.js"),
        `--endpoint=unix://${socketPath}`,
        `--healthz-port=${healthz}`,
        `--prometheus-port=${metrics}`,
        ...(options.flags ?? []),
      ],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...options.env },
      },
    );
    const provider = new ProviderProcess(child, folder, socketPath, { healthz, metrics });
    if (options.waitUntilServing === false) return provider;
    try {
      // A client that dials before there is a socket waits a second until it dials again.
      await provider.#socketToCome();
      await provider.client.version({ deadlineMs: options.startLimitMs ?? 15_000 });
    } catch (error) {
      await provider.stop("SIGKILL");
      throw new Error(`the provider did not start: ${provider.output}`, { cause: error });
    }
    return provider;
  }

  async #socketToCome(): Promise<void> {
    while (!existsSync(this.socketPath) && this.child.exitCode === null && this.child.signalCode === null) {
      await sleep(5);
    }
  }

  /** All that it wrote to standard output and standard error. */
  get output(): string {
    return this.#output;
  }

  /** Ends it and removes its folder. @returns its exit code, or null when a signal ended it */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.client.close();
    const code = await new Promise<number | null>((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        resolve(this.child.exitCode);
        return;
      }
      this.child.once("exit", resolve);
      this.child.kill(signal);
    });
    await rm(this.#folder, { recursive: true, force: true });
    return code;
  }
}

/** Two ports that were free a moment ago, on the loopback interface. */
export async function freePorts(): Promise<[number, number]> {
  const servers = await Promise.all(
    Array.from({ length: 2 }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as [number, number];
}
