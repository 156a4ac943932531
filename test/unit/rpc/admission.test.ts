import { expect } from "chai";
import { Admission, type AdmissionLimits } from "../../../src/rpc/admission.js";
import { errorOf } from "./support.js";

/** Limits that nothing here reaches, but for those given. */
const limits = (given: Partial<AdmissionLimits>): AdmissionLimits => ({
  maxMounts: 9,
  maxMountsPerNamespace: 9,
  maxRequestBytes: 1e9,
  maxRequestBytesPerNamespace: 1e9,
  ...given,
});

describe("rpc/admission Admission", () => {
  it("lets in as many mounts as the limit says, and another once one has left", () => {
    const admission = new Admission(limits({ maxMounts: 2 }));
    const leave = admission.enter("a", 1);
    admission.enter("b", 1);
    expect(errorOf(() => admission.enter("c", 1))).to.include({
      code: "PROVIDER_OVERLOADED",
      message:
        "2 mounts are already running on this node, which is the most; the kubelet will try again. If it stays so, " +
        "look for mounts that hang in the log of the provider's pod on this node",
    });
    leave();
    admission.enter("c", 1);
    expect(admission.mounts).to.equal(2);
  });

  it("keeps places for the other namespaces", () => {
    const admission = new Admission(limits({ maxMountsPerNamespace: 2 }));
    const leave = admission.enter("greedy", 1);
    admission.enter("greedy", 1);
    expect(errorOf(() => admission.enter("greedy", 1)).message).to.match(
      /^2 mounts of namespace "greedy" are already/,
    );
    admission.enter("other", 1);
    leave();
    admission.enter("greedy", 1);
    expect(errorOf(() => admission.enter("greedy", 1)).code).to.equal("PROVIDER_OVERLOADED");
  });

  for (const [bytes, isLetIn] of [
    [39, true],
    [40, true],
    [41, false],
  ] as const) {
    it(`${isLetIn ? "takes" : "refuses"} ${bytes} bytes where 40 of 100 are left`, () => {
      const admission = new Admission(limits({ maxRequestBytes: 100 }));
      admission.enter("a", 60);
      const outcome = errorOf(() => admission.enter("a", bytes));
      expect(outcome.message).to.match(
        isLetIn ? /^nothing was thrown$/ : /^the requests of the 1 mounts .* 60 bytes/,
      );
    });
  }

  it("keeps room for the requests of the other namespaces", () => {
    const admission = new Admission(limits({ maxRequestBytes: 100, maxRequestBytesPerNamespace: 50 }));
    const leave = admission.enter("greedy", 50);
    expect(errorOf(() => admission.enter("greedy", 1))).to.include({
      code: "PROVIDER_OVERLOADED",
      message:
        'the requests of the 1 mounts of namespace "greedy" that are running on this node fill 50 bytes, which is the ' +
        "most; the kubelet will try again. If it stays so, look for mounts that hang in the log of the provider's pod on this node",
    });
    admission.enter("other", 50);
    leave();
    admission.enter("greedy", 50);
  });

  it("counts a mount out once, however often it leaves, and a refused one not at all", () => {
    const admission = new Admission(limits({ maxMounts: 2, maxMountsPerNamespace: 1, maxRequestBytes: 10 }));
    const leave = admission.enter("a", 10);
    errorOf(() => admission.enter("a", 0));
    errorOf(() => admission.enter("b", 1));
    leave();
    leave();
    expect(admission.mounts).to.equal(0);
    admission.enter("__proto__", 10);
    expect(admission.mounts).to.equal(1);
  });
});
