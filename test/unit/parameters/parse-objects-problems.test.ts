import { expect } from "chai";
import { HOW_TO_LIST, parseObjects } from "../../../src/parameters/parse-objects.js";
import { yamlProblems } from "./support-yaml.js";

const WHOLE = "failed to yaml unmarshal objects: ";
const AT = (index: number): string => `unmarshal failed for keyVaultObjects at index ${index}: `;

describe("parameters/parse-objects parseObjects, what it refuses", () => {
  const cases: readonly { name: string; text: string; code: string; message: string }[] = [
    // Nothing listed
    { name: "nothing", text: "", code: "OBJECTS_MISSING", message: `objects is not set: it is blank; ${HOW_TO_LIST}` },
    { name: "a comment", text: "# x", code: "OBJECTS_MISSING", message: `objects is not set: it is blank; ${HOW_TO_LIST}` },
    { name: "null", text: "~", code: "OBJECTS_MISSING", message: `objects is not set: it is blank; ${HOW_TO_LIST}` },
    { name: "no array", text: "objects: []", code: "OBJECTS_MISSING", message: `objects has no "array"; ${HOW_TO_LIST}` },
    { name: "array in another case", text: "Array: []", code: "OBJECTS_MISSING", message: `objects has no "array", only "Array"; ${HOW_TO_LIST}` },
    { name: "a misspelt array", text: "aray: []", code: "OBJECTS_MISSING", message: `objects has no "array", only "aray"; ${HOW_TO_LIST}` },
    { name: "an array of null", text: "array:", code: "OBJECTS_MISSING", message: `objects lists nothing: array is empty; ${HOW_TO_LIST}` },
    { name: "an empty array", text: "array: []", code: "OBJECTS_MISSING", message: `objects lists nothing: array is empty; ${HOW_TO_LIST}` },
    { name: "an array of blanks", text: "array:\n-\n- ~\n", code: "OBJECTS_MISSING", message: `objects lists nothing: array is empty; ${HOW_TO_LIST}` },
    { name: "an empty plain list", text: "[]", code: "OBJECTS_MISSING", message: `objects lists nothing: array is empty; ${HOW_TO_LIST}` },
    // Not a list
    { name: "a mere text", text: "hush", code: "OBJECTS_NOT_YAML", message: `${WHOLE}it is a mere text, not a list of objects; ${HOW_TO_LIST} (in parameters.objects)` },
    { name: "an array of text", text: "array: hush", code: "OBJECTS_NOT_YAML", message: `${WHOLE}array is a text, not a list; put "- " before each object (in parameters.objects)` },
    { name: "an array as a mapping", text: "array: {objectName: hush}", code: "OBJECTS_NOT_YAML", message: `${WHOLE}array is a mapping, not a list; put "- " before each object (in parameters.objects)` },
    // No YAML
    { name: "a tab as indentation", text: "array:\n\t- hush", code: "OBJECTS_NOT_YAML", message: `${WHOLE}line 2, column 1: a tab is used as indentation; use spaces (in parameters.objects)` },
    { name: "an unknown tag", text: "array: !hush!x []", code: "OBJECTS_NOT_YAML", message: `${WHOLE}line 1, column 8: a tag (!) is not known; leave it out (in parameters.objects)` },
    { name: "an open list", text: "array: [hush", code: "OBJECTS_NOT_YAML", message: `${WHOLE}line 1, column 13: the indentation does not fit, or a closing bracket is missing; lines of one mapping or list start in the same column (in parameters.objects)` },
    { name: "wrong indentation", text: "array:\n  - objectName: a\n objectType: hush", code: "OBJECTS_NOT_YAML", message: `${WHOLE}line 3, column 1: the indentation does not fit, or a closing bracket is missing; lines of one mapping or list start in the same column (in parameters.objects)` },
    { name: "a reserved character", text: "array: @hush", code: "OBJECTS_NOT_YAML", message: `${WHOLE}line 1, column 8: a value starts with a character that YAML reserves; put it in quotes (in parameters.objects)` },
    // Entries
    { name: "an entry of text", text: "array:\n- hush", code: "OBJECT_NOT_YAML", message: `${AT(0)}it is no mapping; write lines of "field: value", with a space after the colon` },
    { name: "a colon without a space", text: "array:\n- |\n  objectName:hush\n", code: "OBJECT_NOT_YAML", message: `${AT(0)}it is no mapping; write lines of "field: value", with a space after the colon` },
    { name: "an entry of a list", text: "array:\n- {objectName: a}\n- - objectName: hush", code: "OBJECT_NOT_YAML", message: `${AT(1)}it is a list; leave out the "- " before objectName` },
    { name: "an entry of a text that is a list", text: "array:\n- |\n  - objectName: hush\n", code: "OBJECT_NOT_YAML", message: `${AT(0)}it is a list; leave out the "- " before objectName` },
    { name: "an entry of broken YAML", text: "array:\n- |\n  objectName: a\n  objectType: 'hush\n", code: "OBJECT_NOT_YAML", message: `${AT(0)}line 3, column 1: something is missing, mostly a ":" after a key, a "-" before an item, or a closing quote or bracket` },
    { name: "two fields on a line", text: "array:\n- |\n  objectName: a objectType: hush\n", code: "OBJECT_NOT_YAML", message: `${AT(0)}line 1, column 13: a line has more than one "key: "; put each on a line of its own, or the value in quotes` },
    { name: "an unknown escape", text: 'array:\n- |\n  objectAlias: "C:\\hush"\n', code: "OBJECT_NOT_YAML", message: `${AT(0)}line 1, column 17: an escape (\\) in a "double-quoted" text is not known; write \\\\ for a backslash, or use single quotes` },
  ]; // prettier-ignore
  for (const { name, text, code, message } of cases) {
    it(`refuses ${name}, and quotes no value`, () => {
      expect(yamlProblems(text)).to.deep.equal([{ code, message }]);
      expect(message).not.to.include("hush");
    });
  }

  it("names every broken entry in order, and reads the sound ones between", () => {
    const { entries } = parseObjects("array:\n- hush\n- {objectName: a}\n- '['\n- [x]\n- {objectName: b}\n");
    expect(entries.map(({ index, fields }) => [index, fields?.objectName])).to.deep.equal([
      [0, undefined],
      [1, "a"],
      [2, undefined],
      [3, undefined],
      [4, "b"],
    ]);
    expect(entries.map(({ problems }) => problems.length)).to.deep.equal([1, 0, 1, 1, 0]);
  });

  it("counts line and column in the text as it stands behind its blank head", () => {
    const [problem] = yamlProblems("\n\n  array:\n  - @x\n");
    expect(problem?.message).to.include("line 4, column 3");
  });

  it("is plain data that a thread can send", () => {
    for (const text of ["- {objectName: a, x: y}", "- [", "", "- hush"]) {
      const outcome = parseObjects(text);
      expect(structuredClone(outcome)).to.deep.equal(outcome);
    }
  });
});
