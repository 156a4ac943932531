import { expect } from "chai";
import { describeUnexpected } from "../../../src/telemetry/describe-unexpected.js";

class VaultParserError extends Error {}

describe("telemetry/describe-unexpected describeUnexpected", () => {
  it("tells the class and the frames, innermost first", () => {
    function fail(): never {
      throw new VaultParserError("s3cret");
    }
    const description = catchFrom(fail);
    expect(description.errorClass).to.equal("VaultParserError");
    expect(description.frames).to.match(/^fail \(.*describe-unexpected\.test\.ts:\d+:\d+\) < catchFrom \(/);
    expect(description.frames.split(" < ")).to.have.length.within(2, 8);
  });

  const leaks = [
    { name: "the message of JSON.parse", throwIt: () => JSON.parse('{"password":"s3cret"x}') as unknown },
    { name: "a message of many lines", throwIt: () => fail(new Error("a\ns3cret\n    at s3cret")) },
    {
      name: "a message that looks like frames",
      throwIt: () => fail(new Error("m\n    at s3cret (file:///s3cret.js:1:2)\n    at node:s3cret:1:1")),
    },
    {
      name: "a message changed afterwards",
      throwIt: () => fail(Object.assign(new Error("s3cret"), { message: "x" })),
    },
    { name: "a cause", throwIt: () => fail(new Error("m", { cause: new Error("s3cret") })) },
    { name: "a string", throwIt: () => fail("s3cret") },
    { name: "an object", throwIt: () => fail({ password: "s3cret", toString: () => "s3cret" }) },
    {
      name: "a class named by someone else",
      throwIt: () => {
        const error = new Error("m");
        Object.defineProperty(error, "constructor", { value: { name: "s3cret s3cret" } });
        return fail(error);
      },
    },
    {
      name: "a stack set by someone else",
      throwIt: () => fail(Object.assign(new Error("m"), { stack: "Error: m\n  s3cret" })),
    },
  ];
  for (const { name, throwIt } of leaks) {
    it(`does not show ${name}`, () => {
      expect(JSON.stringify(catchFrom(throwIt))).to.not.contain("s3cret");
    });
  }

  const thrown = [
    { name: "undefined", value: undefined, expected: { errorClass: "undefined", frames: "" } },
    { name: "null", value: null, expected: { errorClass: "object", frames: "" } },
    {
      name: "an error whose stack throws",
      value: hostileError(),
      expected: { errorClass: "unreadable", frames: "" },
    },
    {
      name: "an error without a stack",
      value: withoutStack(),
      expected: { errorClass: "Error", frames: "" },
    },
  ];
  for (const { name, value, expected } of thrown) {
    it(`describes ${name}`, () => {
      expect(describeUnexpected(value)).to.deep.equal(expected);
    });
  }

  it("is quick with a message of ten million characters", () => {
    const error = new Error("\n    at x (file:///a:1:1".repeat(500_000));
    const startedAt = performance.now();
    describeUnexpected(error);
    expect(performance.now() - startedAt).to.be.below(500);
  });
});

function catchFrom(throwIt: () => unknown): ReturnType<typeof describeUnexpected> {
  try {
    throwIt();
  } catch (error) {
    return describeUnexpected(error);
  }
  throw new Error("nothing was thrown");
}

function fail(value: unknown): never {
  throw value;
}

function hostileError(): Error {
  const error = new Error("m");
  Object.defineProperty(error, "stack", {
    get: () => {
      throw new Error("s3cret");
    },
  });
  return error;
}

function withoutStack(): Error {
  const error = new Error("m");
  delete error.stack;
  return error;
}
