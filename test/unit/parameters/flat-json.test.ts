import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { decodeFlatJson } from "../../../src/parameters/flat-json.js";
import { thrownBy } from "./support.js";

const LIMITS = { maxLength: 1000, maxKeys: 3 };
const decode = (text: string): [string, string][] => [...decodeFlatJson("attributes", text, LIMITS)];

describe("parameters/flat-json decodeFlatJson", () => {
  const good: readonly { name: string; text: string; expected: [string, string][] }[] = [
    { name: "an empty object", text: "{}", expected: [] },
    { name: "null, as Go reads it", text: "null", expected: [] },
    { name: "texts", text: '{"a":"1", "b" : "x y"}', expected: [["a", "1"], ["b", "x y"]] }, // prettier-ignore
    { name: "a value of null as empty", text: '{"a":null}', expected: [["a", ""]] },
    { name: "the last of a repeated key", text: '{"a":"1","a":"2"}', expected: [["a", "2"]] },
    { name: "__proto__ as data", text: '{"__proto__":"x"}', expected: [["__proto__", "x"]] },
    { name: "brackets and quotes inside of texts", text: '{"a":"[{\\"","b":"}]"}', expected: [["a", '[{"'], ["b", "}]"]] }, // prettier-ignore
    { name: "half a surrogate pair as U+FFFD", text: '{"a":"\\ud800x"}', expected: [["a", "\ufffdx"]] },
    { name: "a pair as it is", text: '{"a":"\\ud83d\\ude00"}', expected: [["a", "😀"]] },
    { name: "as many keys as allowed", text: '{"a":"","b":"","c":""}', expected: [["a", ""], ["b", ""], ["c", ""]] }, // prettier-ignore
  ];
  for (const { name, text, expected } of good) {
    it(`reads ${name}`, () => {
      expect(decode(text)).to.deep.equal(expected);
    });
  }

  const PREFIX = "failed to unmarshal attributes of the request: ";
  const bad: readonly { name: string; text: string; code: string; message: string }[] = [
    { name: "no text", text: "", code: "REQUEST_MALFORMED", message: `${PREFIX}it is not valid JSON` },
    { name: "an open object", text: '{"hush":"hush"', code: "REQUEST_MALFORMED", message: `${PREFIX}it is not valid JSON` }, // prettier-ignore
    { name: "an open text", text: '{"hush":"hush', code: "REQUEST_MALFORMED", message: `${PREFIX}it is not valid JSON` }, // prettier-ignore
    { name: "more behind it", text: "{} {}", code: "REQUEST_MALFORMED", message: `${PREFIX}it is nested; it must be one JSON object of texts` }, // prettier-ignore
    {
      name: "a list",
      text: '["hush"]',
      code: "REQUEST_MALFORMED",
      message: `${PREFIX}it is not a JSON object`,
    },
    {
      name: "a mere text",
      text: '"hush"',
      code: "REQUEST_MALFORMED",
      message: `${PREFIX}it is not a JSON object`,
    },
    { name: "a number", text: "5", code: "REQUEST_MALFORMED", message: `${PREFIX}it is not a JSON object` },
    { name: "a number as a value", text: '{"a":5}', code: "REQUEST_MALFORMED", message: `${PREFIX}the value of "a" is not a text; parameters are texts, so put it in quotes` }, // prettier-ignore
    { name: "a boolean as a value", text: '{"a":true}', code: "REQUEST_MALFORMED", message: `${PREFIX}the value of "a" is not a text; parameters are texts, so put it in quotes` }, // prettier-ignore
    { name: "nesting", text: '{"a":{"b":"c"}}', code: "REQUEST_MALFORMED", message: `${PREFIX}it is nested; it must be one JSON object of texts` }, // prettier-ignore
    { name: "deep nesting", text: "[".repeat(1000), code: "REQUEST_MALFORMED", message: `${PREFIX}it is nested; it must be one JSON object of texts` }, // prettier-ignore
    { name: "one key too many", text: '{"a":"","b":"","c":"","d":""}', code: "REQUEST_TOO_LARGE", message: "attributes of the request have more than 3 keys" }, // prettier-ignore
    { name: "a text too long", text: `{"a":"${"x".repeat(993)}"}`, code: "REQUEST_TOO_LARGE", message: "attributes of the request are 1001 characters long; at most 1000 are read" }, // prettier-ignore
  ];
  for (const { name, text, code, message } of bad) {
    it(`refuses ${name}, without quoting it`, () => {
      const error = thrownBy(() => decode(text));
      expect(error).to.be.instanceOf(ProviderError);
      expect(error.code).to.equal(code);
      expect(error.message).to.equal(message);
      expect(`${error.message}${String(error.cause)}`).not.to.include("hush");
    });
  }

  it("takes a text of exactly the longest length", () => {
    expect(decode(`{"a":"${"x".repeat(992)}"}`)[0]?.[1]).to.have.length(992);
  });
});
