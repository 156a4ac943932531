import { expect } from "chai";
import {
  type SharedReadCall,
  SharedReads,
  type SharedReadsOptions,
  type Urgency,
} from "../../../src/sharing/shared-reads.js";

interface Answer {
  readonly text: string;
}

class OwnFailure extends Error {}

/** Reads that end when the test says so. */
class Vault {
  readonly reads: {
    readonly signal: AbortSignal;
    readonly resolve: (text: string) => void;
    readonly reject: (error: Error) => void;
  }[] = [];

  readonly load = (signal: AbortSignal): Promise<Answer> =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => {
        reject(signal.reason as Error);
      });
      this.reads.push({
        signal,
        reject,
        resolve: (text) => {
          resolve({ text });
        },
      });
    });
}

const TTL_MS = 60_000;

function make(options: Partial<SharedReadsOptions<Answer>> = {}) {
  let nowMs = 1_000;
  const outcomes: string[] = [];
  const shared = new SharedReads<Answer>({
    keepMs: TTL_MS,
    maxEntries: 10,
    maxBytes: 1_000,
    sizeOf: ({ text }) => text.length,
    isOwnFailure: (error) => error instanceof OwnFailure,
    patienceMs: 5,
    now: () => nowMs,
    ...options,
  });
  const vault = new Vault();
  const read = async (key: string, call: SharedReadCall): Promise<Answer> => {
    const { value, source } = await shared.read(key, call, vault.load);
    outcomes.push(source);
    return value;
  };
  return {
    read,
    shared,
    vault,
    outcomes,
    now: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** A first mount: only what begins after this very call will do. */
    first: (key = "k", signal = new AbortController().signal) => {
      const newerThanMs = nowMs;
      nowMs += 1;
      return read(key, { newerThanMs, urgency: { isUrgent: true }, signal });
    },
    /** A remount: what was read within the TTL will do. */
    again: (key = "k", signal = new AbortController().signal) =>
      read(key, { newerThanMs: nowMs - TTL_MS, urgency: { isUrgent: false }, signal }),
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("sharing/shared-reads SharedReads", () => {
  it("lets remounts share one read, then answers from memory until the TTL is over", async () => {
    const { again, vault, outcomes, pass } = make();
    const [a, b] = [again(), again()];
    vault.reads[0]?.resolve("v1");
    expect([await a, await b]).to.deep.equal([{ text: "v1" }, { text: "v1" }]);
    pass(TTL_MS - 1);
    expect(await again()).to.deep.equal({ text: "v1" });
    expect(outcomes).to.deep.equal(["asked", "joined", "kept"]);
    pass(2);
    const late = again();
    expect(vault.reads).to.have.length(2);
    vault.reads[1]?.resolve("v2");
    expect(await late).to.deep.equal({ text: "v2" });
  });

  it("counts the TTL from the beginning of the read, not from its end", async () => {
    const { again, vault, pass } = make();
    const slow = again();
    pass(TTL_MS - 10);
    vault.reads[0]?.resolve("v1");
    await slow;
    pass(11);
    void again();
    expect(vault.reads).to.have.length(2);
  });

  it("keeps nothing with a TTL of 0, and still shares what is under way", async () => {
    const { read, vault, now } = make({ keepMs: 0 });
    const signal = new AbortController().signal;
    const remount = () => read("k", { newerThanMs: now() - 1, urgency: { isUrgent: false }, signal });
    const both = [remount(), remount()];
    vault.reads[0]?.resolve("v1");
    await Promise.all(both);
    void remount();
    expect(vault.reads).to.have.length(2);
  });

  it("does not answer a first mount from memory, nor with a read that began before it", async () => {
    const { first, again, vault, pass } = make();
    const remount = again();
    vault.reads[0]?.resolve("old");
    await remount;
    pass(1);
    const starting = first();
    expect(vault.reads).to.have.length(2);
    vault.reads[1]?.resolve("new");
    expect(await starting).to.deep.equal({ text: "new" });
  });

  it("lets fifty first mounts that arrive in one round trip make two reads", async () => {
    const { first, vault } = make({ patienceMs: 1_000 });
    const mounts = Array.from({ length: 50 }, () => first());
    expect(vault.reads).to.have.length(1);
    vault.reads[0]?.resolve("v1");
    await settle();
    expect(vault.reads).to.have.length(2);
    vault.reads[1]?.resolve("v2");
    const answers = (await Promise.all(mounts)).map(({ text }) => text);
    expect(answers).to.deep.equal(["v1", ...Array.from({ length: 49 }, () => "v2")]);
  });

  it("begins a read of its own when an older one takes longer than its patience", async () => {
    const { first, vault } = make();
    const slow = first();
    const impatient = first();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(vault.reads).to.have.length(2);
    vault.reads[1]?.resolve("new");
    expect(await impatient).to.deep.equal({ text: "new" });
    vault.reads[0]?.resolve("old");
    expect(await slow).to.deep.equal({ text: "old" });
  });

  it("never lets a late answer replace a newer one", async () => {
    const { first, again, vault } = make();
    const slow = first();
    const second = first();
    await new Promise((resolve) => setTimeout(resolve, 20));
    vault.reads[1]?.resolve("new");
    await second;
    vault.reads[0]?.resolve("old");
    await slow;
    expect(await again()).to.deep.equal({ text: "new" });
  });

  it("keeps reading for the others when the caller that began leaves", async () => {
    const { again, vault } = make();
    const leader = new AbortController();
    const [led, joined] = [again("k", leader.signal), again()];
    leader.abort(new Error("gone"));
    expect(await failureOf(led)).to.have.property("message", "gone");
    expect(vault.reads[0]?.signal.aborted).to.equal(false);
    vault.reads[0]?.resolve("v1");
    expect(await joined).to.deep.equal({ text: "v1" });
  });

  it("stops the read when the last caller has left, and lets nobody join it", async () => {
    const { again, vault } = make();
    const callers = [new AbortController(), new AbortController()];
    const reads = callers.map(({ signal }) => failureOf(again("k", signal)));
    callers.forEach((caller) => {
      caller.abort(new Error("gone"));
    });
    await Promise.all(reads);
    expect(vault.reads[0]?.signal.aborted).to.equal(true);
    const next = again();
    expect(vault.reads).to.have.length(2);
    vault.reads[1]?.resolve("v1");
    expect(await next).to.deep.equal({ text: "v1" });
  });

  it("tells a failure to all who wait, and does not remember it", async () => {
    const { again, vault } = make();
    const both = [failureOf(again()), failureOf(again())];
    vault.reads[0]?.reject(new Error("404"));
    for (const failure of await Promise.all(both)) expect(failure).to.have.property("message", "404");
    void again();
    expect(vault.reads).to.have.length(2);
  });

  it("tells a failure of a caller's own credential to that caller alone", async () => {
    const { again, vault } = make();
    const [leader, joined] = [failureOf(again()), again()];
    vault.reads[0]?.reject(new OwnFailure("401"));
    expect(await leader).to.be.instanceOf(OwnFailure);
    await settle();
    expect(vault.reads).to.have.length(2);
    vault.reads[1]?.resolve("v1");
    expect(await joined).to.deep.equal({ text: "v1" });
  });

  it("keeps callers with different keys apart", async () => {
    const { again, vault } = make();
    const both = [again("a"), again("b")];
    expect(vault.reads).to.have.length(2);
    vault.reads[0]?.resolve("A");
    vault.reads[1]?.resolve("B");
    expect(await Promise.all(both)).to.deep.equal([{ text: "A" }, { text: "B" }]);
  });

  for (const { size, kept } of [
    { size: 999, kept: true },
    { size: 1_000, kept: true },
    { size: 1_001, kept: false },
  ]) {
    it(`${kept ? "keeps" : "does not keep"} a value of ${size} bytes with room for 1,000`, async () => {
      const { again, vault } = make();
      const read = again();
      vault.reads[0]?.resolve("x".repeat(size));
      await read;
      void again();
      expect(vault.reads).to.have.length(kept ? 1 : 2);
    });
  }

  it("refuses a caller that has left already, without asking", async () => {
    const { again, vault } = make();
    expect(await failureOf(again("k", AbortSignal.abort(new Error("gone"))))).to.have.property(
      "message",
      "gone",
    );
    expect(vault.reads).to.have.length(0);
  });

  it("lets all who lost patience with one read share the next", async () => {
    const { first, vault } = make();
    const slow = first();
    const impatient = Array.from({ length: 20 }, () => first());
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(vault.reads).to.have.length(2);
    vault.reads[1]?.resolve("new");
    await Promise.all(impatient);
    vault.reads[0]?.resolve("old");
    await slow;
  });

  it("makes a read urgent when an urgent caller joins it or waits for its end", async () => {
    const { read, vault, now } = make();
    const { signal } = new AbortController();
    const urgency: Urgency = { isUrgent: false };
    const remount = read("k", { newerThanMs: now() - 1, urgency, signal });
    const other = read("k", { newerThanMs: now() - 1, urgency: { isUrgent: false }, signal });
    expect(urgency.isUrgent).to.equal(false);
    const starting = read("k", { newerThanMs: now() - 1, urgency: { isUrgent: true }, signal });
    expect(urgency.isUrgent).to.equal(true);
    vault.reads[0]?.resolve("v1");
    await Promise.all([remount, other, starting]);
  });

  it("recalls what was kept, and nothing older than asked for", async () => {
    const { again, shared, vault, now, pass } = make();
    const read = again();
    vault.reads[0]?.resolve("v1");
    await read;
    const beganAtMs = now();
    pass(100);
    expect(shared.recall("k", beganAtMs - 1)).to.deep.equal({ text: "v1" });
    expect(shared.recall("k", beganAtMs)).to.equal(undefined);
    expect(shared.recall("other", beganAtMs - 1)).to.equal(undefined);
  });
});
