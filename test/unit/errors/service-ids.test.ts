import { expect } from "chai";
import { CollectedErrors, ProviderError, serviceIdsOf } from "../../../src/errors/provider-error.js";

const refused = (serviceId?: string): ProviderError =>
  new ProviderError("VAULT_FORBIDDEN", "no", { serviceId });
const named = (cause: unknown): ProviderError =>
  new ProviderError("VAULT_FORBIDDEN", "failed to get x", { cause });

describe("errors/provider-error serviceIdsOf", () => {
  const cases = [
    { name: "no error of ours", error: new Error("x"), ids: [] },
    { name: "an error without one", error: refused(), ids: [] },
    { name: "an error", error: refused("a"), ids: ["a"] },
    { name: "what another error was made of", error: named(named(refused("a"))), ids: ["a"] },
    { name: "another's cause", error: named(new Error("x", { cause: refused("a") })), ids: [] },
    {
      name: "several failures, each once and in their order",
      error: new CollectedErrors("4 of 4", [
        named(refused("b")),
        refused("a"),
        named(refused("b")),
        refused(),
      ]),
      ids: ["b", "a"],
    },
  ];
  for (const { name, error, ids } of cases) {
    it(`finds those of ${name}`, () => {
      expect(serviceIdsOf(error, 20)).to.deep.equal(ids);
    });
  }

  for (const [limit, found] of [
    [2, 2],
    [3, 3],
    [4, 3],
  ] as const) {
    it(`finds ${found} of three within ${limit}`, () => {
      const all = new CollectedErrors("3 of 3", [refused("a"), refused("b"), refused("c")]);
      expect(serviceIdsOf(all, limit)).to.have.length(found);
    });
  }
});
