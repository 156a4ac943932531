import { expect } from "chai";
import { getEventListeners } from "node:events";
import { abortError, throwIfAborted, untilAborted } from "../../../src/errors/abort.js";
import { ProviderError } from "../../../src/errors/provider-error.js";

const OWN = new ProviderError("SHUTTING_DOWN", "the provider is being stopped");

describe("errors/abort abortError", () => {
  const cases = [
    { name: "an error of ours", reason: OWN, code: "SHUTTING_DOWN" },
    {
      name: "a time limit",
      reason: new DOMException("late", "TimeoutError"),
      code: "CALL_DEADLINE_EXCEEDED",
    },
    { name: "no reason of its own", reason: undefined, code: "CALL_CANCELLED" },
    { name: "a text", reason: "s3cret", code: "CALL_CANCELLED" },
  ] as const;
  for (const { name, reason, code } of cases) {
    it(`makes ${code} of ${name}`, () => {
      const error = abortError(AbortSignal.abort(reason));
      expect(error.code).to.equal(code);
      expect(error.message).not.to.include("s3cret");
    });
  }

  it("gives an error of ours as it is", () => {
    expect(abortError(AbortSignal.abort(OWN))).to.equal(OWN);
  });
});

describe("errors/abort throwIfAborted", () => {
  it("throws the reason of a signal that has aborted, and of no other", () => {
    throwIfAborted(new AbortController().signal);
    expect(() => {
      throwIfAborted(AbortSignal.abort(OWN));
    }).to.throw(OWN.message);
  });
});

describe("errors/abort untilAborted", () => {
  it("gives the work's result, or its error, and leaves no listener", async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(signal, () => Promise.resolve(1))).to.equal(1);
    const failed = untilAborted(signal, () => Promise.reject(OWN));
    expect(await failed.catch((error: unknown) => error)).to.equal(OWN);
    await new Promise((resolve) => setImmediate(resolve));
    expect(getEventListeners(signal, "abort")).to.have.length(0);
  });

  it("ends at once when the signal aborts, though the work goes on", async () => {
    const caller = new AbortController();
    const waiting = untilAborted(caller.signal, () => new Promise<never>(() => undefined));
    caller.abort(OWN);
    expect(await waiting.catch((error: unknown) => error)).to.equal(OWN);
  });

  it("begins nothing for a signal that has aborted before", async () => {
    let hasBegun = false;
    const work = (): Promise<void> => {
      hasBegun = true;
      return Promise.resolve();
    };
    const given = await untilAborted(AbortSignal.abort(OWN), work).catch((error: unknown) => error);
    expect(given).to.equal(OWN);
    expect(hasBegun).to.equal(false);
  });
});
