import { expect } from "chai";
import fc from "fast-check";
import { decodeBase64 } from "../../../src/content/base64.js";
import { decodeText } from "../../../src/content/encoding.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import type { ObjectEncoding } from "../../../src/model/key-vault-object.js";

const decode = (text: string, encoding: ObjectEncoding) =>
  Buffer.from(decodeText(text, encoding)).toString("hex");

function failure(text: string, encoding: ObjectEncoding): ProviderError {
  try {
    decodeText(text, encoding);
  } catch (error) {
    expect(error).to.be.instanceOf(ProviderError);
    return error as ProviderError;
  }
  throw new Error("decoded");
}

/** What Go 1.26's encoding/base64 (StdEncoding) and encoding/hex answer; `undefined` where they answer an error. */
const BASE64_AS_GO: readonly (readonly [string, string | undefined])[] = [
  ["", ""],
  ["YQ==", "61"],
  ["YWI=", "6162"],
  ["YWJj", "616263"],
  ["+/+/", "fbffbf"],
  ["YQ=\n=", "61"],
  ["YQ==\n", "61"],
  ["\r\nYW\nJj\r\n", "616263"],
  ["YR==", "61"], // bits behind the last byte
  ["YWJ=", "6162"],
  ["\n", ""],
  ["YQ", undefined],
  ["YQ=", undefined],
  ["Y===", undefined],
  ["Y", undefined],
  ["====", undefined],
  ["=", undefined],
  ["YQ===", undefined],
  ["YWJj=", undefined],
  ["YWJj====", undefined],
  ["YQ==YQ==", undefined],
  ["Y=Q=", undefined],
  ["YQ= =", undefined],
  ["YWJj ", undefined],
  [" YWJj", undefined],
  ["YW\tJj", undefined],
  ["-_-_", undefined],
  ["YWJ\u00e9", undefined],
  ["YWJ\u0141", undefined],
  ["YWJ\0", undefined],
];
const HEX_AS_GO: readonly (readonly [string, string | undefined])[] = [
  ["", ""],
  ["00ff", "00ff"],
  ["DEADbeef", "deadbeef"],
  ["0", undefined],
  ["abc", undefined],
  ["0x00", undefined],
  ["zz", undefined],
  ["00 11", undefined],
  ["00\n", undefined],
  ["\uff11\uff12", undefined],
];

describe("content/encoding decodeText", () => {
  for (const [encoding, cases] of [
    ["base64", BASE64_AS_GO],
    ["hex", HEX_AS_GO],
  ] as const) {
    for (const [text, expected] of cases) {
      it(`${expected === undefined ? "refuses" : "reads"} ${JSON.stringify(text)} as ${encoding}`, () => {
        if (expected !== undefined) expect(decode(text, encoding)).to.equal(expected);
        else expect(failure(text, encoding).code).to.equal("CONTENT_ENCODING_INVALID");
      });
    }
  }

  it("gives utf-8 text as it is, whatever it holds", () => {
    expect(decode(" é\r\n\0💡", "utf-8")).to.equal("20c3a90d0a00f09f92a1");
    expect(decode("\ud800", "utf-8")).to.equal("efbfbd"); // half a pair, as Go writes it
  });

  it("takes back whatever bytes were encoded", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const buffer = Buffer.from(bytes);
        expect(decode(buffer.toString("base64"), "base64")).to.equal(buffer.toString("hex"));
        expect(decode(buffer.toString("hex"), "hex")).to.equal(buffer.toString("hex"));
      }),
    );
  });

  it("says what is wrong and what to change, and never quotes the value", () => {
    const remedy = "; store it in the vault that way, or change objectEncoding in parameters.objects";
    for (const [text, encoding, seen] of [
      [
        "hush!",
        "base64",
        "the value is not base64: it holds characters outside the standard alphabet (A-Z a-z 0-9 + /)",
      ],
      [
        "hush2",
        "base64",
        "the value is not base64: its length is not a multiple of four; the padding may be missing",
      ],
      ["hush", "hex", "the value is not hex: it holds characters other than 0-9, a-f and A-F"],
      ["abc", "hex", "the value is not hex: it has an odd number of digits"],
    ] as const) {
      const { message, cause } = failure(text, encoding);
      expect(message).to.equal(seen + remedy);
      expect(cause).to.equal(undefined);
    }
  });

  it("takes time in proportion to the text", () => {
    const started = performance.now();
    const long = "A".repeat(4 * 1024 * 1024);
    expect(decodeText(long, "base64")).to.have.length(3 * 1024 * 1024);
    expect(decodeText(long, "hex")).to.have.length(2 * 1024 * 1024);
    failure(`${long}=A==`, "base64");
    failure("=".repeat(4 * 1024 * 1024), "base64");
    failure(`${long}z`, "hex");
    decodeText("\n".repeat(4 * 1024 * 1024), "base64");
    expect(performance.now() - started).to.be.below(2000);
  });
});

describe("content/base64 decodeBase64", () => {
  it("tells a wrong character from missing padding", () => {
    expect(decodeBase64("YW-_")).to.equal("alphabet");
    expect(decodeBase64("YWI")).to.equal("padding");
  });
});
