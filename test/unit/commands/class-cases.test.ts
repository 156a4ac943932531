import { expect } from "chai";
import { ASSUMED_SECRET, planFor } from "../../../src/commands/assume-request.js";
import { CLASS_CASES, parametersOf } from "../../support/class-cases.js";

const DEFAULTS = {
  cloudName: "AzurePublicCloud",
  defaultTenantId: "contoso.example",
  defaultClientId: "app",
} as const;

describe("the classes that all gates are held to, as the program sees them", () => {
  for (const given of CLASS_CASES) {
    it(`${given.name}: ${given.verdict}`, () => {
      const planned = planFor(new Map(Object.entries(parametersOf(given))), ASSUMED_SECRET, DEFAULTS);
      const messages = "problems" in planned ? planned.problems.map(({ message }) => message) : [];
      if (given.verdict === "taken") expect(messages).to.deep.equal([]);
      else expect(messages).to.have.lengthOf(1);
      if (given.says !== undefined) expect(messages[0]).to.include(given.says);
    });
  }
});
