import { expect } from "chai";
import { Sensitive } from "../../../src/model/sensitive.js";
import { findToken, MAX_TOKENS_LENGTH } from "../../../src/parameters/service-account-tokens.js";

const AUDIENCE = "api://AzureADTokenExchange";

/** The token, or what is wrong. */
function find(text: string, audience = AUDIENCE): string {
  const found = findToken(new Sensitive(text), audience);
  return "token" in found ? found.token.reveal() : `problem: ${found.problem}`;
}

const NOT_FOUND = `problem: token for audience ${AUDIENCE} not found`;
const NO_TOKEN = `problem: token for audience ${AUDIENCE} is not a token`;
const NO_JSON = "problem: service account tokens are not valid JSON";

describe("parameters/service-account-tokens findToken", () => {
  const withToken = (token: unknown): string =>
    JSON.stringify({ [AUDIENCE]: { token, expirationTimestamp: "x" } });
  const cases: readonly { name: string; text: string; expected: string }[] = [
    { name: "the token", text: withToken("a.b-c_d"), expected: "a.b-c_d" },
    { name: "the one of its audience", text: JSON.stringify({ other: { token: "hush" }, [AUDIENCE]: { token: "x" } }), expected: "x" },
    { name: "no tokens", text: "", expected: "problem: service account tokens not found" },
    { name: "an empty object", text: "{}", expected: NOT_FOUND },
    { name: "null", text: "null", expected: NOT_FOUND },
    { name: "a list", text: '["hush"]', expected: NOT_FOUND },
    { name: "another audience", text: '{"hush":{"token":"hush"}}', expected: NOT_FOUND },
    { name: "an audience in another case", text: '{"API://azureadtokenexchange":{"token":"hush"}}', expected: NOT_FOUND },
    { name: "a text in place of the entry", text: JSON.stringify({ [AUDIENCE]: "hush" }), expected: NOT_FOUND },
    { name: "null in place of the entry", text: JSON.stringify({ [AUDIENCE]: null }), expected: NOT_FOUND },
    { name: "no token in the entry", text: JSON.stringify({ [AUDIENCE]: { Token: "hush" } }), expected: NOT_FOUND },
    { name: "an empty token", text: withToken(""), expected: NOT_FOUND },
    { name: "a number as a token", text: withToken(5), expected: NOT_FOUND },
    { name: "a list as a token", text: withToken(["hush"]), expected: NOT_FOUND },
    { name: "a token with a line break", text: withToken("hush\r\nX: y"), expected: NO_TOKEN },
    { name: "a token with a blank", text: withToken("hush hush"), expected: NO_TOKEN },
    { name: "a token of other letters", text: withToken("hush\u00e9"), expected: NO_TOKEN },
    { name: "no JSON", text: '{"hush', expected: NO_JSON },
    { name: "deep nesting", text: "[".repeat(10_000), expected: NO_JSON },
  ]; // prettier-ignore
  for (const { name, text, expected } of cases) {
    it(`finds ${name}, and quotes no token`, () => {
      expect(find(text)).to.equal(expected);
      expect(expected).not.to.include("hush");
    });
  }

  for (const audience of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    it(`knows ${audience} as an audience only where it is one`, () => {
      expect(find("{}", audience)).to.equal(`problem: token for audience ${audience} not found`);
      expect(find(`{"${audience}":{"token":"x"}}`, audience)).to.equal("x");
      expect(find(`{"__proto__":{"${AUDIENCE}":{"token":"x"}}}`)).to.equal(NOT_FOUND);
    });
  }

  it(`reads ${MAX_TOKENS_LENGTH} characters, and not one more`, () => {
    const text = withToken("x".repeat(2000));
    expect(find(text.padEnd(MAX_TOKENS_LENGTH - 1))).to.have.length(2000);
    expect(find(text.padEnd(MAX_TOKENS_LENGTH))).to.have.length(2000);
    expect(find(text.padEnd(MAX_TOKENS_LENGTH + 1))).to.equal("problem: service account tokens are too long");
  });
});
