import { expect } from "chai";
import type { ErrorCode } from "../../../../src/errors/codes.js";
import { ProviderError } from "../../../../src/errors/provider-error.js";
import { RefusedProofs } from "../../../../src/identity/proofs/refused-proofs.js";

function make() {
  let nowMs = 1_000;
  const refused = new RefusedProofs(() => nowMs);
  const isPaused = (key = "k"): boolean => {
    try {
      refused.check(key);
      return false;
    } catch (error) {
      expect(error).to.be.instanceOf(ProviderError);
      return true;
    }
  };
  return {
    refused,
    isPaused,
    pass: (ms: number) => {
      nowMs += ms;
    },
    refuse: (code: ErrorCode = "SIGN_IN_REJECTED", key = "k") => {
      refused.add(key, new ProviderError(code, "AADSTS1: no"));
    },
    /** Milliseconds until the pause is over, in steps of 100. */
    pauseMs: () => {
      let ms = 0;
      for (; isPaused() && ms < 100_000; ms += 100) nowMs += 100;
      return ms;
    },
  };
}

describe("identity/proofs/refused-proofs RefusedProofs", () => {
  it("doubles the pause with each refusal, up to half a minute", () => {
    const { refuse, pauseMs } = make();
    const pauses = Array.from({ length: 7 }, () => {
      refuse();
      return pauseMs();
    });
    expect(pauses).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it("says the refusal again, with its code, when it was and when the next try is", () => {
    const { refuse, refused, pass } = make();
    refuse();
    pass(300);
    expect(() => {
      refused.check("k");
    })
      .to.throw(
        ProviderError,
        "AADSTS1: no (answered 0.3 s ago; the same sign-in is tried again in 0.7 s at the earliest)",
      )
      .with.property("code", "SIGN_IN_REJECTED");
  });

  const COUNTED: readonly [ErrorCode, boolean][] = [
    ["SIGN_IN_REJECTED", true],
    ["SIGN_IN_FAILED", true],
    ["SIGN_IN_THROTTLED", true],
    ["SIGN_IN_UNREACHABLE", false],
    ["CALL_CANCELLED", false],
    ["CALL_DEADLINE_EXCEEDED", false],
    ["PARAMETER_INVALID", false],
    ["INTERNAL", false],
  ];
  for (const [code, isCounted] of COUNTED) {
    it(`${isCounted ? "pauses" : "does not pause"} after ${code}`, () => {
      const { refuse, isPaused } = make();
      refuse(code);
      expect(isPaused()).to.equal(isCounted);
    });
  }

  it("does not pause after what is no error of the provider", () => {
    const { refused, isPaused } = make();
    refused.add("k", new Error("SIGN_IN_REJECTED"));
    expect(isPaused()).to.equal(false);
  });

  it("pauses one key only, and begins anew after a success or ten minutes without a try", async () => {
    const { refuse, refused, isPaused, pass, pauseMs } = make();
    refuse();
    expect(isPaused("other")).to.equal(false);
    refuse();
    refused.delete("k");
    expect(isPaused()).to.equal(false);
    refuse();
    refuse();
    pass(10 * 60_000 + 1);
    await new Promise((resolve) => setTimeout(resolve, 10)); // the table looks at the clock once a millisecond
    refuse();
    expect(pauseMs()).to.equal(1_000);
  });

  it("is bounded: many refusals push out the oldest", () => {
    const { refuse, isPaused } = make();
    for (let i = 0; i < 2_001; i += 1) refuse("SIGN_IN_REJECTED", `k${i}`);
    expect(isPaused("k0")).to.equal(false);
    expect(isPaused("k1")).to.equal(true);
  });
});
