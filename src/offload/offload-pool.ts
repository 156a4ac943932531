import type { ResourceLimits } from "node:worker_threads";
import { abortError } from "../errors/abort.js";
import { ProviderError } from "../errors/provider-error.js";
import { FairQueue, type QueueLimits, type Waiting } from "./fair-queue.js";
import { excessError, type JobInput, type JobName, type JobOutput, sizeOf } from "./jobs.js";
import { SYSTEM_TIMERS, type Timer, type Timers } from "./timers.js";
import { type Reply, type WorkerEnd, type WorkerProgram, WorkerThread } from "./worker-thread.js";

export interface OffloadLimits extends QueueLimits {
  /** Threads at once; an owner holds at most all but one of them, and at least one. */
  readonly maxWorkers: number;
  /** The longest a job may run. */
  readonly timeLimitMs: number;
  /** The longest a thread may take to start. */
  readonly startLimitMs: number;
  /** How long a thread stays without work. */
  readonly idleMs: number;
  /** Memory of one thread. */
  readonly resourceLimits: ResourceLimits;
}

/**
 * What a node's provider is expected to need. Reading a PFX of Key Vault's own making takes 5 ms, the most that one may
 * ask for some 3 s; a rotation of a hundred pods brings some hundred of them at once, each of a few KiB.
 */
export const OFFLOAD_DEFAULTS: OffloadLimits = {
  maxWorkers: 2,
  timeLimitMs: 10_000,
  startLimitMs: 10_000,
  idleMs: 30_000,
  maxQueued: 8_192,
  maxQueuedPerOwner: 2_048,
  maxQueuedBytes: 64 * 1024 * 1024,
  maxQueuedBytesPerOwner: 16 * 1024 * 1024,
  resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4, stackSizeMb: 4 },
};

export interface OffloadPoolOptions extends Partial<OffloadLimits> {
  readonly program: WorkerProgram;
  readonly timers?: Timers;
  /** Called whenever a thread is ready for jobs. */
  readonly onThreadReady?: () => void;
}

export interface RunOptions {
  /** Whose job it is; jobs of different owners take turns. The namespace of the pod. */
  readonly owner: string;
  /** Takes the job out of the queue, or stops it. */
  readonly signal?: AbortSignal;
}

interface Entry extends Waiting {
  readonly job: JobName;
  readonly input: JobInput;
  readonly resolve: (output: JobOutput) => void;
  readonly reject: (error: ProviderError) => void;
}

const SHUTTING_DOWN = "the provider is shutting down";

/**
 * Runs costly pure functions in worker threads, so that the one event loop that serves the node never waits for them.
 *
 * Threads start when there is work and end when there has been none for a while. Owners take turns, and none holds
 * every thread: with two of them, one namespace's bombs run one after the other, while everyone else's small jobs go
 * through the second. A job that takes too long or too much memory is ended with its thread, which is replaced.
 */
export class OffloadPool {
  readonly #options: OffloadLimits & OffloadPoolOptions & { readonly timers: Timers };
  readonly #queue: FairQueue<Entry>;
  readonly #running = new Map<Entry, WorkerThread>();
  readonly #idle = new Map<WorkerThread, Timer>();
  #isClosed = false;

  constructor(options: OffloadPoolOptions) {
    this.#options = { ...OFFLOAD_DEFAULTS, timers: SYSTEM_TIMERS, ...options };
    this.#queue = new FairQueue(this.#options);
  }

  /** Threads that exist, jobs that run and jobs that wait. */
  get load(): { readonly threads: number; readonly running: number; readonly queued: number } {
    return {
      threads: this.#running.size + this.#idle.size,
      running: this.#running.size,
      queued: this.#queue.size,
    };
  }

