import { expect } from "chai";
import { EventEmitter } from "node:events";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { signalOf, type CallSignal } from "../../../src/rpc/call-signal.js";

class FakeCall extends EventEmitter {
  cancelled = false;
  readonly #deadline: number | Date;

  constructor(deadline: number | Date) {
    super();
    this.#deadline = deadline;
  }

  getDeadline(): number | Date {
    return this.#deadline;
  }

  cancel(): void {
    this.cancelled = true;
    this.emit("cancelled");
  }
}

describe("rpc/call-signal signalOf", () => {
  const open: CallSignal[] = [];
  afterEach(() => {
    for (const call of open.splice(0)) call.dispose();
  });

  function watch(call: FakeCall, clock?: () => number): CallSignal {
    const ending = signalOf(call, clock);
    open.push(ending);
    return ending;
  }

  function reasonOf({ signal }: CallSignal): ProviderError {
    return signal.reason as ProviderError;
  }

  it("aborts when the driver cancels", () => {
    const call = new FakeCall(Infinity);
    const ending = watch(call);
    expect(ending.signal.aborted).to.equal(false);
    call.cancel();
    expect(reasonOf(ending)).to.include({
      code: "CALL_CANCELLED",
      message: "the driver cancelled the call before it was answered",
    });
  });

  it("is aborted from the start for a call that was cancelled already", () => {
    const call = new FakeCall(Infinity);
    call.cancelled = true;
    expect(reasonOf(watch(call)).code).to.equal("CALL_CANCELLED");
  });

  it("takes a cancellation at the deadline for the deadline", () => {
    let nowMs = 1000;
    const call = new FakeCall(new Date(121_000));
    const ending = watch(call, () => nowMs);
    nowMs = 121_000;
    call.cancel();
    expect(reasonOf(ending)).to.include({
      code: "CALL_DEADLINE_EXCEEDED",
      message:
        "the mount did not end within the 120.0 s that the driver gave it; Key Vault or Entra ID answers slowly or " +
        "cannot be reached from this node: check its network, DNS, proxy and firewall",
    });
  });

  it("aborts a tenth of the time before the deadline", async () => {
    const startedAtMs = Date.now();
    const ending = watch(new FakeCall(startedAtMs + 200));
    await new Promise((resolve) => {
      ending.signal.addEventListener("abort", resolve);
    });
    expect(reasonOf(ending).code).to.equal("CALL_DEADLINE_EXCEEDED");
    expect(Date.now() - startedAtMs).to.be.within(170, 199);
  });

  it("aborts at once when the deadline has passed", async () => {
    const ending = watch(new FakeCall(Date.now() - 5000));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reasonOf(ending).message).to.match(/within the 0\.0 s/);
  });

  for (const deadline of [Infinity, NaN, Date.now() + 1e13]) {
    it(`sets no timer for a deadline of ${String(deadline)}`, async () => {
      const ending = watch(new FakeCall(deadline));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(ending.signal.aborted).to.equal(false);
    });
  }

  it("keeps the first reason", () => {
    const call = new FakeCall(Infinity);
    const ending = watch(call);
    ending.abort(new ProviderError("SHUTTING_DOWN", "stop"));
    call.cancel();
    expect(reasonOf(ending).code).to.equal("SHUTTING_DOWN");
  });

  it("does not abort when the library closes the stream of an answered call", () => {
    const call = new FakeCall(Infinity);
    const ending = watch(call);
    ending.dispose();
    call.cancel();
    expect(ending.signal.aborted).to.equal(false);
  });
});
