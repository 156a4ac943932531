import { expect } from "chai";
import fc from "fast-check";
import { readTokenAnswer } from "../../../src/identity/credentials/token-answer.js";

const NOW_MS = 1_800_000_000_000;
const IN_AN_HOUR = NOW_MS / 1_000 + 3_600;
const DAY_MS = 86_400_000;

describe("identity/credentials/token-answer readTokenAnswer", () => {
  const good: { name: string; body: Record<string, unknown>; expiresOnTimestamp: number }[] = [
    {
      name: "texts, as IMDS writes them",
      body: { expires_on: String(IN_AN_HOUR), expires_in: "3599" },
      expiresOnTimestamp: IN_AN_HOUR * 1_000,
    },
    {
      name: "numbers, as NMI writes them",
      body: { expires_on: IN_AN_HOUR, expires_in: 1 },
      expiresOnTimestamp: IN_AN_HOUR * 1_000,
    },
    { name: "expires_in alone", body: { expires_in: "60" }, expiresOnTimestamp: NOW_MS + 60_000 },
    {
      name: "an expires_on that is a date",
      body: { expires_on: "1/1/2030 1:02:03 PM", expires_in: "60" },
      expiresOnTimestamp: NOW_MS + 60_000,
    },
    {
      name: "an expires_on of zero, as Go writes nothing",
      body: { expires_on: 0, expires_in: 60 },
      expiresOnTimestamp: NOW_MS + 60_000,
    },
    { name: "fractions of a second", body: { expires_in: "60.9" }, expiresOnTimestamp: NOW_MS + 60_000 },
    { name: "a lifetime of a day", body: { expires_in: 86_400 }, expiresOnTimestamp: NOW_MS + DAY_MS },
    {
      name: "a lifetime beyond a day, cut",
      body: { expires_in: 86_401 },
      expiresOnTimestamp: NOW_MS + DAY_MS,
    },
    {
      name: "a lifetime beyond all dates, cut",
      body: { expires_in: 1e300 },
      expiresOnTimestamp: NOW_MS + DAY_MS,
    },
    {
      name: "a type in lower case",
      body: { expires_in: 60, token_type: "bearer" },
      expiresOnTimestamp: NOW_MS + 60_000,
    },
    { name: "an empty type", body: { expires_in: 60, token_type: "" }, expiresOnTimestamp: NOW_MS + 60_000 },
  ];
  for (const { name, body, expiresOnTimestamp } of good) {
    it(`reads ${name}`, () => {
      expect(readTokenAnswer({ access_token: "a.b.c", ...body }, NOW_MS)).to.deep.equal({
        ok: true,
        token: { token: "a.b.c", expiresOnTimestamp },
      });
    });
  }

  const bad: { name: string; body: unknown; problem: string }[] = [
    { name: "nothing", body: undefined, problem: "has no access_token" },
    { name: "null", body: null, problem: "has no access_token" },
    { name: "a text", body: "a.b.c", problem: "has no access_token" },
    { name: "a list", body: [{ access_token: "a" }], problem: "has no access_token" },
    {
      name: "an inherited token",
      body: JSON.parse('{"__proto__":{"access_token":"a","expires_in":9}}'),
      problem: "has no access_token",
    },
    { name: "an empty token", body: { access_token: "", expires_in: 60 }, problem: "has no access_token" },
    {
      name: "a token that is a number",
      body: { access_token: 7, expires_in: 60 },
      problem: "has an access_token that is none",
    },
    {
      name: "a token of two lines",
      body: { access_token: "a\r\nX-Evil: b", expires_in: 60 },
      problem: "has an access_token that is none",
    },
    {
      name: "a token with an umlaut",
      body: { access_token: "ä", expires_in: 60 },
      problem: "has an access_token that is none",
    },
    {
      name: "a token beyond 32 KiB",
      body: { access_token: "a".repeat(32_769), expires_in: 60 },
      problem: "has an access_token that is none",
    },
    {
      name: "another type of token",
      body: { access_token: "a", expires_in: 60, token_type: "pop" },
      problem: "has a token of another type than Bearer",
    },
    {
      name: "a type that is an object",
      body: { access_token: "a", expires_in: 60, token_type: {} },
      problem: "has a token of another type than Bearer",
    },
    { name: "no expiry", body: { access_token: "a" }, problem: "does not say when its token expires" },
    {
      name: "an expiry that is no number",
      body: { access_token: "a", expires_on: "soon", expires_in: {} },
      problem: "does not say when its token expires",
    },
    {
      name: "a negative lifetime",
      body: { access_token: "a", expires_in: -5 },
      problem: "does not say when its token expires",
    },
    {
      name: "an infinite lifetime",
      body: { access_token: "a", expires_in: Infinity },
      problem: "does not say when its token expires",
    },
    {
      name: "an expired token",
      body: { access_token: "a", expires_on: NOW_MS / 1_000 },
      problem: "has a token that has expired already (check the node's clock)",
    },
  ];
  for (const { name, body, problem } of bad) {
    it(`refuses ${name}`, () => {
      expect(readTokenAnswer(body, NOW_MS)).to.deep.equal({ ok: false, problem });
    });
  }

  it("takes a token of 32 KiB", () => {
    expect(readTokenAnswer({ access_token: "a".repeat(32_768), expires_in: 60 }, NOW_MS).ok).to.equal(true);
  });

  it("never throws and never quotes, whatever the JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (token, on, within) => {
        const answer = readTokenAnswer({ access_token: token, expires_on: on, expires_in: within }, NOW_MS);
        if (!answer.ok) expect(answer.problem.length).to.be.below(80);
      }),
    );
  });
});
