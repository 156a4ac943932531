import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { codeSpans, readTable } from "../support/markdown-table.js";

const SECTIONS = [
  "What a class may ask for",
  "What the driver may send",
  "What a vault or an authority may answer",
  "What is remembered",
  "What goes out",
];
const NUMBER = String.raw`(0o[0-7]+|[\d_]+(?:\s*\*\s*[\d_]+)*)`;

/** The number that a source file gives `NAME`, or `LIMITS.name` within `LIMITS = {…}`; whole numbers and products. */
function numberIn(source: string, name: string): number {
  const [scope, inner] = name.includes(".") ? name.split(".") : [undefined, name];
  const text = scope === undefined ? source : (source.split(`${scope} = {`)[1]?.split("}")[0] ?? "");
  const found = new RegExp(String.raw`\b${inner}\b\s*(?:=|:|\?\?)\s*${NUMBER}`).exec(text)?.[1];
  if (found === undefined) throw new Error(`the source has no number ${name}`);
  return found
    .replaceAll("_", "")
    .split("*")
    .map((factor) => Number(factor.trim()))
    .reduce((product, factor) => product * factor);
}

/** The ways in which the page may write a number. */
function spellings(value: number): string[] {
  const whole = (divisor: number, unit: string): string[] =>
    value % divisor === 0 ? [`${(value / divisor).toLocaleString("en-US")} ${unit}`] : [];
  return [
    ...whole(1024 * 1024, "MiB"),
    ...whole(1024 * 1024, "Mi"),
    ...whole(1024, "KiB"),
    ...whole(1024, "Ki"),
    ...whole(1000, "s"),
    value.toLocaleString("en-US"),
    `0${value.toString(8)}`,
  ];
}

describe("docs/limits.md", () => {
  for (const section of SECTIONS) {
    it(`has the numbers of the source under "${section}"`, async () => {
      const rows = await readTable("docs/limits.md", section);
      expect(rows).to.not.be.empty;
      for (const { What: what = "", Limit: limit = "", Where: where = "" } of rows) {
        const [file = "", ...names] = codeSpans(where);
        const source = await readFile(file, "utf8");
        const shown = limit.split("; ");
        expect(shown, what).to.have.lengthOf(names.length);
        for (const [i, name] of names.entries())
          expect(spellings(numberIn(source, name)), `${what}: ${name} of ${file}`).to.include(shown[i]);
      }
    });
  }

  it("is the only page with a table of them", async () => {
    for (const page of ["docs/migrating.md", "docs/security.md"]) {
      const text = await readFile(page, "utf8");
      expect(text, page).to.include("(limits.md)");
      expect(text, page).to.not.match(/^\|.*\b(?:KiB|Mi characters)\b/m);
    }
  });
});
