import { expect } from "chai";
import { BoundedLabel } from "../../../src/telemetry/bounded-label.js";

describe("telemetry/bounded-label BoundedLabel", () => {
  it("shows the first values and calls every later one other", () => {
    const label = new BoundedLabel(3);
    const shown = ["a", "b", "c", "d", "e"].map((value) => label.value(value));
    expect(shown).to.deep.equal(["a", "b", "c", "other", "other"]);
  });

  it("goes on showing what it showed once the limit is reached", () => {
    const label = new BoundedLabel(2);
    for (let i = 0; i < 1000; i++) label.value(String(i));
    expect(["0", "1", "2", "999", "0"].map((value) => label.value(value))).to.deep.equal([
      "0",
      "1",
      "other",
      "other",
      "0",
    ]);
  });

  it("counts a value once for each context, so that series are bounded", () => {
    const label = new BoundedLabel(3);
    expect(label.value("a", "secret/")).to.equal("a");
    expect(label.value("a", "key/")).to.equal("a");
    expect(label.value("a", "secret/VAULT_FORBIDDEN")).to.equal("a");
    expect(label.value("a", "cert/")).to.equal("other");
    expect(label.value("a", "key/")).to.equal("a");
  });

  it("has a limit of 1,000 unless another is given", () => {
    const label = new BoundedLabel();
    const shown = Array.from({ length: 1001 }, (_, i) => label.value(String(i)));
    expect(shown[998]).to.equal("998");
    expect(shown[999]).to.equal("999");
    expect(shown[1000]).to.equal("other");
  });

  for (const [length, isShown] of [
    [126, true],
    [127, true],
    [128, false],
    [1e6, false],
  ] as const) {
    it(`${isShown ? "shows" : "does not show"} a value of ${length} characters`, () => {
      const text = "x".repeat(length);
      expect(new BoundedLabel().value(text)).to.equal(isShown ? text : "other");
    });
  }

  it("lets an over-long value not use up the limit", () => {
    const label = new BoundedLabel(1);
    label.value("x".repeat(128));
    expect(label.value("a")).to.equal("a");
  });

  it("shows names of an object's own properties as data", () => {
    const label = new BoundedLabel(2);
    expect(label.value("__proto__")).to.equal("__proto__");
    expect(label.value("constructor")).to.equal("constructor");
    expect(label.value("toString")).to.equal("other");
  });
});
