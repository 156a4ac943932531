import { expect } from "chai";
import { readFederatedClaims, readUnverifiedClaims } from "../../../src/identity/jwt-claims.js";

function tokenOf(payload: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(payload)}.c2lnbmF0dXJl`;
}

const ISSUER =
  "https://eastus.oic.prod-aks.azure.com/72f988bf-86f1-41af-91ab-2d7cd011db47/3f1c2b7a-1111-4222-8333-944445555666/";
const SUBJECT = `system:serviceaccount:${"n".repeat(63)}:${"s".repeat(253)}`;

describe("identity/jwt-claims readFederatedClaims", () => {
  const cases: { name: string; payload: unknown; expected: string[] }[] = [
    {
      name: "a service account's token, whole",
      payload: { iss: ISSUER, sub: SUBJECT, aud: ["api://AzureADTokenExchange"] },
      expected: [ISSUER, SUBJECT, "api://AzureADTokenExchange"],
    },
    {
      name: "an audience that is text",
      payload: { iss: "i", sub: "s", aud: "a" },
      expected: ["i", "s", "a"],
    },
    {
      name: "four audiences",
      payload: { aud: ["a", "b", "c", "d"] },
      expected: ["(none)", "(none)", "a, b, c"],
    },
    { name: "nothing", payload: {}, expected: ["(none)", "(none)", "(none)"] },
    {
      name: "other types",
      payload: { iss: 7, sub: {}, aud: [null] },
      expected: ["(none)", "(none)", "(none)"],
    },
    {
      name: "text meant to do harm",
      payload: { iss: 'a"\n\u001b[2J', sub: "\u202eevil\u2028", aud: "\u0000" },
      expected: ["a???[2J", "?evil?", "?"],
    },
    {
      name: "over-long text",
      payload: { iss: "i".repeat(401), sub: "s".repeat(400), aud: "a" },
      expected: [`${"i".repeat(400)}…`, "s".repeat(400), "a"],
    },
  ];
  for (const { name, payload, expected } of cases) {
    it(`reads ${name}`, () => {
      const [issuer, subject, audience] = expected;
      expect(readFederatedClaims(tokenOf(payload))).to.deep.equal({ issuer, subject, audience });
    });
  }

  const unreadable: { name: string; token: string }[] = [
    { name: "an empty text", token: "" },
    { name: "two parts", token: "e30.e30" },
    { name: "four parts", token: "e30.e30.e30.e30" },
    { name: "no JSON", token: "e30.SECRET.e30" },
    { name: "a JSON array", token: tokenOf([]) },
    { name: "null", token: tokenOf(null) },
    { name: "more than 32 KiB", token: tokenOf({ iss: "i".repeat(32 * 1024) }) },
    { name: "a million dots", token: ".".repeat(1_000_000) },
  ];
  for (const { name, token } of unreadable) {
    it(`gives up on ${name}`, () => {
      expect(readFederatedClaims(token)).to.equal(undefined);
    });
  }
});

describe("identity/jwt-claims readUnverifiedClaims", () => {
  it("takes __proto__ for a claim", () => {
    const token = `e30.${Buffer.from('{"__proto__":{"tid":"evil"}}').toString("base64url")}.e30`;
    const claims = readUnverifiedClaims(token);
    expect(claims?.get("tid")).to.equal(undefined);
    expect(claims?.has("__proto__")).to.equal(true);
  });

  it("reads a token at the limit of 32 KiB", () => {
    const frame = tokenOf({ a: "" }).length;
    let fill = Math.floor(((32 * 1024 - frame) * 3) / 4);
    while (tokenOf({ a: "x".repeat(fill) }).length > 32 * 1024) fill -= 1;
    expect(readUnverifiedClaims(tokenOf({ a: "x".repeat(fill) }))?.get("a")).to.have.length(fill);
  });
});
