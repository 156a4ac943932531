import { expect } from "chai";
import { checkFilePaths, findPathConflicts, type PathClaim } from "../../../src/parameters/file-paths.js";
import { problemsOf, thrownBy } from "./support.js";

const claims = (...paths: readonly string[]): PathClaim[] =>
  paths.map((path, index) => ({ path, owner: `objects[${index}]` }));

const same = (a: number, b: number, path: string): string =>
  `objects[${a}] and objects[${b}] both write the file "${path}"; give one of them another objectAlias`;
const folder = (file: number, path: string, inside: number, insidePath: string): string =>
  `objects[${file}] writes the file "${path}", but objects[${inside}] needs a folder of that name for "${insidePath}"; ` +
  "give one of them another objectAlias";

describe("parameters/file-paths findPathConflicts", () => {
  const cases: readonly { name: string; paths: readonly string[]; conflicts: readonly string[] }[] = [
    { name: "nothing", paths: [], conflicts: [] },
    { name: "different names", paths: ["a", "b", "ab"], conflicts: [] },
    { name: "different cases", paths: ["a", "A"], conflicts: [] },
    { name: "one folder", paths: ["d/a", "d/b", "d/e/f", "d/e/g"], conflicts: [] },
    { name: "a common beginning", paths: ["d", "d.x", "dx/y"], conflicts: [] },
    {
      name: "names of objects' own methods",
      paths: ["__proto__", "constructor", "toString/x"],
      conflicts: [],
    },
    { name: "the same file twice", paths: ["a", "b", "a"], conflicts: [same(0, 2, "a")] },
    {
      name: "the same file three times",
      paths: ["a", "a", "a"],
      conflicts: [same(0, 1, "a"), same(0, 2, "a")],
    },
    { name: "the same file in a folder", paths: ["d/e/a", "d/e/a"], conflicts: [same(0, 1, "d/e/a")] },
    { name: "a file, then a folder", paths: ["d", "d/x"], conflicts: [folder(0, "d", 1, "d/x")] },
    { name: "a folder, then a file", paths: ["d/x", "d"], conflicts: [folder(1, "d", 0, "d/x")] },
    { name: "a file far above", paths: ["d", "d/e/f/g"], conflicts: [folder(0, "d", 1, "d/e/f/g")] },
    { name: "a folder far below", paths: ["d/e/f/g", "d/e"], conflicts: [folder(1, "d/e", 0, "d/e/f/g")] },
    {
      name: "several, in the order of the later one",
      paths: ["d/x", "a", "a", "d"],
      conflicts: [same(1, 2, "a"), folder(3, "d", 0, "d/x")],
    },
    { name: "what is in the way of itself only once", paths: ["d", "d/x", "d/y"], conflicts: [folder(0, "d", 1, "d/x"), folder(0, "d", 2, "d/y")] }, // prettier-ignore
  ];
  for (const { name, paths, conflicts } of cases) {
    it(`finds what is wrong with ${name}`, () => {
      expect(findPathConflicts(claims(...paths))).to.deep.equal(conflicts);
    });
  }

  it("stops after 20", () => {
    for (const [copies, found] of [[20, 19], [21, 20], [22, 20], [1000, 20]] as const) {
      expect(findPathConflicts(claims(...Array.from({ length: copies }, () => "a")))).to.have.length(found);
    } // prettier-ignore
  });

  it("takes many deep paths without walking each anew", () => {
    const deep = "d/".repeat(1700);
    const paths = Array.from({ length: 1000 }, (_, i) => `${deep}${i}`);
    expect(findPathConflicts(claims(...paths))).to.deep.equal([]);
  });
});

describe("parameters/file-paths checkFilePaths", () => {
  it("takes what fits", () => {
    expect(() => {
      checkFilePaths(claims("a/0", "a/1", "b.crt", "b.key", "b"));
    }).not.to.throw();
  });

  it("names every conflict at once", () => {
    const work = (): void => {
      checkFilePaths(claims("a", "a", "d", "d/x"));
    };
    expect(problemsOf(work)).to.deep.equal([
      { code: "FILE_CONFLICT", message: same(0, 1, "a") },
      { code: "FILE_CONFLICT", message: folder(2, "d", 3, "d/x") },
    ]);
    expect(thrownBy(work).message).to.match(/^2 files cannot be written: \(1\) objects\[0\]/);
  });

  it("refuses a name that only its suffix makes too long", () => {
    const long = "x".repeat(252);
    const owner = "objects[4]";
    const [problem, ...others] = problemsOf(() => {
      checkFilePaths([`${long}.crt`, long].map((path) => ({ path, owner })));
    });
    expect(others).to.deep.equal([]);
    expect(problem?.code).to.equal("FILE_NAME_INVALID");
    expect(problem?.message).to.match(
      /more than 255 bytes.*; objects\[4\] makes "x+…" \(256 characters\): set a shorter/,
    );
    expect(() => {
      checkFilePaths([{ path: `${"x".repeat(251)}.crt`, owner }]);
    }).not.to.throw();
  });
});
