import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DriverClient } from "../../driver/client.js";
import { fillCommand } from "./command.js";
import { freePorts } from "./free-ports.js";
import { type ProcessMemory, readCpuMs, readMemory } from "./process-files.js";

/** What a start cost. */
export interface StartSample {
  /** From exec to the answer to the first Version call, in milliseconds. */
  readonly servingMs: number;
  /** CPU time until then. */
  readonly cpuMs: number;
}

export interface ProviderUsage extends ProcessMemory {
  readonly cpuMs: number;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 2;
const SHOWN_OUTPUT_CHARS = 4_000;

/** A provider that is being measured: a process of its own on a Unix socket in a temporary folder. */
export class ProviderRun {
  readonly client: DriverClient;
  readonly start: StartSample;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #metricsPort: number;

  private constructor(parts: {
    client: DriverClient;
    start: StartSample;
    child: ChildProcess;
    folder: string;
    metricsPort: number;
  }) {
    this.client = parts.client;
    this.start = parts.start;
    this.#child = parts.child;
    this.#folder = parts.folder;
    this.#metricsPort = parts.metricsPort;
  }

  /**
   * Starts a command and waits until it serves.
   * @param template - see `fillCommand`
   * @param env - the way to the vault; of our own environment only PATH is passed on
   * @throws Error with the end of its output when it ends or does not serve within a minute
   */
  static async start(template: string, env: Readonly<Record<string, string>>): Promise<ProviderRun> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-bench-"));
    const socketPath = path.join(folder, "azure.sock");
    const [healthzPort, metricsPort] = await freePorts();
    const [program, ...args] = fillCommand(template, {
      endpoint: `unix://${socketPath}`,
      healthzPort,
      metricsPort,
    });
    // Output goes to a file: reading a pipe would cost the load generator time.
    const log = await open(path.join(folder, "output.log"), "a");
    const startedAt = performance.now();
    const child = spawn(program, args, {
      stdio: ["ignore", log.fd, log.fd],
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...env },
    });
    child.on("error", () => undefined); // a program that is not there: seen below as ended
    await log.close();
    try {
      await waitForSocket(socketPath, child, startedAt);
      const client = new DriverClient(`unix:${socketPath}`);
      await client.version({ deadlineMs: START_LIMIT_MS });
      const servingMs = performance.now() - startedAt;
      const { cpuMs } = await usageOf(child);
      return new ProviderRun({ client, start: { servingMs, cpuMs }, child, folder, metricsPort });
    } catch (error) {
      const output = await readFile(path.join(folder, "output.log"), "utf8");
      await end(child);
      await rm(folder, { recursive: true, force: true });
      const reason = error instanceof Error ? error.message : "unknown";
      throw new Error(`"${template}" does not serve: ${reason}\n${output.slice(-SHOWN_OUTPUT_CHARS)}`, {
        cause: error,
      });
    }
  }

  /** CPU time and memory up to now. @throws Error when it has ended */
  async usage(): Promise<ProviderUsage> {
    return await usageOf(this.#child);
  }

  /** JavaScript heap in use, in MiB, from /metrics; undefined when the provider does not show it. */
  async heapMiB(): Promise<number | undefined> {
    const answer = await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`).catch(() => undefined);
    const bytes = /^(?:nodejs_heap_used_bytes|go_memstats_heap_alloc_bytes)(?:\{.*\})? (\S+)$/m.exec(
      (await answer?.text()) ?? "",
    )?.[1];
    return bytes === undefined ? undefined : Number(bytes) / 1024 ** 2;
  }

  /** Ends it, with force when it does not stop by itself, and removes its folder. */
  async stop(): Promise<void> {
    this.client.close();
    await end(this.#child);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function usageOf({ pid }: ChildProcess): Promise<ProviderUsage> {
  const [stat, status] = await Promise.all(
    ["stat", "status"].map((name) => readFile(`/proc/${String(pid)}/${name}`, "utf8")),
  );
  return { cpuMs: readCpuMs(stat ?? ""), ...readMemory(status ?? "") };
}

async function waitForSocket(socketPath: string, child: ChildProcess, startedAt: number): Promise<void> {
  while (!(await accepts(socketPath))) {
    if (hasEnded(child)) throw new Error("it has ended");
    if (performance.now() - startedAt > START_LIMIT_MS)
      throw new Error(`no socket within ${START_LIMIT_MS} ms`);
    await sleep(POLL_MS);
  }
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await ended;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
