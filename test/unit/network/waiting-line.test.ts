import { expect } from "chai";
import { type Waiting, WaitingLine } from "../../../src/network/waiting-line.js";

const LIMITS = { maxPerPrincipal: 3, maxAll: 5, patienceMs: 1_000 };

function waiting(
  principal: string,
  { isUrgent = false, sinceMs = 0 } = {},
): Waiting & { urgency: { isUrgent: boolean } } {
  return { principal, urgency: { isUrgent }, sinceMs, admit: () => undefined, dismiss: () => undefined };
}

function served(line: WaitingLine, nowMs = 0): string[] {
  const order: string[] = [];
  for (let next = line.next(nowMs); next !== undefined; next = line.next(nowMs)) order.push(next.principal);
  return order;
}

describe("network/waiting-line WaitingLine", () => {
  it("serves principals in turn, each in order of arrival", () => {
    const line = new WaitingLine(LIMITS);
    const all = ["a", "a", "a", "b", "c"].map((principal) => waiting(principal));
    for (const one of all) expect(line.join(one)).to.equal(true);
    expect(line.next(0)).to.equal(all[0]);
    expect(line.next(0)).to.equal(all[3]);
    expect(line.next(0)).to.equal(all[4]);
    expect(line.next(0)).to.equal(all[1]);
    expect(line.next(0)).to.equal(all[2]);
    expect(line.next(0)).to.equal(undefined);
    expect(line.length).to.equal(0);
  });

  it("serves urgent ones first, whoever came first", () => {
    const line = new WaitingLine(LIMITS);
    line.join(waiting("rotating"));
    line.join(waiting("starting", { isUrgent: true }));
    expect(served(line)).to.deep.equal(["starting", "rotating"]);
  });

  it("serves one that became urgent while it waited", () => {
    const line = new WaitingLine(LIMITS);
    const second = waiting("second");
    line.join(waiting("first"));
    line.join(second);
    second.urgency.isUrgent = true;
    expect(line.next(0)).to.equal(second);
  });

  it("lets nobody wait behind urgent ones for longer than its patience", () => {
    const line = new WaitingLine(LIMITS);
    line.join(waiting("rotating", { sinceMs: 0 }));
    line.join(waiting("starting", { isUrgent: true, sinceMs: 900 }));
    expect(line.next(999)?.principal).to.equal("starting");
    line.join(waiting("starting", { isUrgent: true, sinceMs: 999 }));
    expect(line.next(1_000)?.principal).to.equal("rotating");
  });

  it("is full for one principal before it is full for all", () => {
    const line = new WaitingLine(LIMITS);
    expect(["a", "a", "a", "a"].map((principal) => line.join(waiting(principal)))).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
    expect(["b", "b", "b"].map((principal) => line.join(waiting(principal)))).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(line.length).to.equal(5);
  });

  it("forgets one that leaves, and one that was never there", () => {
    const line = new WaitingLine(LIMITS);
    const [first, second] = [waiting("a"), waiting("a")];
    line.join(first);
    line.join(second);
    line.leave(first);
    line.leave(first);
    line.leave(waiting("b"));
    expect(line.length).to.equal(1);
    expect(line.next(0)).to.equal(second);
  });

  it("has room for a newcomer where others fill it: who has most gives the newest place up", () => {
    const line = new WaitingLine(LIMITS);
    const dismissed: string[] = [];
    const named = (principal: string, name: string): Waiting => ({
      ...waiting(principal),
      dismiss: () => {
        dismissed.push(name);
      },
    });
    for (const name of ["a1", "a2", "a3"]) line.join(named("a", name));
    for (const name of ["b1", "b2"]) line.join(named("b", name));
    expect(line.join(named("c", "c1"))).to.equal(true);
    expect(dismissed).to.deep.equal(["a3"]);
    expect(line.length).to.equal(5);
    // Nobody has more than one place above the newcomer's share now.
    expect(line.join(named("c", "c2"))).to.equal(false);
    expect(line.join(named("b", "b3"))).to.equal(false);
    expect(dismissed).to.deep.equal(["a3"]);
    expect(served(line)).to.deep.equal(["a", "b", "c", "a", "b"]);
  });
});
