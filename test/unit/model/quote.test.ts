import { expect } from "chai";
import { isWellFormed, printable, quote } from "../../../src/model/quote.js";

describe("model/quote quote", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["plain text", "web-cert", '"web-cert"'],
    ["nothing", "", '""'],
    ["other scripts", "пароль", '"пароль"'],
    ["a line break", "a\nb", '"a\\nb"'],
    ["quotes and backslashes", 'a"b\\', '"a\\"b\\\\"'],
    ["a terminal's escape", "\u001b[31m", '"\\u{1b}[31m"'],
    ["a direction mark", "a\u202eb", '"a\\u{202e}b"'],
    ["a line separator", "a\u2028b", '"a\\u{2028}b"'],
    ["half a surrogate pair", "a\ud800", '"a\\u{d800}"'],
    ["80 characters", "x".repeat(80), `"${"x".repeat(80)}"`],
    ["81 characters", "x".repeat(81), `"${"x".repeat(80)}…" (81 characters)`],
  ];
  for (const [name, text, expected] of cases) {
    it(`shows ${name}`, () => {
      expect(quote(text)).to.equal(expected);
    });
  }

  it("never splits a pair into something that cannot be sent", () => {
    expect(isWellFormed(quote("x".repeat(79) + "😀"))).to.equal(true);
  });

  it("shows the same without the quotes", () => {
    expect(printable("a\nb")).to.equal("a\\nb");
    expect(printable("x".repeat(81))).to.equal(`${"x".repeat(80)}…`);
  });
});

describe("model/quote isWellFormed", () => {
  it("takes pairs, and refuses halves", () => {
    expect(isWellFormed("a😀")).to.equal(true);
    expect(isWellFormed("")).to.equal(true);
    expect(isWellFormed("\ud83d")).to.equal(false);
    expect(isWellFormed("\ude00\ud83d")).to.equal(false);
  });
});
