import { expect } from "chai";
import { type Pass, ThrottleGate, type ThrottleGateOptions } from "../../../src/network/throttle-gate.js";
import { ThrottleGates } from "../../../src/network/throttle-gates.js";
import type { Place } from "../../../src/network/waiting-line.js";

const ROTATING: Place = { principal: "p", urgency: { isUrgent: false } };
const STARTING: Place = { principal: "p", urgency: { isUrgent: true } };

/** A gate with short real waits, since its timers are real ones. */
function make(options: ThrottleGateOptions = {}) {
  return new ThrottleGate({ baseDelayMs: 20, maxDelayMs: 80, random: () => 1, ...options });
}

async function enter(gate: ThrottleGate, place = ROTATING): Promise<Pass> {
  const pass = await gate.enter(place);
  if (pass === undefined) throw new Error("not let in");
  return pass;
}

/** Those of the promises that are settled by now. */
async function settledOf(promises: readonly Promise<unknown>[]): Promise<number> {
  let settled = 0;
  for (const promise of promises) void promise.then(() => (settled += 1));
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe("network/throttle-gate ThrottleGate", () => {
  it("lets everything through while nothing is refused", async () => {
    const gate = make();
    const passes = await Promise.all(Array.from({ length: 500 }, () => enter(gate)));
    expect(gate.closedForMs).to.equal(0);
    for (const pass of passes) pass.done();
    expect(gate.isIdle).to.equal(true);
  });

  it("closes for Retry-After, and then lets a single request probe", async () => {
    const gate = make();
    (await enter(gate)).throttled(40, "HTTP 429");
    expect(gate.closedForMs).to.be.within(20, 40);
    const waiting = Array.from({ length: 5 }, () => enter(gate));
    expect(await settledOf(waiting)).to.equal(0);
    const probe = await Promise.race(waiting);
    expect(await settledOf(waiting)).to.equal(1);
    probe.done();
    expect(await settledOf(waiting), "one more with each answer").to.equal(3);
  });

  for (const { asked, closed } of [
    { asked: 0, closed: 0 },
    { asked: 59_999, closed: 59_999 },
    { asked: 60_000, closed: 60_000 },
    { asked: 60_001, closed: 60_000 },
    { asked: 999_999_999, closed: 60_000 },
  ]) {
    it(`closes for ${closed} ms when ${asked} are asked for`, async () => {
      const gate = make({ now: () => 5_000 });
      (await enter(gate)).throttled(asked, "HTTP 429");
      expect(gate.closedForMs).to.equal(closed);
    });
  }

  it("doubles the wait with each refused probe when no time is asked for, up to a limit", async () => {
    let nowMs = 0;
    const gate = make({ now: () => nowMs });
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      (await enter(gate)).throttled(undefined, "HTTP 429");
      waits.push(gate.closedForMs);
      nowMs += gate.closedForMs;
    }
    expect(waits).to.deep.equal([20, 40, 80, 80, 80]);
    (await enter(gate)).done();
    (await enter(gate)).throttled(undefined, "HTTP 429");
    expect(gate.closedForMs, "after an answer").to.equal(20);
  });

  it("backs off from one that asks for no time at all, again and again", async () => {
    let nowMs = 0;
    const gate = make({ now: () => nowMs });
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      (await enter(gate)).throttled(i === 4 ? 90 : 0, "HTTP 429");
      waits.push(gate.closedForMs);
      nowMs += gate.closedForMs;
    }
    expect(waits).to.deep.equal([0, 20, 40, 80, 90]);
  });

  it("spreads the waits by as much as half", async () => {
    const gate = make({ random: () => 0, now: () => 0 });
    (await enter(gate)).throttled(undefined, "HTTP 429");
    expect(gate.closedForMs).to.equal(10);
  });

  it("counts the refusals of requests that were out together once", async () => {
    const gate = make({ now: () => 0 });
    const passes = await Promise.all(Array.from({ length: 10 }, () => enter(gate)));
    for (const pass of passes) pass.throttled(undefined, "HTTP 429");
    expect(gate.closedForMs).to.equal(20);
  });

  it("takes the longest Retry-After of requests that were out together", async () => {
    const gate = make({ now: () => 0 });
    const [first, second, third] = await Promise.all([enter(gate), enter(gate), enter(gate)]);
    first.throttled(100, "HTTP 429");
    second.throttled(300, "HTTP 429");
    third.throttled(200, "HTTP 429");
    expect(gate.closedForMs).to.equal(300);
  });

  it("does not let a late answer of before the refusal open it wider", async () => {
    let nowMs = 0;
    const gate = make({ now: () => nowMs });
    const [late, refused] = await Promise.all([enter(gate), enter(gate)]);
    refused.throttled(10, "HTTP 429");
    late.done();
    nowMs = 11;
    await enter(gate);
    expect(await settledOf([enter(gate)])).to.equal(0);
  });

  it("takes a request that was not answered neither for an answer nor for a refusal", async () => {
    let nowMs = 0;
    const gate = make({ now: () => nowMs });
    (await enter(gate)).throttled(undefined, "HTTP 429");
    nowMs += gate.closedForMs;
    (await enter(gate)).unanswered();
    const probe = await enter(gate);
    expect(await settledOf([enter(gate)]), "still one at a time").to.equal(0);
    probe.throttled(undefined, "HTTP 429");
    expect(gate.closedForMs, "the back-off goes on").to.equal(40);
  });

  it("opens wholly after enough answers", async () => {
    let nowMs = 0;
    const gate = make({ now: () => nowMs });
    (await enter(gate)).throttled(1, "HTTP 429");
    nowMs = 2;
    for (let i = 0; i < 65; i++) (await enter(gate)).done();
    expect(gate.isIdle).to.equal(true);
  });

  it("lets starting ones out before rotating ones", async () => {
    const gate = make();
    (await enter(gate)).throttled(10, "HTTP 429");
    const order: string[] = [];
    const go = async (place: Place, name: string) => {
      const pass = await enter(gate, place);
      order.push(name);
      pass.done();
    };
    await Promise.all([go(ROTATING, "rotating"), go(ROTATING, "rotating"), go(STARTING, "starting")]);
    expect(order).to.deep.equal(["starting", "rotating", "rotating"]);
  });

  it("forgets one that gives up", async () => {
    const gate = make();
    (await enter(gate)).throttled(30, "HTTP 429");
    const caller = new AbortController();
    const waiting = gate.enter(ROTATING, caller.signal);
    expect(gate.waiting).to.equal(1);
    caller.abort();
    expect(await waiting).to.equal(undefined);
    expect(gate.waiting).to.equal(0);
    expect(await gate.enter(ROTATING, caller.signal), "aborted before").to.equal(undefined);
  });

  it("turns away those beyond its line", async () => {
    const gate = make({ maxWaiting: 2 });
    (await enter(gate)).throttled(20, "HTTP 429");
    const [a, b, c] = [gate.enter(ROTATING), gate.enter(ROTATING), gate.enter(ROTATING)];
    expect(await c).to.equal(undefined);
    (await a)?.done();
    (await b)?.done();
  });

  it("turns away the newest of a principal that fills its line, when another one comes", async () => {
    const gate = make({ maxWaiting: 2 });
    (await enter(gate)).throttled(20, "HTTP 429");
    const [first, second] = [gate.enter(ROTATING), gate.enter(ROTATING)];
    const other = gate.enter({ ...ROTATING, principal: "other" });
    expect(await second).to.equal(undefined);
    (await first)?.done();
    expect(await other).to.not.equal(undefined);
    (await other)?.done();
    expect(gate.waiting).to.equal(0);
  });

  it("tells those who watch when it closes, for how long, and no more once they have left", async () => {
    const gate = make({ now: () => 0 });
    const told: unknown[] = [];
    const leave = gate.watch(({ forMs, answer }) => told.push(forMs, answer));
    expect(gate.isIdle).to.equal(false);
    (await enter(gate)).throttled(50, "HTTP 429");
    leave();
    const late: number[] = [];
    gate.watch(({ forMs }) => late.push(forMs));
    expect(told).to.deep.equal([50, "HTTP 429"]);
    expect(late, "one that comes while it is closed").to.deep.equal([50]);
  });

  it("lets through what a rate allows", async () => {
    let nowMs = 0;
    const gate = make({ maxPerSecond: 10, now: () => nowMs });
    const first = Array.from({ length: 15 }, () => enter(gate));
    expect(await settledOf(first)).to.equal(10);
    nowMs = 300;
    await Promise.all(first.slice(0, 13));
    expect(await settledOf(first)).to.equal(13);
    nowMs = 10_000;
    await Promise.all(first);
    expect(
      await settledOf(Array.from({ length: 15 }, () => enter(gate))),
      "no more than a second's worth",
    ).to.be.at.most(10);
  });
});

