import { expect } from "chai";
import {
  MAX_INLINE_OBJECTS_LENGTH,
  MAX_OBJECTS,
  MAX_OBJECTS_LENGTH,
  parseObjects,
} from "../../../src/parameters/parse-objects.js";
import { MAX_FIELD_LENGTH } from "../../../src/parameters/object-fields.js";
import { YAML_LIMITS } from "../../../src/parameters/yaml-limits.js";
import { fieldsOf, yamlProblems } from "./support-yaml.js";

const problem = (text: string): { code: string; message: string } | undefined => yamlProblems(text)[0];

describe("parameters/parse-objects parseObjects, limits", () => {
  it(`reads ${MAX_OBJECTS_LENGTH} characters, and not one more`, () => {
    const text = "- {objectName: a} #";
    expect(fieldsOf(text.padEnd(MAX_OBJECTS_LENGTH, "x"))).to.deep.equal([{ objectName: "a" }]);
    expect(problem(text.padEnd(MAX_OBJECTS_LENGTH + 1, "x"))).to.deep.equal({
      code: "OBJECTS_TOO_LARGE",
      message: `objects is ${MAX_OBJECTS_LENGTH + 1} characters long; at most ${MAX_OBJECTS_LENGTH} are read: split the class`,
    });
  });

  it(`reads ${MAX_OBJECTS} entries, and not one more`, () => {
    const list = (count: number): string => "- {objectName: a}\n".repeat(count);
    expect(fieldsOf(list(MAX_OBJECTS - 1))).to.have.length(MAX_OBJECTS - 1);
    expect(fieldsOf(list(MAX_OBJECTS))).to.have.length(MAX_OBJECTS);
    expect(problem(list(MAX_OBJECTS + 1))).to.deep.equal({
      code: "OBJECTS_TOO_LARGE",
      message: `objects has ${MAX_OBJECTS + 1} entries; at most ${MAX_OBJECTS} are read: split the class`,
    });
  });

  it("counts blank entries and aliases as entries", () => {
    expect(problem("-\n".repeat(MAX_OBJECTS + 1))?.code).to.equal("OBJECTS_TOO_LARGE");
    expect(problem(`- &a {objectName: a}\n${"- *a\n".repeat(MAX_OBJECTS)}`)?.code).to.equal(
      "OBJECTS_TOO_LARGE",
    );
  });

  it(`reads fields of ${MAX_FIELD_LENGTH} characters, and not one more; white space around does not count`, () => {
    const entry = (length: number): string => `- objectName: a\n  objectAlias: "  ${"x".repeat(length)} "\n`;
    for (const length of [MAX_FIELD_LENGTH - 1, MAX_FIELD_LENGTH]) {
      expect(fieldsOf(entry(length))[0]?.objectAlias).to.have.length(length);
    }
    expect(problem(entry(MAX_FIELD_LENGTH + 1))).to.deep.equal({
      code: "OBJECT_FIELD_INVALID",
      message: `objectAlias of objects[0] is ${MAX_FIELD_LENGTH + 1} characters long; at most ${MAX_FIELD_LENGTH} are read: write a shorter one`,
    });
  });

  it("reads lists as deep as allowed, and no deeper", () => {
    const nested = (depth: number): string =>
      `- {objectName: a, x: ${"[".repeat(depth)}${"]".repeat(depth)}}`;
    const deepest = Array.from({ length: 2 * YAML_LIMITS.depth }, (_, i) => i).filter(
      (depth) => yamlProblems(nested(depth)).length === 0,
    );
    // What stands around takes some of the levels; a class's own form needs 5.
    expect(deepest.length).to.be.within(YAML_LIMITS.depth - 6, YAML_LIMITS.depth);
    expect(deepest).to.deep.equal(deepest.map((_, i) => i));
    expect(problem(nested(deepest.length))).to.deep.equal({
      code: "OBJECTS_TOO_LARGE",
      message: `objects is too complex: it nests deeper than ${YAML_LIMITS.depth} levels; a class needs no more than 5`,
    });
  });

  it("stops where an entry's own text nests too deep", () => {
    expect(problem(`- '${"[".repeat(1000)}'`)?.code).to.equal("OBJECTS_TOO_LARGE");
  });

  it("counts the pieces of all entries together", () => {
    const half = `{objectName: a, x: [${"1,".repeat(YAML_LIMITS.pieces / 4)}]}`;
    expect(half.length * 2).to.be.below(MAX_OBJECTS_LENGTH);
    expect(fieldsOf(`- '${half}'\n`)).to.deep.equal([{ objectName: "a" }]);
    expect(problem(`- '${half}'\n- ' ${half}'\n`)).to.deep.equal({
      code: "OBJECTS_TOO_LARGE",
      message: `objects is too complex: it has more than ${YAML_LIMITS.pieces} marks, names and values; split the class`,
    });
  });

  it(`copies ${YAML_LIMITS.mergedKeys} entries by merge keys, and no more`, () => {
    // Each merge of a mapping costs its entries and one.
    const size = 99;
    const base = `base: &b {${Array.from({ length: size }, (_, i) => `k${i}: ''`).join(", ")}}\n`;
    const merges = (count: number): string => `${base}array:\n${"- {<<: *b, objectName: a}\n".repeat(count)}`;
    const most = YAML_LIMITS.mergedKeys / (size + 1);
    expect(fieldsOf(merges(most))).to.have.length(most);
    expect(problem(merges(most + 1))?.message).to.equal(
      `objects is too complex: its merge keys (<<) copy more than ${YAML_LIMITS.mergedKeys} entries; write the fields out, or merge less`,
    );
  });

  it(`lets aliases make ${YAML_LIMITS.expandedLength} characters of fields, and no more`, () => {
    const length = 4096;
    const times = YAML_LIMITS.expandedLength / length;
    const text = (count: number): string =>
      `long: &l ${"x".repeat(length)}\narray:\n${"- {objectAlias: *l}\n".repeat(count)}`;
    expect(fieldsOf(text(times))).to.have.length(times);
    expect(problem(text(times + 1))?.message).to.equal(
      `objects is too complex: its aliases (*) make it longer than ${YAML_LIMITS.expandedLength} characters; repeat less, or split the class`,
    );
  });

  it("warns of 20 things at most, and then says how many more there are", () => {
    const text = `- {objectName: a, ${Array.from({ length: 50 }, (_, i) => `x${i}: ''`).join(", ")}}`;
    const { warnings } = parseObjects(text);
    expect(warnings).to.have.length(20);
    expect(warnings.at(-1)).to.equal("and 31 more warnings");
  });

  it(`looks for what was meant by ${YAML_LIMITS.hints} unknown fields at most`, () => {
    const unknown = (count: number): string =>
      Array.from({ length: count }, (_, i) => `x${i}: ''`).join(", ");
    const misspelt = (before: number): unknown =>
      parseObjects(`- {${unknown(before)}, objectname: n}`).entries[0]?.misspelt;
    expect(misspelt(YAML_LIMITS.hints - 1)).to.deep.equal({ objectName: "objectname" });
    expect(misspelt(YAML_LIMITS.hints)).to.deep.equal({});
  });
});

