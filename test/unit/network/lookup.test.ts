import { expect } from "chai";
import type { LookupAddress, LookupOptions } from "node:dns";
import { createLookup } from "../../../src/network/lookup.js";
import {
  NOT_FOUND,
  ResolutionError,
  TRY_AGAIN,
  type Resolution,
} from "../../../src/network/name-resolution.js";

const BOTH: LookupAddress[] = [
  { address: "10.0.0.7", family: 4 },
  { address: "fd00::7", family: 6 },
];

describe("network/lookup", () => {
  let nowMs = 0;
  let asked: string[] = [];
  let answer: (name: string) => Promise<Resolution>;
  let lookup: ReturnType<typeof createLookup>;
  beforeEach(() => {
    nowMs = 0;
    asked = [];
    answer = () => Promise.resolve({ addresses: BOTH, ttlMs: 10_000 });
    lookup = createLookup(
      (name) => {
        asked.push(name);
        return answer(name);
      },
      () => nowMs,
    );
  });
  const ask = (name: string, options: LookupOptions = { all: true }): Promise<string> =>
    new Promise((resolve) => {
      lookup(name, options, (error, found, family) => {
        if (error !== null) resolve(`${String(error.code)} ${error.message}`);
        else if (typeof found === "string") resolve(`${found}/${String(family)}`);
        else resolve(found.map((entry) => entry.address).join());
      });
    });

  const shapes: [LookupOptions, string][] = [
    [{ all: true }, "10.0.0.7,fd00::7"],
    [{ all: true, family: 6 }, "fd00::7"],
    [{}, "10.0.0.7/4"],
    [{ family: 4 }, "10.0.0.7/4"],
    [{ family: 6 }, "fd00::7/6"],
    [{ family: "IPv6" }, "fd00::7/6"],
  ];
  for (const [options, expected] of shapes) {
    it(`answers ${JSON.stringify(options)} as Node's own does`, async () => {
      expect(await ask("kv.example", options)).to.equal(expected);
    });
  }

  it("without an address of the family, the name is not found", async () => {
    answer = () => Promise.resolve({ addresses: BOTH.slice(0, 1), ttlMs: 0 });
    expect(await ask("kv.example", { family: 6 })).to.match(/^ENOTFOUND /);
  });

  it("asks once for however many connections, and keeps the answer for its time to live", async () => {
    await Promise.all(Array.from({ length: 50 }, () => ask("KV.example")));
    nowMs = 9_999;
    await ask("kv.example");
    expect(asked).to.deep.equal(["kv.example"]);
    nowMs = 10_000;
    await ask("kv.example");
    expect(asked).to.have.length(2);
  });

  it("keeps no answer for longer than half a minute", async () => {
    answer = () => Promise.resolve({ addresses: BOTH, ttlMs: 86_400_000 });
    await ask("kv.example");
    nowMs = 30_000;
    await ask("kv.example");
    expect(asked).to.have.length(2);
  });

  it("an answer without a time to live is for those who wait, and nobody later", async () => {
    answer = () => Promise.resolve({ addresses: BOTH, ttlMs: 0 });
    await Promise.all([ask("kv.example"), ask("kv.example")]);
    await ask("kv.example");
    expect(asked).to.have.length(2);
  });

  it("a name that does not exist is not asked for again for 2 s", async () => {
    answer = () => Promise.reject(new ResolutionError(NOT_FOUND));
    expect(await ask("kv.example")).to.equal("ENOTFOUND kv.example cannot be resolved");
    expect(await ask("kv.example")).to.match(/^ENOTFOUND /);
    expect(asked).to.have.length(1);
    nowMs = 2_000;
    answer = () => Promise.resolve({ addresses: BOTH, ttlMs: 1 });
    expect(await ask("kv.example")).to.equal("10.0.0.7,fd00::7");
  });

  it("silence is not remembered", async () => {
    answer = () => Promise.reject(new ResolutionError(TRY_AGAIN));
    expect(await ask("kv.example")).to.match(/^EAI_AGAIN /);
    answer = () => Promise.resolve({ addresses: BOTH, ttlMs: 1 });
    expect(await ask("kv.example")).to.equal("10.0.0.7,fd00::7");
  });

  it("a name in use outlives a flood of others", async () => {
    answer = () => Promise.resolve({ addresses: BOTH, ttlMs: 30_000 });
    await ask("kv.example");
    for (let i = 0; i < 3_000; i += 1) {
      await ask(`${i}.example`);
      if (i % 500 === 0) await ask("kv.example");
    }
    await ask("kv.example");
    expect(asked.filter((name) => name === "kv.example")).to.have.length(1);
    await ask("0.example");
    expect(
      asked.filter((name) => name === "0.example"),
      "is forgotten",
    ).to.have.length(2);
  });
});
