import { expect } from "chai";
import type { RecordWithTtl } from "node:dns";
import { createDnsQuery, type Resolver } from "../../../src/network/dns-query.js";
import { ResolutionError } from "../../../src/network/name-resolution.js";

type Answer = RecordWithTtl[] | string | Promise<RecordWithTtl[]>;

/** A resolver with one answer for each family: records, or the code of an error. */
function resolverWith(four: Answer, six: Answer): Resolver & { cancelled: number; asked: string[] } {
  const answer = async (given: Answer): Promise<RecordWithTtl[]> => {
    if (typeof given === "string") throw Object.assign(new Error(given), { code: given });
    return await given;
  };
  const resolver = {
    cancelled: 0,
    asked: [] as string[],
    cancel: () => {
      resolver.cancelled += 1;
    },
    resolve4: (name: string) => {
      resolver.asked.push(`A ${name}`);
      return answer(four);
    },
    resolve6: (name: string) => {
      resolver.asked.push(`AAAA ${name}`);
      return answer(six);
    },
  };
  return resolver;
}

const V4: RecordWithTtl[] = [{ address: "10.0.0.7", ttl: 60 }];
const V6: RecordWithTtl[] = [{ address: "fd00::7", ttl: 20 }];
const never = new Promise<RecordWithTtl[]>(() => undefined);

describe("network/dns-query", () => {
  const ask = async (
    resolver: Resolver,
    families: readonly (4 | 6)[] = [4, 6],
    signal = new AbortController().signal,
  ): Promise<string> => {
    try {
      const { addresses, ttlMs } = await createDnsQuery(
        () => resolver,
        () => families,
      )("kv.example", signal);
      return `${addresses.map(({ address, family }) => `${address}/${family}`).join(",")} for ${ttlMs}`;
    } catch (error) {
      return error instanceof ResolutionError ? error.code : String(error);
    }
  };

  const cases: [what: string, four: Answer, six: Answer, expected: string][] = [
    ["both: IPv4 first, the shorter time to live", V4, V6, "10.0.0.7/4,fd00::7/6 for 20000"],
    ["IPv4 alone", V4, "ENODATA", "10.0.0.7/4 for 60000"],
    ["IPv6 alone", "ENODATA", V6, "fd00::7/6 for 20000"],
    ["a server that never answers for IPv6 holds nobody up", V4, never, "10.0.0.7/4 for 60000"],
    ["a server that never answers for IPv4 holds nobody up", never, V6, "fd00::7/6 for 20000"],
    ["IPv6 refused", V4, "EREFUSED", "10.0.0.7/4 for 60000"],
    ["no such name", "ENOTFOUND", "ENOTFOUND", "ENOTFOUND"],
    ["a name without addresses", "ENODATA", "ENODATA", "ENOTFOUND"],
    ["no records at all", [], [], "ENOTFOUND"],
    ["one family silent, the other empty: it may come yet", "ETIMEOUT", "ENODATA", "EAI_AGAIN"],
    ["a server out of order", "ESERVFAIL", "ESERVFAIL", "EAI_AGAIN"],
  ];
  for (const [what, four, six, expected] of cases) {
    it(what, async () => {
      const resolver = resolverWith(four, six);
      expect(await ask(resolver)).to.equal(expected);
      expect(resolver.cancelled, "the socket is given back").to.be.greaterThan(0);
    });
  }

  it("asks only for the families that this machine has", async () => {
    const resolver = resolverWith(V4, V6);
    expect(await ask(resolver, [6])).to.equal("fd00::7/6 for 20000");
    expect(resolver.asked).to.deep.equal(["AAAA kv.example"]);
  });

  it("is cancelled by its signal", async () => {
    const controller = new AbortController();
    let refuse: (error: Error) => void = () => undefined;
    const pending = new Promise<RecordWithTtl[]>((_resolve, reject) => (refuse = reject));
    const resolver = resolverWith(pending, pending);
    resolver.cancel = () => {
      refuse(new Error("ECANCELLED"));
    };
    const asking = ask(resolver, [4, 6], controller.signal);
    controller.abort();
    expect(await asking).to.equal("EAI_AGAIN");
  });
});
