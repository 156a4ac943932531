import { expect } from "chai";
import { shownServiceCode, shownServiceText } from "../../../src/keyvault/service-text.js";

const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

describe("keyvault/service-text shownServiceText", () => {
  const cases: { name: string; text: unknown; expected: string }[] = [
    { name: "plain words", text: "Operation get is not allowed.", expected: "Operation get is not allowed." },
    { name: "several lines", text: "a\r\n b\t\tc\n", expected: "a b c" },
    {
      name: "control, direction and line characters",
      text: "a\u0000b\u001b[31mc\u202ed\u2028e",
      expected: "a b [31mc d e",
    },
    { name: "a lone surrogate", text: "a\ud800b", expected: "a b" },
    { name: "a JWT", text: `token ${JWT} is bad`, expected: "token [removed] is bad" },
    { name: "half a JWT", text: "eyJhbGciOiJSUzI1NiJ9", expected: "[removed]" },
    { name: "a bearer", text: "Bearer abc.def sent", expected: "[removed] sent" },
    { name: "63 letters", text: "a".repeat(63), expected: "a".repeat(63) },
    { name: "64 letters", text: "a".repeat(64), expected: "[removed]" },
    {
      name: "a resource id",
      text: "/subscriptions/12345678-1234-1234-1234-123456789012/resourcegroups/rg/providers/microsoft.keyvault/vaults/v",
      expected:
        "/subscriptions/12345678-1234-1234-1234-123456789012/resourcegroups/rg/providers/microsoft.keyvault/vaults/v",
    },
    { name: "399 characters", text: "ab ".repeat(133), expected: "ab ".repeat(133).trim() },
    { name: "400 characters", text: `${"ab ".repeat(133)}z`, expected: `${"ab ".repeat(133)}z` },
    { name: "401 characters", text: `${"ab ".repeat(133)}zz`, expected: `${"ab ".repeat(133).trim()}…` },
    { name: "nothing", text: "", expected: "" },
    { name: "a number", text: 7, expected: "" },
    { name: "an object", text: { toString: () => "x" }, expected: "" },
    { name: "undefined", text: undefined, expected: "" },
  ];
  for (const { name, text, expected } of cases) {
    it(`shows ${name}`, () => {
      expect(shownServiceText(text)).to.equal(expected);
    });
  }
});

describe("keyvault/service-text shownServiceCode", () => {
  for (const code of ["SecretNotFound", "ForbiddenByRbac", "a", `A${"b".repeat(63)}`]) {
    it(`keeps ${code.slice(0, 20)}`, () => {
      expect(shownServiceCode(code)).to.equal(code);
    });
  }
  for (const code of ["", "1a", "a b", "a\n", `A${"b".repeat(64)}`, 5, null, undefined, {}]) {
    it(`drops ${JSON.stringify(code)}`, () => {
      expect(shownServiceCode(code)).to.equal(undefined);
    });
  }
});
