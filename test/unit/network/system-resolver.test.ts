import { expect } from "chai";
import type { LookupAddress } from "node:dns";
import { ResolutionError } from "../../../src/network/name-resolution.js";
import { createSystemResolver } from "../../../src/network/system-resolver.js";

type Callback = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void;
const FOUND: LookupAddress[] = [{ address: "10.0.0.7", family: 4 }];

describe("network/system-resolver", () => {
  const codeOf = async (asking: Promise<unknown>): Promise<string> => {
    try {
      await asking;
      return "found";
    } catch (error) {
      return error instanceof ResolutionError ? error.code : String(error);
    }
  };

  it("runs two at a time, the others in their order", async () => {
    const started: [string, Callback][] = [];
    const resolve = createSystemResolver((name, callback) => started.push([name, callback]));
    const { signal } = new AbortController();
    const all = ["a", "b", "c", "d"].map((name) => resolve(name, signal));
    expect(started.map(([name]) => name)).to.deep.equal(["a", "b"]);
    started[1]?.[1](null, FOUND);
    expect(started.map(([name]) => name)).to.deep.equal(["a", "b", "c"]);
    started[0]?.[1](null, FOUND);
    started[2]?.[1](null, FOUND);
    started[3]?.[1](null, FOUND);
    expect(await Promise.all(all)).to.deep.equal([FOUND, FOUND, FOUND, FOUND]);
  });

  it("a name that is given up leaves the line, and its thread is counted until it is back", async () => {
    const started: [string, Callback][] = [];
    const resolve = createSystemResolver((name, callback) => started.push([name, callback]));
    const controller = new AbortController();
    const lost = ["a", "b", "c"].map((name) => codeOf(resolve(name, controller.signal)));
    controller.abort();
    expect(await Promise.all(lost)).to.deep.equal(["EAI_AGAIN", "EAI_AGAIN", "EAI_AGAIN"]);
    const next = resolve("d", new AbortController().signal);
    expect(started.map(([name]) => name)).to.deep.equal(["a", "b"]);
    started[0]?.[1](null, FOUND);
    expect(started.map(([name]) => name)).to.deep.equal(["a", "b", "d"]);
    started[2]?.[1](null, FOUND);
    expect(await next).to.deep.equal(FOUND);
    expect(await codeOf(resolve("e", AbortSignal.abort()))).to.equal("EAI_AGAIN");
  });

  for (const [code, expected] of [
    ["ENOTFOUND", "ENOTFOUND"],
    ["ENODATA", "ENOTFOUND"],
    ["EAI_AGAIN", "EAI_AGAIN"],
    ["EAI_FAIL", "EAI_AGAIN"],
    ["ENOMEM", "EAI_AGAIN"],
  ] as const) {
    it(`${code} is ${expected}`, async () => {
      const resolve = createSystemResolver((_name, callback) => {
        callback(Object.assign(new Error(code), { code }), []);
      });
      expect(await codeOf(resolve("a", new AbortController().signal))).to.equal(expected);
    });
  }

  it("asks the system: every machine knows itself", async () => {
    const found = await createSystemResolver()("localhost", new AbortController().signal);
    expect(found.map(({ address }) => address)).to.include.oneOf(["127.0.0.1", "::1"]);
  });
});