  /**
   * Runs a job, at once or when its owner's turn comes.
   * @param input - copied when the job starts; not to be changed before that
   * @throws {ProviderError} the job's own; WORKER_OVERLOADED when too many wait; CALL_CANCELLED, or the signal's
   *   reason; CONTENT_PFX_TOO_COSTLY or OBJECTS_TOO_LARGE when it was stopped; SHUTTING_DOWN; INTERNAL when its thread
   *   ended for no known reason
   */
  async run<J extends JobName>(
    job: J,
    input: JobInput<J>,
    { owner, signal }: RunOptions,
  ): Promise<JobOutput<J>> {
    if (this.#isClosed) throw new ProviderError("SHUTTING_DOWN", SHUTTING_DOWN);
    if (signal?.aborted) throw abortError(signal);
    const { promise, resolve, reject } = promiseWithResolvers<JobOutput<J>>();
    const entry: Entry = { job, input, owner, bytes: sizeOf(input), resolve, reject };
    this.#queue.add(entry);
    const onAbort = () => {
      if (signal !== undefined) this.#cancel(entry, abortError(signal));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      this.#dispatch();
      return await promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Ends every thread; jobs that run or wait fail with SHUTTING_DOWN. Resolves when the threads are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const error = new ProviderError("SHUTTING_DOWN", SHUTTING_DOWN);
    for (const { reject } of [...this.#queue.takeAll(), ...this.#running.keys()]) reject(error);
    const threads = [...this.#running.values(), ...this.#idle.keys()];
    for (const timer of this.#idle.values()) this.#options.timers.stop(timer);
    this.#idle.clear();
    await Promise.all(threads.map((thread) => thread.stop()));
  }

  #dispatch(): void {
    while (!this.#isClosed && this.#running.size < this.#options.maxWorkers) {
      const entry = this.#queue.take((owner) => this.#mayRun(owner));
      if (entry === undefined) return;
      void this.#start(entry);
    }
  }

  #mayRun(owner: string): boolean {
    const running = [...this.#running.keys()].filter((entry) => entry.owner === owner).length;
    return running < Math.max(1, this.#options.maxWorkers - 1);
  }

  async #start(entry: Entry): Promise<void> {
    let thread: WorkerThread;
    try {
      thread = this.#takeIdle() ?? this.#createThread();
    } catch {
      entry.reject(endError(entry.job, "crashed", this.#options.timeLimitMs));
      return;
    }
    this.#running.set(entry, thread);
    this.#settle(entry, await thread.run({ job: entry.job, input: entry.input }));
    // A thread that is being ended may still be busy inside OpenSSL: its place is taken until it is gone.
    if (!thread.isAlive) await thread.stop();
    this.#running.delete(entry);
    this.#queue.yieldTurn(entry.owner);
    if (thread.isAlive) this.#park(thread);
    this.#dispatch();
  }

  #settle({ job, resolve, reject }: Entry, outcome: Reply | WorkerEnd): void {
    if (typeof outcome === "string") reject(endError(job, outcome, this.#options.timeLimitMs));
    else if (outcome.kind === "output") resolve(outcome.output);
    else reject(new ProviderError(outcome.error.code, outcome.error.message));
  }

  /** A job that runs can only be stopped with its thread. */
  #cancel(entry: Entry, error: ProviderError): void {
    entry.reject(error);
    if (!this.#queue.remove(entry)) void this.#running.get(entry)?.stop();
  }

  #createThread(): WorkerThread {
    const { program, resourceLimits, startLimitMs, timeLimitMs, timers, onThreadReady } = this.#options;
    return new WorkerThread({
      program,
      resourceLimits,
      startLimitMs,
      timeLimitMs,
      timers,
      onReady: onThreadReady,
    });
  }

  /** The one that worked last: the others get to end. */
  #takeIdle(): WorkerThread | undefined {
    for (const [thread, timer] of [...this.#idle].reverse()) {
      this.#options.timers.stop(timer);
      this.#idle.delete(thread);
      if (thread.isAlive) return thread;
    }
    return undefined;
  }

  #park(thread: WorkerThread): void {
    if (this.#isClosed) {
      void thread.stop();
      return;
    }
    const timer = this.#options.timers.start(() => {
      this.#idle.delete(thread);
      void thread.stop();
    }, this.#options.idleMs);
    timer.unref();
    this.#idle.set(thread, timer);
  }
}

function endError(job: JobName, end: WorkerEnd, timeLimitMs: number): ProviderError {
  switch (end) {
    case "time limit":
      return excessError(job, { kind: "time", limitMs: timeLimitMs });
    case "out of memory":
      return excessError(job, { kind: "memory" });
    case "start limit":
      return new ProviderError(
        "WORKER_OVERLOADED",
        "no worker thread could be started in time; give the provider's pod more CPU",
      );
    case "stopped":
    case "crashed":
      return new ProviderError("INTERNAL", `the worker thread of ${job} ended unexpectedly`);
  }
}

/** Promise.withResolvers, which Node 20 does not have. */
function promiseWithResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