describe("parameters/parse-objects parseObjects, hostile texts", () => {
  const fill = (piece: string, length: number, head = ""): string =>
    head + piece.repeat(Math.floor((length - head.length) / piece.length));
  /** Billion laughs: each level names the one before it nine times. */
  const laughs = (length: number): string => {
    let text = "array: &a0 [x]\n";
    for (let i = 1; text.length < length - 60; i++) text += `l${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]\n`;
    return text;
  };
  const hostile: Readonly<Record<string, (length: number) => string>> = {
    "aliases of aliases": laughs,
    "a merge of merges": (length) => {
      let text = "m0: &m0 {a: b}\n";
      for (let i = 1; text.length < length - 80; i++)
        text += `m${i}: &m${i} {<<: [*m${i - 1}, *m${i - 1}], k${i}: v}\n`;
      return `${text}array: [*m0]\n`;
    },
    "one base merged everywhere": (length) =>
      fill("- {<<: *b}\n", length, `base: &b {${fill("a: b, ", length / 2)}}\narray:\n`),
    "open brackets": (length) => fill("[", length),
    "open braces": (length) => fill("{", length),
    "open quotes": (length) => fill("- '\n", length),
    "half an escape": (length) => fill('- "\\\n', length),
    "question marks": (length) => fill("? ", length),
    dashes: (length) => fill("- ", length),
    colons: (length) => fill(": ", length),
    commas: (length) => fill(",", length, "["),
    "unknown tags": (length) => fill("- !x y\n", length),
    anchors: (length) => fill("- &a\n", length),
    "undefined aliases": (length) => fill("- *a\n", length),
    "many keys": (length) =>
      Array.from({ length: Math.floor(length / 8) }, (_, i) => `k${i}:`)
        .join("\n")
        .slice(0, length),
    "one key again and again": (length) => fill("k:\n", length),
    tabs: (length) => fill("\t", length, "a:\n"),
    blanks: (length) => fill(" ", length, "a:"),
    "blank lines": (length) => fill("\n", length, "a: |\n"),
    "ever deeper lines": (length) => {
      let text = "";
      for (let i = 0; text.length < length - i - 4; i++) text += `${" ".repeat(i)}k:\n`;
      return text;
    },
    comments: (length) => fill("#\n", length),
    documents: (length) => fill("---\n", length),
    "end marks": (length) => fill("...\n", length),
    directives: (length) => fill("%YAML 1.2\n", length),
    "blocks in blocks": (length) => fill("- |\n", length),
    "entries of broken YAML": (length) => fill("- '['\n", length),
    "long misspellings": (length) => fill(`objectNam${"e".repeat(38)}: x\n`, length, "-\n"),
    "carriage returns": (length) => fill("\r", length, "a:"),
    "line separators": (length) => fill("\u2028", length, "a:"),
    "half surrogates": (length) => fill("- \ud800\n", length),
    NULs: (length) => fill("\0", length),
  };

  /** The quickest of several runs, in ms: noise only ever adds. */
  function quickest(work: () => unknown, runs: number): number {
    let best = Infinity;
    for (let i = 0; i < runs; i++) {
      const start = performance.now();
      work();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  }

  for (const [name, make] of Object.entries(hostile)) {
    it(`reads ${name} in a time that a class of the same length may take too, if some times more`, () => {
      const text = make(MAX_INLINE_OBJECTS_LENGTH);
      expect(text.length).to.be.within(MAX_INLINE_OBJECTS_LENGTH / 2, MAX_INLINE_OBJECTS_LENGTH);
      const benign = fill(
        "- |\n  objectName: a\n  objectType: secret\n",
        MAX_INLINE_OBJECTS_LENGTH,
        "array:\n",
      );
      const measure = (): number =>
        quickest(() => parseObjects(text), 3) / quickest(() => parseObjects(benign), 3);
      measure(); // warms both
      expect(measure()).to.be.below(25);
    });

    it(`reads 64 KiB of ${name} too, and throws nothing`, () => {
      const { entries, problems } = parseObjects(make(MAX_OBJECTS_LENGTH / 4));
      expect(entries.length + problems.length).to.be.above(0);
    }).timeout(60_000); // against a hang, not a measure
  }
});
