import { expect } from "chai";
import { CollectedErrors, ProviderError } from "../../../src/errors/provider-error.js";
import { collect } from "../../../src/mount/collect.js";

const describeFailures = (failed: number, all: number): string => `${failed} of ${all} failed`;
const never = new AbortController().signal;

function failing(error: unknown, afterTicks = 0): (signal: AbortSignal) => Promise<string> {
  return async () => {
    for (let i = 0; i < afterTicks; i++) await Promise.resolve();
    throw error;
  };
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("mount/collect collect", () => {
  const options = { signal: never, isFatal: () => false, describe: describeFailures };

  it("answers in the order of the tasks, not of their ends", async () => {
    const slow = async (): Promise<string> => {
      await new Promise((resolve) => setImmediate(resolve));
      return "a";
    };
    expect(await collect([slow, () => Promise.resolve("b")], options)).to.deep.equal(["a", "b"]);
  });

  it("answers an empty list for no tasks", async () => {
    expect(await collect([], options)).to.deep.equal([]);
  });

  it("reports every failure in the order of the tasks", async () => {
    const first = new ProviderError("VAULT_FORBIDDEN", "first");
    const second = new ProviderError("VAULT_OBJECT_NOT_FOUND", "second");
    const error = await caught(
      collect([failing(first, 5), () => Promise.resolve("x"), failing(second)], options),
    );
    expect(error).to.be.instanceOf(CollectedErrors);
    expect((error as CollectedErrors).code).to.equal("VAULT_FORBIDDEN");
    expect((error as CollectedErrors).errors).to.deep.equal([first, second]);
    expect((error as CollectedErrors).message).to.equal("2 of 3 failed: (1) first; (2) second");
  });

  it("leaves the headline out when one failed", async () => {
    const error = await caught(collect([failing(new ProviderError("INTERNAL", "alone"))], options));
    expect((error as CollectedErrors).message).to.equal("alone");
  });

  it("aborts the others at a fatal failure and throws that one", async () => {
    const fatal = new ProviderError("SIGN_IN_REJECTED", "no");
    let aborted = false;
    const waiting = (signal: AbortSignal): Promise<string> =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          aborted = true;
          reject(signal.reason as Error);
        });
      });
    const error = await caught(
      collect([waiting, failing(fatal)], { ...options, isFatal: (e) => e === fatal }),
    );
    expect(error).to.equal(fatal);
    expect(aborted).to.equal(true);
  });

  it("throws the caller's reason when the caller gave up, whatever failed meanwhile", async () => {
    const caller = new AbortController();
    const reason = new ProviderError("CALL_CANCELLED", "gone");
    const task = (): Promise<string> => {
      caller.abort(reason);
      return Promise.reject(new ProviderError("VAULT_UNREACHABLE", "aborted"));
    };
    expect(await caught(collect([task], { ...options, signal: caller.signal }))).to.equal(reason);
  });

  it("does not dress up a failure that is none of ours", async () => {
    const bug = new TypeError("bug");
    expect(await caught(collect([failing(bug)], options))).to.equal(bug);
  });
});
