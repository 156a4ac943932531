import { expect } from "chai";
import { nearestName } from "../../../src/model/nearest-name.js";

describe("model/nearest-name nearestName", () => {
  const known = ["objectName", "objectType", "objectAlias", "objectVersion", "objectVersionHistory"];
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["objectname", "objectName"],
    ["object_name", "objectName"],
    ["Object-Type", "objectType"],
    ["objectTyp", "objectType"],
    ["objctVersion", "objectVersion"],
    ["objectVersionHistroy", "objectVersionHistory"],
    ["name", undefined],
    ["", undefined],
    ["completelyDifferent", undefined],
    ["objectName".repeat(100), undefined],
    ["__proto__", undefined],
  ];
  for (const [name, expected] of cases) {
    it(`finds ${String(expected)} for ${JSON.stringify(name.slice(0, 30))}`, () => {
      expect(nearestName(name, known)).to.equal(expected);
    });
  }

  it("prefers the name that differs in case alone", () => {
    expect(nearestName("ab", ["ac", "AB"])).to.equal("AB");
  });
});
