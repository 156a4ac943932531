import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { DriverClient } from "../../driver/client.js";
import { BareMountClient } from "../load/bare-mount-client.js";
import { fillCommand } from "./command.js";
import { freePorts } from "./free-ports.js";
import { type ProcessMemory, readCpuMs, readMemory } from "./process-files.js";
import { waitForSocket } from "./wait-for-socket.js";

/** What a start cost. */
export interface StartSample {
  /** From exec to the answer to the first Version call, in milliseconds. */
  readonly servingMs: number;
  /** CPU time until then. */
  readonly cpuMs: number;
  /** Name and version, as it answered. */
  readonly runtime: string;
}

export interface ProviderUsage extends ProcessMemory {
  readonly cpuMs: number;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const SHOWN_OUTPUT_CHARS = 4_000;

/** A provider that is being measured: a process of its own on a Unix socket in a temporary folder. */
export class ProviderRun {
  /** Calls as the driver does. */
  readonly client: DriverClient;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #metricsPort: number;
  readonly #ended = new AbortController();
  #start: StartSample = { servingMs: Number.NaN, cpuMs: Number.NaN, runtime: "" };
  #bareClient: BareMountClient | undefined;

  private constructor(child: ChildProcess, folder: string, metricsPort: number) {
    this.#child = child;
    this.#folder = folder;
    this.#metricsPort = metricsPort;
    this.client = new DriverClient(`unix:${socketIn(folder)}`);
    child.once("error", (error) => {
      this.#ended.abort(error); // there is no such program
    });
    child.once("exit", (code, signal) => {
      const how = signal === null ? `with code ${String(code)}` : `by ${signal}`;
      this.#ended.abort(new Error(`the provider has ended ${how}\n${this.#lastOutput()}`));
    });
  }

  /**
   * Starts a command and waits until it serves.
   * @param template - see `fillCommand`
   * @param env - the way to the vault; of our own environment only PATH is passed on
   * @param signal - gives up
   * @throws Error with the end of its output when it ends or does not serve within a minute
   */
  static async start(
    template: string,
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<ProviderRun> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-bench-"));
    const [healthzPort, metricsPort] = await freePorts();
    const endpoint = `unix://${socketIn(folder)}`;
    const [program, ...args] = fillCommand(template, { endpoint, healthzPort, metricsPort });
    // Output goes to a file: reading a pipe would cost the load generator time.
    const log = await open(logIn(folder), "a");
    const startedAt = performance.now();
    const child = spawn(program, args, {
      stdio: ["ignore", log.fd, log.fd],
      env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...env },
    });
    const run = new ProviderRun(child, folder, metricsPort);
    await log.close();
    try {
      await run.#waitUntilServing(startedAt, signal);
      return run;
    } catch (error) {
      await run.stop();
      throw error;
    }
  }

  get start(): StartSample {
    return this.#start;
  }

  /** Aborted, with the reason, when it ends before it is stopped. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Calls at the least cost. */
  get bareClient(): BareMountClient {
    return (this.#bareClient ??= new BareMountClient(socketIn(this.#folder)));
  }

  /** CPU time and memory up to now. @throws Error when it has ended */
  async usage(): Promise<ProviderUsage> {
    this.ended.throwIfAborted();
    const [stat, status] = await Promise.all(
      ["stat", "status"].map((name) => readFile(`/proc/${String(this.#child.pid)}/${name}`, "utf8")),
    );
    return { cpuMs: readCpuMs(stat ?? ""), ...readMemory(status ?? "") };
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
    this.#bareClient?.close();
    if (!this.ended.aborted) {
      const ended = new Promise((resolve) => {
        this.ended.addEventListener("abort", resolve, { once: true });
      });
      this.#child.kill("SIGTERM");
      const force = setTimeout(() => this.#child.kill("SIGKILL"), STOP_LIMIT_MS);
      await ended;
      clearTimeout(force);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #waitUntilServing(startedAt: number, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(START_LIMIT_MS);
    const patience = AbortSignal.any([signal, limit, this.ended]);
    try {
      await waitForSocket(socketIn(this.#folder), patience);
      const version = await this.client.version({ deadlineMs: START_LIMIT_MS, signal: patience });
      const servingMs = performance.now() - startedAt;
      const { cpuMs } = await this.usage();
      this.#start = { servingMs, cpuMs, runtime: `${version.runtimeName} ${version.runtimeVersion}` };
    } catch (error) {
      signal.throwIfAborted();
      this.ended.throwIfAborted();
      if (!limit.aborted) throw error;
      throw new Error(`the provider does not serve within ${START_LIMIT_MS} ms\n${this.#lastOutput()}`, {
        cause: error,
      });
    }
  }

  #lastOutput(): string {
    return readFileSync(logIn(this.#folder), "utf8").slice(-SHOWN_OUTPUT_CHARS);
  }
}

function socketIn(folder: string): string {
  return path.join(folder, "azure.sock");
}

function logIn(folder: string): string {
  return path.join(folder, "output.log");
}
