import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { OffloadPool, type OffloadPoolOptions } from "../../../src/offload/offload-pool.js";
import { ManualTimers } from "../../support/offload/manual-timers.js";
import { failureOf } from "../content/failure.js";

const SCRIPTED = new URL("../../support/offload/scripted-worker.js", import.meta.url);
const THROWING = new URL('data:text/javascript,throw new Error("hush: cannot load")');
const NEVER_READY = new URL("data:text/javascript,setInterval(() => {}, 1000)");
const TIME_LIMIT_MS = 10_000;
const START_LIMIT_MS = 7_000;
const IDLE_MS = 30_000;
const STOPPED =
  "reading objects took longer than 10 s and was stopped; simplify parameters.objects, or split the class";

describe("offload/offload-pool OffloadPool", () => {
  let timers: ManualTimers;
  const pools: OffloadPool[] = [];

  beforeEach(() => {
    timers = new ManualTimers();
  });

  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  function createPool(options: Partial<OffloadPoolOptions> = {}): OffloadPool {
    const pool = new OffloadPool({
      program: SCRIPTED,
      timers,
      timeLimitMs: TIME_LIMIT_MS,
      startLimitMs: START_LIMIT_MS,
      idleMs: IDLE_MS,
      ...options,
    });
    pools.push(pool);
    return pool;
  }

  /** What the scripted worker answers to a deed of its list. */
  const run = (pool: OffloadPool, deed: string, owner = "a", signal?: AbortSignal): Promise<unknown> =>
    pool.run("parse-objects", deed, signal === undefined ? { owner } : { owner, signal });
  /** Until the thread has the job in hand. */
  const started = async (): Promise<void> => {
    while (!timers.delays.includes(TIME_LIMIT_MS)) await new Promise(setImmediate);
  };

  it("gives each job its own answer, with no thread before the first", async () => {
    const pool = createPool();
    expect(pool.load).to.deep.equal({ threads: 0, running: 0, queued: 0 });
    const deeds = Array.from({ length: 20 }, (_, i) => `echo ${i}`);
    const answers = await Promise.all(deeds.map((deed, i) => run(pool, deed, i % 3 === 0 ? "a" : "b")));
    expect(answers).to.deep.equal(deeds);
  });

  it("uses one thread for one owner's jobs and keeps it for the next", async () => {
    const pool = createPool();
    await Promise.all([run(pool, "echo 1"), run(pool, "echo 2"), run(pool, "echo 3")]);
    expect(pool.load).to.deep.equal({ threads: 1, running: 0, queued: 0 });
    await run(pool, "echo 4");
    expect(pool.load.threads).to.equal(1);
  });

  it("gives the job's own error back with its code", async () => {
    const error = await failureOf(() => run(createPool(), "fail"));
    expect(error.code).to.equal("OBJECTS_NOT_YAML");
    expect(error.message).to.equal("not YAML: line 1");
  });

  it("keeps one thread free of an owner's jobs: others are served while they hang", async () => {
    const pool = createPool({ maxWorkers: 2 });
    const hanging = [run(pool, "hang"), run(pool, "hang"), run(pool, "hang")].map((job) =>
      failureOf(() => job),
    );
    await started();
    expect(pool.load).to.deep.equal({ threads: 1, running: 1, queued: 2 });
    for (const owner of ["b", "c", "b"])
      expect(await run(pool, `echo ${owner}`, owner)).to.equal(`echo ${owner}`);
    expect(pool.load).to.deep.equal({ threads: 2, running: 1, queued: 2 });
    await pool.close();
    await Promise.all(hanging);
  });

  it("lets owners take turns", async () => {
    const pool = createPool({ maxWorkers: 1 });
    const order: string[] = [];
    const note = (name: string, owner: string) =>
      run(pool, `echo ${name}`, owner).then(() => order.push(name));
    await Promise.all([note("a1", "a"), note("a2", "a"), note("a3", "a"), note("b1", "b"), note("c1", "c")]);
    expect(order).to.deep.equal(["a1", "b1", "c1", "a2", "a3"]);
  });

  for (const { maxWorkers, running } of [
    { maxWorkers: 1, running: 1 },
    { maxWorkers: 2, running: 1 },
    { maxWorkers: 3, running: 2 },
  ]) {
    it(`lets an owner hold ${running} of ${maxWorkers} threads`, async () => {
      const pool = createPool({ maxWorkers });
      const hanging = Array.from({ length: 4 }, () => failureOf(() => run(pool, "hang")));
      await started();
      expect(pool.load).to.deep.equal({ threads: running, running, queued: 4 - running });
      await pool.close();
      await Promise.all(hanging);
    });
  }

  describe("a job that goes too far", () => {
    for (const { job, code, message } of [
      { job: "parse-objects", code: "OBJECTS_TOO_LARGE", message: STOPPED },
      {
        job: "read-pfx",
        code: "CONTENT_PFX_TOO_COSTLY",
        message:
          "reading the PFX took longer than 10 s and was stopped; export it with fewer iterations " +
          "(OpenSSL writes 2048) and import it into the vault anew",
      },
    ] as const) {
      it(`is stopped at the time limit: ${job}`, async () => {
        const pool = createPool();
        // The scripted worker reads text whatever the job is called.
        const input = "hang" as unknown as Uint8Array & string;
        const hanging = failureOf(() => pool.run(job, input, { owner: "a" }));
        await timers.runOut(TIME_LIMIT_MS);
        const error = await hanging;
        expect(error.code).to.equal(code);
        expect(error.message).to.equal(message);
        expect(await run(pool, "echo again")).to.equal("echo again");
        expect(pool.load.threads).to.equal(1);
      });
    }

    it("ends alone when its memory runs out", async () => {
      const pool = createPool({ maxWorkers: 2, resourceLimits: { maxOldGenerationSizeMb: 16 } });
      const [error, answer] = await Promise.all([
        failureOf(() => run(pool, "memory")),
        run(pool, "echo other", "b"),
      ]);
      expect(answer).to.equal("echo other");
      expect(error.code).to.equal("OBJECTS_TOO_LARGE");
      expect(error.message).to.equal(
        "reading objects needed too much memory and was stopped; simplify parameters.objects, or split the class",
      );
      expect(await run(pool, "echo again")).to.equal("echo again");
    });
  });

  describe("a thread that breaks", () => {
    for (const deed of ["exit", "throw"]) {
      it(`fails only the job that it had: ${deed}`, async () => {
        const pool = createPool();
        const [error, answer] = await Promise.all([failureOf(() => run(pool, deed)), run(pool, "echo next")]);
        expect(error.code).to.equal("INTERNAL");
        expect(error.message).to.equal("the worker thread of parse-objects ended unexpectedly");
        expect(error.cause).to.equal(undefined);
        expect(answer).to.equal("echo next");
      });
    }

    for (const { name, program } of [
      { name: "throws while it loads", program: THROWING },
      { name: "does not exist", program: new URL("file:///nowhere/worker.mjs") },
      { name: "cannot be one", program: new URL("https://localhost/worker.mjs") },
    ]) {
      it(`fails its job when its module ${name}`, async () => {
        const error = await failureOf(() => run(createPool({ program }), "echo"));
        expect(error.code).to.equal("INTERNAL");
        expect(error.message).to.equal("the worker thread of parse-objects ended unexpectedly");
      });
    }

    it("fails its job when it does not start in time", async () => {
      const pool = createPool({ program: NEVER_READY });
      const waiting = failureOf(() => run(pool, "echo"));
      await timers.runOut(START_LIMIT_MS);
      const error = await waiting;
      expect(error.code).to.equal("WORKER_OVERLOADED");
      expect(error.message).to.equal(
        "no worker thread could be started in time; give the provider's pod more CPU",
      );
    });
  });

  describe("cancellation", () => {
    it("takes a job out of the queue and leaves the others", async () => {
      const pool = createPool({ maxWorkers: 1 });
      const controller = new AbortController();
      const first = run(pool, "echo 1");
      const second = failureOf(() => run(pool, "echo 2", "a", controller.signal));
      const third = run(pool, "echo 3");
      expect(pool.load.queued).to.equal(2);
      controller.abort();
      expect((await second).code).to.equal("CALL_CANCELLED");
      expect(await Promise.all([first, third])).to.deep.equal(["echo 1", "echo 3"]);
    });

    it("stops a job that runs, and its thread is replaced", async () => {
      const pool = createPool({ maxWorkers: 1 });
      const controller = new AbortController();
      const hanging = failureOf(() => run(pool, "hang", "a", controller.signal));
      const next = run(pool, "echo next");
      await started();
      controller.abort();
      const error = await hanging;
      expect(error.code).to.equal("CALL_CANCELLED");
      expect(error.message).to.equal("the call was cancelled");
      expect(await next).to.equal("echo next");
    });

    it("gives the reason of the signal when that is an error of ours", async () => {
      const reason = new ProviderError("CALL_DEADLINE_EXCEEDED", "the deadline of the call has passed");
      const pool = createPool();
      expect(await failureOf(() => run(pool, "echo", "a", AbortSignal.abort(reason)))).to.equal(reason);
      const controller = new AbortController();
      const hanging = failureOf(() => run(pool, "hang", "a", controller.signal));
      controller.abort(reason);
      expect(await hanging).to.equal(reason);
      expect(await failureOf(() => run(pool, "echo", "a", AbortSignal.abort("hush")))).to.include({
        code: "CALL_CANCELLED",
        message: "the call was cancelled",
      });
    });

    it("comes too late for a job that is done", async () => {
      const pool = createPool();
      const controller = new AbortController();
      expect(await run(pool, "echo 1", "a", controller.signal)).to.equal("echo 1");
      controller.abort();
      expect(await run(pool, "echo 2")).to.equal("echo 2");
      expect(pool.load.threads).to.equal(1);
    });
  });

  it("refuses jobs beyond the queue's limits, and takes them again later", async () => {
    const pool = createPool({ maxWorkers: 1, maxQueuedPerOwner: 2 });
    const accepted = [run(pool, "echo 1"), run(pool, "echo 2"), run(pool, "echo 3")]; // one runs, two wait
    expect((await failureOf(() => run(pool, "echo 4"))).code).to.equal("WORKER_OVERLOADED");
    await Promise.all(accepted);
    expect(await run(pool, "echo 5")).to.equal("echo 5");
  });

  it("ends threads that have had no work for a while", async () => {
    const pool = createPool({ maxWorkers: 2 });
    await Promise.all([run(pool, "echo 1", "a"), run(pool, "echo 2", "b")]);
    expect(pool.load.threads).to.equal(2);
    await timers.runOut(IDLE_MS);
    expect(pool.load.threads).to.equal(1);
    await run(pool, "echo 3");
    expect(timers.delays).to.deep.equal([IDLE_MS]);
    await timers.runOut(IDLE_MS);
    expect(pool.load.threads).to.equal(0);
    expect(await run(pool, "echo 4")).to.equal("echo 4");
  });

  it("shows its threads none of the process's environment", async () => {
    expect(await run(createPool(), "environment")).to.equal(0);
  });

  describe("close", () => {
    it("fails what runs and what waits, ends the threads and takes nothing more", async () => {
      const pool = createPool({ maxWorkers: 2 });
      await run(pool, "echo idle", "z");
      const jobs = [run(pool, "hang"), run(pool, "hang"), run(pool, "hang", "b")].map((job) =>
        failureOf(() => job),
      );
      await started();
      await pool.close();
      for (const error of await Promise.all(jobs)) {
        expect(error.code).to.equal("SHUTTING_DOWN");
        expect(error.message).to.equal("the provider is shutting down");
      }
      expect((await failureOf(() => run(pool, "echo"))).code).to.equal("SHUTTING_DOWN");
      await new Promise(setImmediate);
      expect(pool.load).to.deep.equal({ threads: 0, running: 0, queued: 0 });
      expect(timers.delays).to.deep.equal([]);
    });

    it("may be called twice, and without any work before", async () => {
      const pool = createPool();
      await pool.close();
      await pool.close();
    });
  });
});
