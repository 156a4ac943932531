import { expect } from "chai";
import { entryAt, type ManifestNode } from "../../../src/commands/manifest/node.js";
import { MANIFEST_LIMITS } from "../../../src/commands/manifest/limits.js";
import { readDocuments } from "../../../src/commands/manifest/read-documents.js";

function only(text: string): ManifestNode {
  const [document, ...others] = readDocuments(text);
  expect(others).to.deep.equal([]);
  expect(document?.problems).to.deep.equal([]);
  if (document?.root === undefined) throw new Error("nothing was read");
  return document.root;
}

const valueOf = (text: string): unknown => {
  const entry = entryAt(only(`a: ${text}\n`), "a")?.value;
  return entry?.kind === "scalar" ? entry.value : entry?.kind;
};

describe("commands/manifest/read-documents", () => {
  const scalars: readonly [text: string, value: unknown][] = [
    ["text", "text"],
    ['"5"', "5"],
    ["5", 5],
    ["0644", 0o644],
    ["true", true],
    ["yes", true],
    ["off", false],
    ["~", null],
    ["", null],
    ["2001-01-01", "2001-01-01"],
    ["2001-01-01T00:00:00Z", "2001-01-01T00:00:00Z"],
    ["!!str 5", "5"],
    ["[1]", "list"],
    ["{b: 1}", "map"],
  ];
  for (const [text, value] of scalars) {
    it(`reads ${JSON.stringify(text)} as kubectl does`, () => {
      expect(valueOf(text)).to.deep.equal(value);
    });
  }

  it("counts documents and lines, CRLF and a byte order mark included", () => {
    const documents = readDocuments("\ufeffa: 1\r\n---\r\n---\r\n# c\r\nb:\r\n  c: 2\r\n");
    expect(documents.map(({ number, root }) => [number, root?.line])).to.deep.equal([
      [1, 1],
      [2, undefined],
      [3, 5],
    ]);
    expect(entryAt(documents[2]?.root, "b", "c")?.line).to.equal(6);
  });

  it("knows where the text of a literal block begins", () => {
    const block = entryAt(only("x: 1\nobjects: |\n  a\n  b\n"), "objects")?.value;
    expect(block).to.deep.include({ text: "a\nb\n", blockLine: 3 });
    const folded = entryAt(only("objects: >\n  a\n"), "objects")?.value;
    expect(folded).to.deep.include({ text: "a\n", blockLine: undefined });
  });

  it("follows anchors and merge keys", () => {
    const root = only("base: &b {x: 1, y: 2}\nmade:\n  <<: *b\n  y: 3\nsame: *b\n");
    expect(entryAt(root, "made", "x")?.line).to.equal(1);
    expect(entryAt(root, "made", "y")?.line).to.equal(4);
    expect(entryAt(root, "same", "x")?.value).to.equal(entryAt(root, "base", "x")?.value);
  });

  const wrong: readonly [name: string, text: string, line: number, words: string][] = [
    ["a bracket that is left open", "a: 1\nb: [\n", 3, "bracket"],
    ["a key twice", "a: 1\nb: 2\na: 3\n", 3, 'key "a" stands twice'],
    ["an alias of nothing", "a: *nobody\n", 1, 'alias "nobody" names nothing'],
    ["a mapping as key", "? {x: 1}\n: 2\n", 1, "used as the key"],
    ["a tab", "a:\n\tb: 1\n", 2, "tab"],
  ];
  for (const [name, text, line, words] of wrong) {
    it(`says where ${name} stands`, () => {
      const [problem] = readDocuments(text).flatMap(({ problems }) => problems);
      expect(problem?.message).to.include(words);
      expect(problem?.line).to.equal(line);
    });
  }

  it("quotes nothing of what it cannot read", () => {
    const problems = readDocuments('a: "hush\nb: hush: hush\n').flatMap((document) => document.problems);
    expect(problems).to.not.be.empty;
    expect(JSON.stringify(problems)).to.not.include("hush");
  });

  it("goes on with the documents around one that is wrong", () => {
    const documents = readDocuments("a: 1\n---\nb: [\n---\nc: 1\n");
    expect(documents.map(({ root }) => root !== undefined)).to.deep.equal([true, false, true]);
  });

  const bombs: readonly [name: string, text: string, words: string][] = [
    ["nests", "[".repeat(100_000), `deeper than ${MANIFEST_LIMITS.depth}`],
    [
      "nests in blocks",
      Array.from({ length: 200 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      "deeper than",
    ],
    ["has many documents", "a: 1\n---\n".repeat(MANIFEST_LIMITS.documents + 1), "documents; split the file"],
    ["has many pieces", "- a\n".repeat(MANIFEST_LIMITS.pieces / 2), "marks, names and values"],
  ];
  for (const [name, text, words] of bombs) {
    it(`reads no further in a text that ${name}`, () => {
      const [document, ...others] = readDocuments(text);
      expect(others).to.deep.equal([]);
      expect(document?.problems[0]?.message).to.include(words);
    }).timeout(20_000);
  }

  it("does not copy what an alias names", () => {
    const root = readDocuments("a: &a [x]\nb: *a\nc: *a\n")[0]?.root;
    expect(entryAt(root, "c")?.value).to.equal(entryAt(root, "a")?.value);
  });

  const long = "x".repeat(10_000);
  const aliasBombs: readonly [name: string, text: string][] = [
    [
      "double at each line",
      ["a: &a0 [x]", ...Array.from({ length: 60 }, (_, i) => `b${i}: &a${i + 1} [*a${i}, *a${i}]`)].join(
        "\n",
      ),
    ],
    ["repeat a long text", `a: &a ${long}\nb: [${"*a, ".repeat(MANIFEST_LIMITS.expanded / long.length)}]`],
    [
      "merge a large mapping",
      `- &a\n${Array.from({ length: 4_000 }, (_, i) => `  k${i}: 1\n`).join("")}${"- {<<: *a}\n".repeat(4_000)}`,
    ],
  ];
  for (const [name, text] of aliasBombs) {
    it(`refuses aliases that ${name}: whoever walks the nodes would meet them all`, () => {
      const [document] = readDocuments(text);
      expect(document?.root).to.equal(undefined);
      expect(document?.problems.map(({ message }) => message)).to.deep.equal([
        `its aliases stand for more than ${MANIFEST_LIMITS.expanded} values and characters; write fewer`,
      ]);
    }).timeout(20_000);
  }
});
