import { expect } from "chai";
import { MAX_OBJECTS_LENGTH, parseObjects } from "../../../src/parameters/parse-objects.js";
import { DEFAULT_REMEMBERED_OBJECTS, RememberedObjects } from "../../../src/parameters/remembered-objects.js";
import { RememberedWarnings } from "../../../src/parameters/remembered-warnings.js";

describe("parameters/remembered-objects RememberedObjects", () => {
  const text = (i: number): string => `- {objectName: a${i}, objectType: secret}`;
  const remember = (memory: RememberedObjects, i: number): void => {
    memory.set(text(i), parseObjects(text(i)));
  };

  it("knows nothing at first, then the very same outcome, and only of the very same text", () => {
    const memory = new RememberedObjects();
    expect(memory.get(text(1))).to.equal(undefined);
    const outcome = parseObjects(text(1));
    memory.set(text(1), outcome);
    expect(memory.get(text(1))).to.equal(outcome);
    expect(memory.get(`${text(1)} `)).to.equal(undefined);
    expect(memory.get("")).to.equal(undefined);
  });

  it("remembers failures too, so that a broken class is not read at every retry", () => {
    const memory = new RememberedObjects();
    memory.set("[", parseObjects("["));
    expect(memory.get("[")?.problems).to.have.length(1);
  });

  it("keeps as many as allowed, and forgets the least recently used", () => {
    const memory = new RememberedObjects({ maxEntries: 3, maxBytes: 1_000_000 });
    for (const i of [1, 2, 3]) remember(memory, i);
    expect(memory.size).to.equal(3);
    memory.get(text(1));
    remember(memory, 4);
    expect(memory.size).to.equal(3);
    expect([1, 2, 3, 4].map((i) => memory.get(text(i)) !== undefined)).to.deep.equal([
      true,
      false,
      true,
      true,
    ]);
  });

  it("keeps as many bytes as allowed", () => {
    const memory = new RememberedObjects({ maxEntries: 1000, maxBytes: 10_000 });
    for (let i = 0; i < 100; i++) remember(memory, i);
    expect(memory.size).to.be.within(5, 20);
    expect(memory.get(text(99))).not.to.equal(undefined);
  });

  it("does not keep one that would push out a quarter of the others", () => {
    const memory = new RememberedObjects({ maxEntries: 1000, maxBytes: 10_000 });
    remember(memory, 1);
    const long = Array.from({ length: 50 }, (_, i) => text(i)).join("\n");
    memory.set(long, parseObjects(long));
    expect(memory.get(long)).to.equal(undefined);
    expect(memory.get(text(1))).not.to.equal(undefined);
  });

  it("keeps the largest class that there can be, at its defaults", () => {
    const memory = new RememberedObjects();
    const largest = "- {objectName: a, objectAlias: b, objectType: secret}\n"
      .repeat(1000)
      .padEnd(MAX_OBJECTS_LENGTH, "#");
    memory.set(largest, parseObjects(largest));
    expect(memory.get(largest)).not.to.equal(undefined);
    expect(DEFAULT_REMEMBERED_OBJECTS.maxEntries).to.be.at.least(500);
  });
});

describe("parameters/remembered-warnings RememberedWarnings", () => {
  const pod = { name: "p", namespace: "shop", uid: "u", serviceAccountName: "s" };
  const plan = { pod, className: "orders", warnings: ["a is ignored"] };

  it("gives a class's warnings once, whichever of its pods comes", () => {
    const memory = new RememberedWarnings();
    expect(memory.takeNew(plan)).to.deep.equal(["a is ignored"]);
    expect(memory.takeNew(plan)).to.deep.equal([]);
    expect(memory.takeNew({ ...plan, pod: { ...pod, name: "q", uid: "v" } })).to.deep.equal([]);
  });

  it("gives them again for another class, another namespace and other words", () => {
    const memory = new RememberedWarnings();
    memory.takeNew(plan);
    expect(memory.takeNew({ ...plan, className: "bills" })).to.have.length(1);
    expect(memory.takeNew({ ...plan, pod: { ...pod, namespace: "x" } })).to.have.length(1);
    expect(memory.takeNew({ ...plan, warnings: ["b is ignored"] })).to.have.length(1);
    expect(memory.takeNew(plan)).to.deep.equal([]);
  });

  it("says nothing of classes without warnings, and keeps no place for them", () => {
    const memory = new RememberedWarnings(1);
    memory.takeNew(plan);
    expect(memory.takeNew({ ...plan, className: "quiet", warnings: [] })).to.deep.equal([]);
    expect(memory.takeNew(plan)).to.deep.equal([]);
  });

  it("forgets the least recently mounted class", () => {
    const memory = new RememberedWarnings(2);
    const named = (className: string) => ({ ...plan, className });
    memory.takeNew(named("a"));
    memory.takeNew(named("b"));
    memory.takeNew(named("a"));
    memory.takeNew(named("c"));
    expect(memory.takeNew(named("a"))).to.deep.equal([]);
    expect(memory.takeNew(named("b"))).to.have.length(1);
  });
});
