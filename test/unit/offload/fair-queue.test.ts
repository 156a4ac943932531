import { expect } from "chai";
import { FairQueue, type QueueLimits } from "../../../src/offload/fair-queue.js";
import { failureOf } from "../content/failure.js";

const LIMITS: QueueLimits = {
  maxQueued: 6,
  maxQueuedPerOwner: 4,
  maxQueuedBytes: 600,
  maxQueuedBytesPerOwner: 400,
};
const anyone = () => true;

/** `a1` is entry 1 of owner a. */
const entry = (name: string, bytes = 1) => ({ name, owner: name.charAt(0), bytes });

function filled(names: string, limits = LIMITS) {
  const queue = new FairQueue<ReturnType<typeof entry>>(limits);
  for (const name of names.split(" ").filter(Boolean)) queue.add(entry(name));
  return queue;
}

function drain(
  queue: FairQueue<ReturnType<typeof entry>>,
  mayRun: (owner: string) => boolean = anyone,
): string {
  const names: string[] = [];
  for (let taken = queue.take(mayRun); taken !== undefined; taken = queue.take(mayRun))
    names.push(taken.name);
  return names.join(" ");
}

describe("offload/fair-queue FairQueue", () => {
  for (const { given, expected } of [
    { given: "", expected: "" },
    { given: "a1 a2 a3", expected: "a1 a2 a3" },
    { given: "a1 a2 a3 b1", expected: "a1 b1 a2 a3" },
    { given: "a1 a2 b1 b2 c1", expected: "a1 b1 c1 a2 b2" },
    { given: "b1 a1 a2 b2", expected: "b1 a1 b2 a2" },
  ]) {
    it(`takes from ${given || "nothing"} in the order ${expected}`, () => {
      expect(drain(filled(given))).to.equal(expected);
    });
  }

  it("gives an owner who was just served the last turn, also when more comes", () => {
    const queue = filled("a1 a2 b1");
    expect(queue.take(anyone)?.name).to.equal("a1");
    queue.add(entry("a3"));
    queue.add(entry("c1"));
    expect(drain(queue)).to.equal("b1 a2 c1 a3");
  });

  it("puts an owner whose job has ended behind all who wait", () => {
    const queue = filled("a1 b1 c1 a2");
    queue.yieldTurn("a");
    queue.yieldTurn("z");
    expect(drain(queue)).to.equal("b1 c1 a1 a2");
  });

  it("steps over owners who may not run, without costing them their turn", () => {
    const queue = filled("a1 a2 b1 c1");
    expect(queue.take((owner) => owner !== "a")?.name).to.equal("b1");
    expect(drain(queue, (owner) => owner === "z")).to.equal("");
    expect(drain(queue)).to.equal("a1 c1 a2");
  });

  it("removes what waits, once", () => {
    const queue = filled("a1");
    const [second, third] = [entry("a2"), entry("b1")];
    queue.add(second);
    queue.add(third);
    expect(queue.size).to.equal(3);
    expect(queue.remove(second)).to.equal(true);
    expect(queue.remove(second)).to.equal(false);
    expect(queue.remove(entry("z1"))).to.equal(false);
    expect(queue.size).to.equal(2);
    expect(drain(queue)).to.equal("a1 b1");
    expect(queue.remove(third)).to.equal(false);
    expect(queue.size).to.equal(0);
  });

  it("gives everything at once", () => {
    const queue = filled("a1 b1 a2");
    expect(queue.takeAll().map(({ name }) => name)).to.deep.equal(["a1", "a2", "b1"]);
    expect(queue.size).to.equal(0);
    expect(queue.take(anyone)).to.equal(undefined);
  });

  const OWNERS_MESSAGE =
    "namespace a has too many certificates or classes waiting to be read; the driver tries again by itself; " +
    "if it stays so, mount fewer PFX-backed certificates at once";
  const MESSAGE =
    "too many certificates and classes are waiting to be read on this node; the driver tries again by itself";
  for (const { name, waiting, next, message } of [
    { name: "a 4th of one owner", waiting: "a1 a2 a3", next: entry("a4"), message: undefined },
    { name: "a 5th of one owner", waiting: "a1 a2 a3 a4", next: entry("a5"), message: OWNERS_MESSAGE },
    { name: "a 6th of all", waiting: "a1 a2 a3 b1 b2", next: entry("b3"), message: undefined },
    { name: "a 7th of all", waiting: "a1 a2 a3 b1 b2 b3", next: entry("c1"), message: MESSAGE },
    { name: "399 bytes of one owner", waiting: "a1", next: entry("a2", 398), message: undefined },
    { name: "400 bytes of one owner", waiting: "a1", next: entry("a2", 399), message: undefined },
    { name: "401 bytes of one owner", waiting: "a1", next: entry("a2", 400), message: OWNERS_MESSAGE },
  ]) {
    it(`${message === undefined ? "accepts" : "refuses"} ${name}`, async () => {
      const queue = filled(waiting);
      if (message === undefined) {
        queue.add(next);
        expect(queue.takeAll()).to.include(next);
      } else {
        const error = await failureOf(() => {
          queue.add(next);
        });
        expect(error.code).to.equal("WORKER_OVERLOADED");
        expect(error.message).to.equal(message);
        expect(
          queue
            .takeAll()
            .map((one) => one.name)
            .join(" "),
        ).to.equal(waiting);
      }
    });
  }

  it("refuses one byte more than all may hold", async () => {
    const queue = filled("");
    queue.add(entry("a1", 300));
    queue.add(entry("b1", 300));
    const error = await failureOf(() => {
      queue.add(entry("c1", 1));
    });
    expect(error.message).to.equal(MESSAGE);
    queue.take(anyone);
    queue.add(entry("c1", 300));
  });

  it("counts nothing twice: what was taken or removed makes room", () => {
    const queue = filled("");
    for (let i = 0; i < 50; i++) {
      const one = entry("a1", 400);
      queue.add(one);
      if (i % 2 === 0) queue.remove(one);
      else queue.take(anyone);
    }
    expect(queue.size).to.equal(0);
  });
});
