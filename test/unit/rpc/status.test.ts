import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import { ERROR_CODES, type ErrorCode } from "../../../src/errors/codes.js";
import { CollectedErrors, ProviderError } from "../../../src/errors/provider-error.js";
import {
  boundDetails,
  goStatusName,
  MAX_DETAILS_BYTES,
  MOUNT_FAILURE_PREFIX,
  toFailure,
} from "../../../src/rpc/status.js";

const context = { requestId: "r-1", prefix: MOUNT_FAILURE_PREFIX };

describe("rpc/status toFailure", () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    it(`answers ${code} with the status of its code and its own words`, () => {
      expect(toFailure(new ProviderError(code, "what and why"), context)).to.deep.equal({
        code,
        status: ERROR_CODES[code].status,
        details: "failed to mount objects, error: what and why",
        isUnexpected: false,
      });
      expect(status[ERROR_CODES[code].status]).to.be.a("number");
    });
  }

  it("answers several errors with all their words and the first one's status", () => {
    const errors = new CollectedErrors("2 of 3 objects failed", [
      new ProviderError("VAULT_FORBIDDEN", "a"),
      new ProviderError("VAULT_OBJECT_NOT_FOUND", "b"),
    ]);
    expect(toFailure(errors, context)).to.include({
      status: "PERMISSION_DENIED",
      details: "failed to mount objects, error: 2 of 3 objects failed: (1) a; (2) b",
    });
  });

  const unexpected = [
    { name: "an Error", error: new Error("s3cret") },
    { name: "JSON's own error", error: syntaxError() },
    { name: "an error with a code", error: Object.assign(new Error("s3cret"), { code: "VAULT_FORBIDDEN" }) },
    { name: "an AbortError although nothing was aborted", error: new DOMException("s3cret", "AbortError") },
    { name: "a string", error: "s3cret" },
    { name: "nothing", error: undefined },
    {
      name: "an object made to look like ours",
      error: { name: "ProviderError", code: "INTERNAL", message: "s3cret" },
    },
  ];
  for (const { name, error } of unexpected) {
    it(`answers ${name} with INTERNAL and the request's id, never with its words`, () => {
      expect(toFailure(error, context)).to.deep.equal({
        code: "INTERNAL",
        status: "INTERNAL",
        details:
          "failed to mount objects, error: internal error, request r-1: this is a bug of the provider; look for the " +
          "request in the log of the provider's pod on this node and report the lines",
        isUnexpected: true,
      });
    });
  }

  it("answers whatever an aborted call's parts threw with the reason of its signal", () => {
    const signal = AbortSignal.abort(new ProviderError("CALL_DEADLINE_EXCEEDED", "too slow"));
    for (const error of [new DOMException("s3cret", "AbortError"), new Error("socket hang up"), undefined]) {
      expect(toFailure(error, { ...context, signal })).to.deep.equal({
        code: "CALL_DEADLINE_EXCEEDED",
        status: "INTERNAL",
        details: "failed to mount objects, error: too slow",
        isUnexpected: false,
      });
    }
  });

  it("keeps an error of ours that came before the abort", () => {
    const signal = AbortSignal.abort(new ProviderError("CALL_CANCELLED", "gone"));
    expect(toFailure(new ProviderError("VAULT_FORBIDDEN", "no"), { ...context, signal }).code).to.equal(
      "VAULT_FORBIDDEN",
    );
  });

  it("takes an abort without a reason of ours for a cancellation", () => {
    expect(toFailure(new Error("x"), { ...context, signal: AbortSignal.abort("s3cret") })).to.include({
      code: "CALL_CANCELLED",
      details: "failed to mount objects, error: the call was cancelled",
    });
  });
});

describe("rpc/status boundDetails", () => {
  for (const [length, isCut] of [
    [MAX_DETAILS_BYTES - 1, false],
    [MAX_DETAILS_BYTES, false],
    [MAX_DETAILS_BYTES + 1, true],
    [10_000_000, true],
  ] as const) {
    it(`${isCut ? "cuts" : "keeps"} a text of ${length} bytes`, () => {
      const details = boundDetails("x".repeat(length));
      expect(Buffer.byteLength(details)).to.equal(Math.min(length, MAX_DETAILS_BYTES));
      expect(details.endsWith("… (shortened)")).to.equal(isCut);
    });
  }

  for (const character of ["ü", "密", "😀"]) {
    it(`cuts a text of ${character} between two characters, counting bytes`, () => {
      for (const padding of ["", "x", "xx", "xxx"]) {
        const details = boundDetails(padding + character.repeat(MAX_DETAILS_BYTES));
        expect(Buffer.byteLength(details)).to.be.within(MAX_DETAILS_BYTES - 3, MAX_DETAILS_BYTES);
        expect(details).to.match(new RegExp(`^${padding}(?:${character})+… \\(shortened\\)$`, "u"));
      }
    });
  }

  it("cuts a text that has few characters but too many bytes", () => {
    expect(boundDetails("密".repeat(MAX_DETAILS_BYTES / 3))).to.have.length(1365);
    expect(boundDetails("密".repeat(MAX_DETAILS_BYTES / 3 + 1))).to.match(/\(shortened\)$/);
  });

  it("makes one line of many and leaves no character that the library throws on", () => {
    const details = boundDetails("a\r\nb\u0000\u0085\u2028c \ud800 d\udc00");
    expect(details).to.equal("a b c \ufffd d\ufffd");
    expect(() => encodeURI(details)).to.not.throw();
  });

  it("leaves no half character where the text is cut before it is looked at", () => {
    const details = boundDetails("x".repeat(MAX_DETAILS_BYTES) + "😀");
    expect(() => encodeURI(details)).to.not.throw();
  });
});

describe("rpc/status goStatusName", () => {
  const cases = [
    ["OK", "OK"],
    ["CANCELLED", "Canceled"],
    ["INVALID_ARGUMENT", "InvalidArgument"],
    ["NOT_FOUND", "NotFound"],
    ["PERMISSION_DENIED", "PermissionDenied"],
    ["INTERNAL", "Internal"],
    ["UNAUTHENTICATED", "Unauthenticated"],
  ] as const;
  for (const [name, expected] of cases) {
    it(`spells ${name} as Go does`, () => {
      expect(goStatusName(name)).to.equal(expected);
    });
  }
});

function syntaxError(): unknown {
  try {
    return JSON.parse('{"a": s3cret');
  } catch (error) {
    return error;
  }
}
