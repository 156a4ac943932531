import { expect } from "chai";
import { Flight } from "../../../src/sharing/flight.js";

const never = new AbortController().signal;

function make() {
  let finish: { resolve: (text: string) => void; reject: (error: Error) => void } | undefined;
  let seen: AbortSignal | undefined;
  const flight = new Flight<string>(5, (signal) => {
    seen = signal;
    return new Promise((resolve, reject) => {
      finish = { resolve, reject };
    });
  });
  return {
    flight,
    resolve: (text: string) => finish?.resolve(text),
    reject: (error: Error) => finish?.reject(error),
    isStopped: () => seen?.aborted,
  };
}

async function messageOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
}

describe("sharing/flight Flight", () => {
  it("gives all callers the outcome, also one that comes after the end", async () => {
    const { flight, resolve } = make();
    const both = [flight.attend(never), flight.attend(never)];
    resolve("done");
    expect(await Promise.all(both)).to.deep.equal(["done", "done"]);
    expect(await flight.attend(never)).to.equal("done");
    expect(flight.beganAtMs).to.equal(5);
  });

  it("tells all callers a failure, and nobody minds when there is none", async () => {
    const { flight, reject } = make();
    const both = [messageOf(flight.attend(never)), messageOf(flight.attend(never))];
    reject(new Error("broken"));
    expect(await Promise.all(both)).to.deep.equal(["broken", "broken"]);
    const alone = make();
    alone.reject(new Error("told to nobody"));
    await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection would end the run
    expect(alone.flight.isStopped).to.equal(false);
  });

  it("goes on while somebody waits, and is stopped by the last to leave, with its reason", async () => {
    const { flight, isStopped } = make();
    const callers = [new AbortController(), new AbortController()];
    const waiting = callers.map(({ signal }) => messageOf(flight.attend(signal)));
    callers[0]?.abort(new Error("first"));
    expect(await waiting[0]).to.equal("first");
    expect(isStopped()).to.equal(false);
    callers[1]?.abort(new Error("last"));
    expect(await waiting[1]).to.equal("last");
    expect(isStopped()).to.equal(true);
    expect(flight.isStopped).to.equal(true);
  });

  it("ends the waiting of one whose signal has aborted before", async () => {
    const { flight } = make();
    expect(await messageOf(flight.attend(AbortSignal.abort(new Error("gone"))))).to.equal("gone");
    expect(flight.isStopped).to.equal(true);
  });

  it("is not stopped when it ended before its callers' signals abort", async () => {
    const { flight, resolve } = make();
    const caller = new AbortController();
    const waiting = flight.attend(caller.signal);
    resolve("done");
    await waiting;
    caller.abort();
    expect(flight.isStopped).to.equal(false);
  });

  describe("outlast", () => {
    it("waits for the end, well or not, and counts as no caller", async () => {
      for (const end of ["resolve", "reject"] as const) {
        const made = make();
        const outlasting = made.flight.outlast(10_000, never);
        if (end === "resolve") made.resolve("done");
        else made.reject(new Error("broken"));
        expect(await outlasting, end).to.equal(true);
      }
      const { flight, isStopped } = make();
      void flight.outlast(10_000, never);
      const caller = new AbortController();
      const only = messageOf(flight.attend(caller.signal));
      caller.abort(new Error("gone"));
      await only;
      expect(isStopped()).to.equal(true);
    });

    it("gives up after its limit", async () => {
      expect(await make().flight.outlast(1, never)).to.equal(false);
    });

    it("ends with the caller's signal, and leaves nothing behind", async () => {
      const { flight } = make();
      const caller = new AbortController();
      const outlasting = flight.outlast(10_000, caller.signal);
      caller.abort();
      expect(await outlasting).to.equal(true);
    });
  });
});
