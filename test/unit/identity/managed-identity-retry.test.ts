import { expect } from "chai";
import fc from "fast-check";
import { imdsWaitMs, type ImdsOutcome } from "../../../src/identity/credentials/imds-retry.js";
import { NetworkError, type NetworkErrorKind } from "../../../src/network/network-error.js";

const MIDDLE = 0.5;

/** All waits until the service is not asked again, when every try ends like this and takes no time. */
function waitsFor(outcome: ImdsOutcome, random = MIDDLE): number[] {
  const waits: number[] = [];
  let elapsedMs = 0;
  for (let retry = 1; retry <= 20; retry += 1) {
    const waitMs = imdsWaitMs(outcome, retry, elapsedMs, random);
    if (waitMs === undefined) return waits;
    waits.push(waitMs);
    elapsedMs += waitMs;
  }
  throw new Error("it would be asked for ever");
}

const status = (code: number, retryAfterMs?: number): ImdsOutcome => ({ status: code, retryAfterMs });
const network = (kind: NetworkErrorKind): ImdsOutcome => ({
  error: new NetworkError(kind, "no", { host: "169.254.169.254" }),
});

describe("identity/credentials/imds-retry imdsWaitMs", () => {
  const cases: { name: string; outcome: ImdsOutcome; waits: number[] }[] = [
    { name: "404", outcome: status(404), waits: [2_000, 4_000, 8_000, 16_000] },
    { name: "429", outcome: status(429), waits: [2_000, 4_000, 8_000, 16_000] },
    { name: "500", outcome: status(500), waits: [2_000, 4_000, 8_000, 16_000] },
    { name: "503", outcome: status(503), waits: [2_000, 4_000, 8_000, 16_000] },
    { name: "410", outcome: status(410), waits: [2_000, 4_000, 8_000, 16_000, 32_000, 8_000] },
    { name: "400", outcome: status(400), waits: [] },
    { name: "401", outcome: status(401), waits: [] },
    { name: "403", outcome: status(403), waits: [] },
    { name: "499", outcome: status(499), waits: [] },
    { name: "302", outcome: status(302), waits: [] },
    { name: "429 with Retry-After 5 s", outcome: status(429, 5_000), waits: [5_000, 5_000, 8_000, 16_000] },
    {
      name: "429 with Retry-After of an hour",
      outcome: status(429, 3_600_000),
      waits: [30_000, 30_000, 30_000, 30_000],
    },
    { name: "503 with Retry-After 0", outcome: status(503, 0), waits: [2_000, 4_000, 8_000, 16_000] },
    { name: "400 with Retry-After", outcome: status(400, 5_000), waits: [] },
    { name: "a time limit", outcome: network("timeout"), waits: [2_000, 4_000] },
    { name: "a refused connection", outcome: network("connect"), waits: [2_000, 4_000] },
    { name: "a broken connection", outcome: network("reset"), waits: [2_000, 4_000] },
    { name: "a redirect", outcome: network("redirect"), waits: [] },
    { name: "too large an answer", outcome: network("too-large"), waits: [] },
    { name: "an abort", outcome: network("aborted"), waits: [] },
    { name: "an error of another kind", outcome: { error: new TypeError("no") }, waits: [] },
  ];
  for (const { name, outcome, waits } of cases) {
    it(`after ${name} waits ${waits.length === 0 ? "never" : waits.join(", ")}`, () => {
      expect(waitsFor(outcome)).to.deep.equal(waits);
    });
  }

  it("keeps each wait within a fifth", () => {
    expect(waitsFor(status(404), 0)).to.deep.equal([1_600, 3_200, 6_400, 12_800]);
    expect(waitsFor(status(404), 0.999)).to.deep.equal([2_399, 4_798, 9_597, 19_194]);
  });

  it("tries a last time 70 s after the first, whatever the jitter and however long the tries take", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(9_000), (random, tryMs) => {
        let elapsedMs = tryMs;
        for (let retry = 1; ; retry += 1) {
          const waitMs = imdsWaitMs(status(410), retry, elapsedMs, random);
          if (waitMs === undefined) break;
          expect(elapsedMs + waitMs).to.be.at.most(70_000);
          elapsedMs += waitMs + tryMs;
        }
        expect(elapsedMs).to.be.at.least(70_000);
      }),
    );
  });
});
