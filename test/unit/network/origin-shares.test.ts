import { expect } from "chai";
import { OriginShares } from "../../../src/network/origin-shares.js";

const LIMITS = { perOrigin: 4, together: 10, leastPerOrigin: 2 };

describe("network/origin-shares", () => {
  /** The signal of a request that nobody gives up. */
  const open = (): AbortSignal => new AbortController().signal;
  /** Asks for a number of places; what it returns grows as they come in. */
  function crowd(shares: OriginShares, origin: string, size: number): (() => void)[] {
    const entered: (() => void)[] = [];
    for (let i = 0; i < size; i += 1) {
      shares.enter(origin, open()).then(
        (leave) => entered.push(leave),
        () => undefined,
      );
    }
    return entered;
  }
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it("an origin has its own limit, and the next comes in when one has ended", async () => {
    const shares = new OriginShares(LIMITS);
    const entered = crowd(shares, "a", 6);
    await settle();
    expect(entered).to.have.length(4);
    entered[0]?.();
    entered[0]?.(); // counts once
    await settle();
    expect(entered).to.have.length(5);
    expect(shares.running).to.equal(4);
  });

  it("origins that hang leave every other one two places, however many they are", async () => {
    const shares = new OriginShares(LIMITS);
    for (let i = 0; i < 50; i += 1) crowd(shares, `dead-${i}`, 100);
    await settle();
    // Two with 4, one with 2 up to the limit; then 2 for each.
    expect(shares.running).to.equal(4 + 4 + 48 * 2);
    const late = crowd(shares, "good", 100);
    await settle();
    expect(late).to.have.length(2);
    for (let done = 0; done < 20; done += 1) {
      late[done]?.();
      await settle();
    }
    expect(late, "goes on, two at a time").to.have.length(22);
  });

  it("when there is room again, those who wait for more than the least get it", async () => {
    const shares = new OriginShares(LIMITS);
    const dead = ["a", "b"].map((origin) => crowd(shares, origin, 4));
    await settle();
    const late = crowd(shares, "good", 4);
    await settle();
    expect(late).to.have.length(2);
    dead[0]?.[0]?.();
    await settle();
    expect(late).to.have.length(3);
    dead[0]?.[1]?.();
    await settle();
    expect(late).to.have.length(4);
  });

  it("who gives up waiting leaves the line, and takes nothing with it", async () => {
    const shares = new OriginShares(LIMITS);
    const controller = new AbortController();
    const entered = crowd(shares, "a", 4);
    const waiting = shares.enter("a", controller.signal);
    const next = crowd(shares, "a", 1);
    controller.abort(new Error("given up"));
    let reason = "";
    await waiting.catch((error: unknown) => (reason = String(error)));
    expect(reason).to.equal("Error: given up");
    entered[0]?.();
    await settle();
    expect(next).to.have.length(1);
    for (const leave of [...entered, ...next]) leave();
    expect(shares.running).to.equal(0);
  });

  it("a newcomer does not overtake those who wait", async () => {
    const shares = new OriginShares({ perOrigin: 1, together: 10, leastPerOrigin: 1 });
    const order: string[] = [];
    const leave = await shares.enter("a", open());
    const first = shares.enter("a", open()).then((done) => {
      order.push("first");
      done();
    });
    leave();
    const second = shares.enter("a", open()).then((done) => {
      order.push("second");
      done();
    });
    await Promise.all([first, second]);
    expect(order).to.deep.equal(["first", "second"]);
  });
});
