import { expect } from "chai";
import {
  boundLogFields,
  boundLogText,
  escapeJsonLine,
  escapeLogText,
  MAX_LOG_FIELDS,
  MAX_LOG_TEXT_LENGTH,
} from "../../../src/telemetry/log-text.js";

describe("telemetry/log-text boundLogText", () => {
  const cases = [
    {
      name: "keeps a text of one less than the cap",
      length: MAX_LOG_TEXT_LENGTH - 1,
      expected: MAX_LOG_TEXT_LENGTH - 1,
    },
    { name: "keeps a text of the cap", length: MAX_LOG_TEXT_LENGTH, expected: MAX_LOG_TEXT_LENGTH },
    {
      name: "cuts a text of one more",
      length: MAX_LOG_TEXT_LENGTH + 1,
      expected: MAX_LOG_TEXT_LENGTH + "…(+1)".length,
    },
  ];
  for (const { name, length, expected } of cases) {
    it(name, () => {
      expect(boundLogText("x".repeat(length))).to.have.length(expected);
    });
  }

  it("says how much is missing", () => {
    expect(boundLogText("abcdef", 4)).to.equal("abcd…(+2)");
  });

  it("leaves no half of a surrogate pair, neither a given one nor one that the cut makes", () => {
    expect(boundLogText("a\ud83d")).to.equal("a\ufffd");
    expect(boundLogText("a😀", 2)).to.equal("a\ufffd…(+1)");
    expect(boundLogText("a😀")).to.equal("a😀");
  });
});

describe("telemetry/log-text boundLogFields", () => {
  it("keeps texts, numbers and booleans and leaves undefined out", () => {
    const fields = { pod: "web", tries: 2, ready: false, host: undefined };
    expect(boundLogFields(fields, new Set())).to.deep.equal([
      ["pod", "web"],
      ["tries", 2],
      ["ready", false],
    ]);
  });

  it("writes a number that JSON has no word for as text", () => {
    expect(boundLogFields({ a: NaN, b: Infinity }, new Set())).to.deep.equal([
      ["a", "NaN"],
      ["b", "Infinity"],
    ]);
  });

  it("gives a reserved name a mark, so that no field replaces the line's own", () => {
    expect(boundLogFields({ msg: "x", level: "error" }, new Set(["msg", "level"]))).to.deep.equal([
      ["msg_", "x"],
      ["level_", "error"],
    ]);
  });

  it("makes a name of any characters harmless and short", () => {
    const [[name]] = boundLogFields({ [`a b="1"\n${"y".repeat(100)}`]: 1 }, new Set()) as [[string, number]];
    expect(name)
      .to.match(/^a_b__1__y+$/)
      .and.to.have.length(64);
  });

  for (const [count, kept] of [
    [MAX_LOG_FIELDS - 1, MAX_LOG_FIELDS - 1],
    [MAX_LOG_FIELDS, MAX_LOG_FIELDS],
    [MAX_LOG_FIELDS + 1, MAX_LOG_FIELDS],
  ] as const) {
    it(`keeps ${kept} of ${count} fields`, () => {
      const fields = Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i]));
      expect(boundLogFields(fields, new Set())).to.have.length(kept);
    });
  }
});

describe("telemetry/log-text escapes", () => {
  const cases = [
    { name: "a line feed", text: 'a\nE1124 "forged"', text_: 'a\\nE1124 \\"forged\\"' },
    { name: "a carriage return and a tab", text: "a\r\tb", text_: "a\\r\\tb" },
    { name: "an escape sequence of a terminal", text: "\u001b[2J", text_: "\\u001b[2J" },
    { name: "a C1 control", text: "\u009b31m", text_: "\\u009b31m" },
    { name: "a NUL and a DEL", text: "\u0000\u007f", text_: "\\u0000\\u007f" },
    { name: "Unicode's own line ends", text: "\u2028\u2029", text_: "\\u2028\\u2029" },
    { name: "a turned reading direction", text: "\u202egnp", text_: "\\u202egnp" },
    { name: "an invisible character beyond U+FFFF", text: "\u{e0041}", text_: "\\udb40\\udc41" },
    { name: "a backslash", text: "\\n", text_: "\\\\n" },
  ];
  for (const { name, text, text_ } of cases) {
    it(`escapes ${name}`, () => {
      expect(escapeLogText(text)).to.equal(text_);
      expect(JSON.parse(`"${escapeLogText(text)}"`)).to.equal(text);
    });
  }

  it("leaves letters of any script as they are", () => {
    expect(escapeLogText("Füße 密码 😀 = ok")).to.equal("Füße 密码 😀 = ok");
  });

  it("does not change what a JSON line says", () => {
    const line = JSON.stringify({ msg: 'a "b" \\ \u202e\u009b\u2028' });
    const escaped = escapeJsonLine(line);
    expect(JSON.parse(escaped)).to.deep.equal(JSON.parse(line));
    expect(escaped).to.match(/^[\x20-\x7e]*$/);
  });
});
