import { expect } from "chai";
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { lookupInstead } from "../../../src/identity/credentials/lookup-instead.js";

describe("identity/credentials/lookup-instead lookupInstead", () => {
  const asked: [string, number | string | undefined][] = [];
  const system: LookupFunction = (host, options, callback) => {
    asked.push([host, options.family]);
    callback(null, "10.0.0.9", 4);
  };
  beforeEach(() => {
    asked.length = 0;
  });

  const ask = (
    host: string,
    options: { all?: boolean; family?: number },
  ): Promise<[string | LookupAddress[], number | undefined]> =>
    new Promise((resolve) => {
      let isCalledBack = false;
      lookupInstead(host, system)("a.ests.aks", options, (_error, address, family) => {
        isCalledBack = true;
        resolve([address, family]);
      });
      if (asked.length === 0) expect(isCalledBack).to.equal(false);
    });

  it("looks the host up in the place of the name asked for, with the caller's options", async () => {
    expect(await ask("proxy.example", { family: 4 })).to.deep.equal(["10.0.0.9", 4]);
    expect(asked).to.deep.equal([["proxy.example", 4]]);
  });

  for (const [address, family] of [
    ["127.0.0.1", 4],
    ["fd00::1", 6],
  ] as const) {
    it(`takes ${address} as its own answer, and asks nobody`, async () => {
      expect(await ask(address, {})).to.deep.equal([address, family]);
      expect(await ask(address, { all: true })).to.deep.equal([[{ address, family }], undefined]);
      expect(asked).to.deep.equal([]);
    });
  }
});