describe("network/throttle-gates ThrottleGates", () => {
  it("keeps one gate for each service while it is used, and drops it when nothing is left in it", async () => {
    const gates = new ThrottleGates({ now: () => 0 });
    const used = gates.of("a");
    const pass = await enter(used);
    gates.of("b");
    expect(gates.of("a")).to.equal(used);
    pass.throttled(10, "HTTP 429");
    gates.of("c");
    expect(gates.of("a"), "closed").to.equal(used);
  });

  it("drops what nobody uses", () => {
    const gates = new ThrottleGates();
    const idle = gates.of("a");
    gates.of("b");
    expect(gates.of("a")).not.to.equal(idle);
  });

  it("drops one that was throttled and then not used for more than ten minutes", async () => {
    let nowMs = 0;
    const gates = new ThrottleGates({ now: () => nowMs });
    const throttled = gates.of("a");
    (await enter(throttled)).throttled(60_000, "HTTP 429");
    for (const [atMs, isKept] of [
      [660_000, true],
      [660_001, false],
    ] as const) {
      nowMs = atMs;
      gates.of(`b${atMs}`);
      expect(gates.of("a") === throttled).to.equal(isKept);
    }
  });

  it("counts those who wait, by service", async () => {
    const gates = new ThrottleGates({ now: () => 0 });
    for (const name of ["a", "b"]) {
      (await enter(gates.of(name))).throttled(60_000, "HTTP 429");
      void gates.of(name).enter(ROTATING, new AbortController().signal);
    }
    expect([...gates.waiting()]).to.deep.equal([
      ["a", 1],
      ["b", 1],
    ]);
  });
});
