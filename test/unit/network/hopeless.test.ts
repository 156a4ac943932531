import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { closedWords, untilHopeless } from "../../../src/network/hopeless.js";
import { ThrottleGate } from "../../../src/network/throttle-gate.js";

const never = new AbortController().signal;

function make() {
  const gate = new ThrottleGate({ now: () => 0 });
  return {
    gate,
    close: async (ms: number) => {
      (await gate.enter({ principal: "p", urgency: { isUrgent: false } }))?.throttled(ms, "HTTP 429");
    },
    wait: (
      deadlineMs: number,
      work: (signal: AbortSignal) => Promise<string> = untilAborted,
      signal = never,
    ) =>
      untilHopeless(
        gate,
        { signal, deadlineMs },
        () => 0,
        (closed) => new ProviderError("VAULT_THROTTLED", closedWords(closed)),
        work,
      ),
  };
}

function untilAborted(signal: AbortSignal): Promise<string> {
  return new Promise((_resolve, reject) => {
    const end = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
  });
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return await work.then(
    () => new Error("it went well"),
    (error: unknown) => error as Error,
  );
}

describe("network/hopeless untilHopeless", () => {
  it("ends at once when the gate is closed beyond the deadline already", async () => {
    const { wait, close } = make();
    await close(5_001);
    const error = await failureOf(wait(5_000));
    expect(error).to.be.instanceOf(ProviderError);
    expect(error.message).to.contain("answered HTTP 429, so it is asked nothing for another 6 s");
  });

  it("ends a moment before the deadline when there is still a line, and says so", async () => {
    const gate = new ThrottleGate({ maxPerSecond: 1, now: () => 0 });
    const place = { principal: "p", urgency: { isUrgent: true } };
    await gate.enter(place);
    const turn = new AbortController();
    void gate.enter(place, turn.signal);
    const waiting = untilHopeless(
      gate,
      { signal: never, deadlineMs: 40 },
      () => 0,
      (closed) => new ProviderError("VAULT_THROTTLED", closedWords(closed)),
      untilAborted,
    );
    expect((await failureOf(waiting)).message).to.contain(
      "takes no more at a time, so 1 requests of this node wait for their turn",
    );
    turn.abort();
  });

  it("ends when the gate closes while it waits", async () => {
    const { wait, close } = make();
    const waiting = failureOf(wait(5_000));
    await close(6_000);
    expect((await waiting).message).to.contain("another 6 s");
  });

  it("goes on when the gate opens again before the deadline, or there is none", async () => {
    for (const deadlineMs of [5_000, Infinity]) {
      const { wait, close, gate } = make();
      let end: (text: string) => void = () => undefined;
      const waiting = wait(deadlineMs, () => new Promise((resolve) => (end = resolve)));
      await close(deadlineMs === Infinity ? 60_000 : 5_000);
      end("done");
      expect(await waiting).to.equal("done");
      expect(gate.closedForMs).to.be.greaterThan(0);
    }
  });

  it("passes on what the work throws, and the caller's own end", async () => {
    const { wait } = make();
    const broken = wait(Infinity, () => Promise.reject(new Error("broken")));
    expect((await failureOf(broken)).message).to.equal("broken");
    const caller = new AbortController();
    const waiting = failureOf(wait(Infinity, untilAborted, caller.signal));
    caller.abort(new Error("gone"));
    expect((await waiting).message).to.equal("gone");
  });

  it("watches no longer than the work takes", async () => {
    const { wait, gate } = make();
    await wait(Infinity, () => Promise.resolve("done"));
    expect(gate.isIdle).to.equal(true);
  });
});
