import { type ResourceLimits, Worker } from "node:worker_threads";
import type { JobRequest, WorkerMessage } from "./messages.js";
import type { Timer, Timers } from "./timers.js";

export type Reply = Exclude<WorkerMessage, { kind: "ready" }>;

/** Why a worker gave no reply. The worker is gone then. */
export type WorkerEnd = "start limit" | "time limit" | "out of memory" | "crashed" | "stopped";

/**
 * What a worker runs: a module at a URL, or the text of a CommonJS program that requires nothing but Node's own modules.
 * Either way it must be worker-main.ts, or speak as that does.
 */
export type WorkerProgram = URL | string;

export interface WorkerThreadOptions {
  readonly program: WorkerProgram;
  readonly resourceLimits: ResourceLimits;
  /** From starting the thread to its being ready. */
  readonly startLimitMs: number;
  /** From handing over a job to its reply. */
  readonly timeLimitMs: number;
  readonly timers: Timers;
  /** Called once the thread is ready for jobs. */
  readonly onReady?: (() => void) | undefined;
}

interface RunningJob {
  readonly request: JobRequest;
  readonly settle: (outcome: Reply | WorkerEnd) => void;
}

/** One worker thread that does one job at a time and is ended when a job goes beyond a limit. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #options: WorkerThreadOptions;
  readonly #exited: Promise<void>;
  #isReady = false;
  #end: WorkerEnd | undefined;
  #running: RunningJob | undefined;
  #limit: Timer | undefined;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
    this.#worker = new Worker(options.program, {
      eval: typeof options.program === "string",
      name: "offload",
      argv: [],
      env: {}, // nothing of ours concerns it
      resourceLimits: options.resourceLimits,
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once("exit", () => {
        this.#finish("crashed");
        resolve();
      });
    });
    this.#worker.on("message", (message: WorkerMessage) => {
      this.#receive(message);
    });
    // The error may quote what the worker was reading: only its code is looked at.
    this.#worker.on("error", (error: NodeJS.ErrnoException) => {
      this.#finish(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "out of memory" : "crashed");
    });
    this.#worker.on("messageerror", () => void this.stop("crashed"));
    this.#setLimit(options.startLimitMs, "start limit");
  }

  get isAlive(): boolean {
    return this.#end === undefined;
  }

  /** Does one job. Resolves in every case: with the reply, or with why there is none. */
  async run(request: JobRequest): Promise<Reply | WorkerEnd> {
    if (this.#end !== undefined) return this.#end;
    if (this.#running !== undefined) throw new Error("the worker is busy");
    this.#worker.ref();
    return await new Promise((settle) => {
      this.#running = { request, settle };
      if (this.#isReady) this.#hand(request);
    });
  }

  /** Ends the thread, whatever it is doing; resolves when it is gone. */
  async stop(why: WorkerEnd = "stopped"): Promise<void> {
    this.#finish(why);
    await this.#worker.terminate();
    await this.#exited;
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "ready") {
      this.#isReady = true;
      this.#clearLimit();
      this.#options.onReady?.();
      if (this.#running === undefined) this.#worker.unref();
      else this.#hand(this.#running.request);
      return;
    }
    const running = this.#running;
    this.#running = undefined;
    this.#clearLimit();
    this.#worker.unref(); // an idle worker does not keep the process
    running?.settle(message);
  }

  #hand(request: JobRequest): void {
    this.#setLimit(this.#options.timeLimitMs, "time limit");
    const { input } = request;
    if (typeof input === "string") {
      this.#worker.postMessage(request);
      return;
    }
    // A copy of the very bytes: sending a view would send the whole buffer behind it, and whatever else is in there.
    const copy = Uint8Array.from(input);
    this.#worker.postMessage({ ...request, input: copy }, [copy.buffer]);
  }

  #setLimit(ms: number, why: WorkerEnd): void {
    this.#clearLimit();
    this.#limit = this.#options.timers.start(() => void this.stop(why), ms);
  }

  #clearLimit(): void {
    if (this.#limit !== undefined) this.#options.timers.stop(this.#limit);
    this.#limit = undefined;
  }

  /** The first reason counts; what comes after it is how a thread ends. */
  #finish(why: WorkerEnd): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    this.#clearLimit();
    this.#running?.settle(why);
    this.#running = undefined;
  }
}
