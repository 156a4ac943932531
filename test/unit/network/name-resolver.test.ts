import { expect } from "chai";
import type { LookupAddress } from "node:dns";
import {
  NOT_FOUND,
  ResolutionError,
  TRY_AGAIN,
  type Resolution,
} from "../../../src/network/name-resolution.js";
import { createNameResolver, type NameResolverParts } from "../../../src/network/name-resolver.js";

const address = (text: string): LookupAddress[] => [{ address: text, family: 4 }];
const never = new Promise<never>(() => undefined);
const failed = (code: ResolutionError["code"]): Promise<never> => Promise.reject(new ResolutionError(code));

describe("network/name-resolver", () => {
  const resolve = async (name: string, parts: Partial<NameResolverParts>): Promise<string> => {
    const resolver = createNameResolver({
      hosts: () => Promise.resolve([]),
      dns: () => Promise.reject(new Error("DNS was asked")),
      system: () => Promise.reject(new Error("the system was asked")),
      hedgeAfterMs: 20,
      lastWordMs: 20,
      limitMs: 60,
      ...parts,
    });
    try {
      const { addresses, ttlMs } = await resolver(name);
      return `${addresses.map((entry) => entry.address).join()} for ${ttlMs}`;
    } catch (error) {
      return error instanceof ResolutionError ? error.code : String(error);
    }
  };
  const dns = (): Promise<Resolution> => Promise.resolve({ addresses: address("10.0.0.7"), ttlMs: 60_000 });
  const system = (): Promise<LookupAddress[]> => Promise.resolve(address("10.0.0.8"));

  const cases: [what: string, name: string, parts: Partial<NameResolverParts>, expected: string][] = [
    [
      "the hosts file comes first",
      "kv.example",
      { hosts: () => Promise.resolve(address("10.0.0.6")), dns, system },
      "10.0.0.6 for 5000",
    ],
    ["DNS is asked, and the system is not", "kv.example", { dns }, "10.0.0.7 for 60000"],
    ["a name without a dot is the system's", "proxy", { system }, "10.0.0.8 for 5000"],
    [
      "what DNS does not know, the system may",
      "proxy.corp",
      { dns: () => failed(NOT_FOUND), system },
      "10.0.0.8 for 5000",
    ],
    [
      "no DNS server at all: the system is asked at once",
      "kv.example",
      { dns: () => failed(TRY_AGAIN), system, hedgeAfterMs: 10_000 },
      "10.0.0.8 for 5000",
    ],
    [
      "a silent DNS server: the system is asked as well",
      "kv.example",
      { dns: () => never, system },
      "10.0.0.8 for 5000",
    ],
    [
      "while the system is silent, a late answer of DNS counts",
      "kv.example",
      {
        dns: () =>
          new Promise((answer) =>
            setTimeout(() => {
              answer({ addresses: address("10.0.0.9"), ttlMs: 1 });
            }, 35),
          ),
        system: () => never,
      },
      "10.0.0.9 for 1",
    ],
    [
      "no such name, say both",
      "kv.example",
      { dns: () => failed(NOT_FOUND), system: () => failed(NOT_FOUND) },
      NOT_FOUND,
    ],
    [
      "no such name, says DNS, and the system has no time to say it too",
      "kv.example",
      { dns: () => failed(NOT_FOUND), system: () => never, limitMs: 10_000 },
      NOT_FOUND,
    ],
    ["nobody answers", "kv.example", { dns: () => never, system: () => never }, TRY_AGAIN],
    [
      "the system cannot tell, DNS is silent",
      "kv.example",
      { dns: () => never, system: () => failed(TRY_AGAIN) },
      TRY_AGAIN,
    ],
    ["the system knows no such short name", "proxy", { system: () => failed(NOT_FOUND) }, NOT_FOUND],
  ];
  for (const [what, name, parts, expected] of cases) {
    it(what, async () => {
      expect(await resolve(name, parts)).to.equal(expected);
    });
  }

  for (const code of [NOT_FOUND, TRY_AGAIN] as const) {
    it(`waits for nobody once the system and then DNS have failed (${code})`, async () => {
      let fail: (error: Error) => void = () => undefined;
      const resolving = resolve("kv.example", {
        dns: () => new Promise<never>((_resolve, reject) => (fail = reject)),
        system: () => {
          setImmediate(() => {
            fail(new ResolutionError(code));
          });
          return failed(TRY_AGAIN);
        },
        hedgeAfterMs: 1,
        lastWordMs: 60_000,
        limitMs: 60_000,
      });
      expect(await resolving).to.equal(code);
    });
  }

  it("gives up what it still waits for", async () => {
    const signals: AbortSignal[] = [];
    const remember = (_name: string, signal: AbortSignal): Promise<never> => {
      signals.push(signal);
      return never;
    };
    expect(await resolve("kv.example", { dns: remember, system: remember })).to.equal(TRY_AGAIN);
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
  });
});
