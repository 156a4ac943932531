import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { ERROR_CODES, type Mender } from "../../../src/errors/codes.js";

const MENDERS: Readonly<Record<Mender, string>> = {
  "class author": "the class's author",
  administrator: "the administrator",
  project: "this project",
  nobody: "nobody",
};

/** `PERMISSION_DENIED` → `PermissionDenied`; Go spells CANCELLED with one L. */
function goName(status: string): string {
  const words = status.toLowerCase().split("_");
  return words
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")
    .replace("Cancelled", "Canceled");
}

describe("docs/troubleshooting.md", () => {
  let entries: Map<string, string>;

  before(async () => {
    const text = await readFile("docs/troubleshooting.md", "utf8");
    const parts = text.split(/^### /m).slice(1);
    entries = new Map(parts.map((part) => [part.split("\n", 1)[0] ?? "", part]));
    expect(entries.size, "an entry stands twice").to.equal(parts.length);
  });

  it("has an entry for every code, and none for a code that does not exist", () => {
    expect([...entries.keys()].sort()).to.deep.equal(Object.keys(ERROR_CODES).sort());
  });

  for (const [code, { status, mender }] of Object.entries(ERROR_CODES)) {
    it(`says of ${code} what the code's table says, and what to do`, () => {
      const entry = entries.get(code) ?? "";
      expect(entry).to.include(`${goName(status)}; mended by ${MENDERS[mender]}.`);
      for (const label of ["You see", "Why", "Do"])
        expect(entry).to.match(new RegExp(`\\*\\*${label}:\\*\\* \\S`));
    });
  }
});
