import { expect } from "chai";
import { parseObjects } from "../../../src/parameters/parse-objects.js";
import { fieldsOf } from "./support-yaml.js";

describe("parameters/parse-objects parseObjects, forms of the list", () => {
  const ONE = { objectName: "one", objectType: "secret" };
  const TWO = { objectName: "two", objectType: "key", objectAlias: "b" };
  /** Each lists the same two objects. */
  const forms: Readonly<Record<string, string>> = {
    "array of blocks": `
array:
  - |
    objectName: one
    objectType: secret
  - |
    objectName: two
    objectType: key
    objectAlias: b
`,
    "array without indentation": `
array:
- |
  objectName: one
  objectType: secret
- |
  objectName: two
  objectType: key
  objectAlias: b
`,
    "array of stripped blocks": `
array:
  - |-
    objectName: one
    objectType: secret
  - |+
    objectName: two
    objectType: key
    objectAlias: b

`,
    "array of quoted texts": `
array:
  - "objectName: one\\nobjectType: secret"
  - 'objectName: two

    objectType: key

    objectAlias: b'
`,
    "array of flow texts": `
array: ["{objectName: one, objectType: secret}", "{objectName: two, objectType: key, objectAlias: b}"]
`,
    "array of mappings": `
array:
  - objectName: one
    objectType: secret
  - objectName: two
    objectType: key
    objectAlias: b
`,
    "plain list of mappings": `
- objectName: one
  objectType: secret
- {objectName: two, objectType: key, objectAlias: b}
`,
    "plain list of blocks": `
- |
  objectName: one
  objectType: secret
- |
  objectName: two
  objectType: key
  objectAlias: b
`,
    "a mixture": `
array:
  - objectName: one
    objectType: secret
  - |
    objectName: two
    objectType: key
    objectAlias: b
`,
    "all of it as JSON": `{"array": ["{\\"objectName\\": \\"one\\", \\"objectType\\": \\"secret\\"}", {"objectName": "two", "objectType": "key", "objectAlias": "b"}]}`,
    "a document with a start mark": `---
array:
  - {objectName: one, objectType: secret}
  - {objectName: two, objectType: key, objectAlias: b}
`,
    "a directive": `%YAML 1.1
---
array:
  - {objectName: one, objectType: secret}
  - {objectName: two, objectType: key, objectAlias: b}
`,
    "the first of several documents": `
array:
  - {objectName: one, objectType: secret}
  - {objectName: two, objectType: key, objectAlias: b}
---
array: [ {objectName: three}
`,
    "what stands before an end mark": `
array:
  - {objectName: one, objectType: secret}
  - {objectName: two, objectType: key, objectAlias: b}
...
} no YAML: [
`,
    "blank entries between": `
array:
  -
  - {objectName: one, objectType: secret}
  - ~
  - {objectName: two, objectType: key, objectAlias: b}
  - null
`,
    "an anchored block and its alias's fields": `
defaults: &d
  objectType: key
array:
  - {objectName: one, objectType: secret}
  - <<: *d
    objectName: two
    objectAlias: b
`,
    comments: `
# first
array: # list
  # before
  - | # block
    objectName: one # not a part of it
    # between
    objectType: secret
  - objectName: two
    objectType: key
    objectAlias: b
`,
  };
  for (const [name, text] of Object.entries(forms)) {
    it(`reads ${name}`, () => {
      expect(fieldsOf(text)).to.deep.equal([ONE, TWO]);
    });
    it(`reads ${name} with the line breaks of Windows`, () => {
      expect(fieldsOf(text.replaceAll("\n", "\r\n"))).to.deep.equal([ONE, TWO]);
    });
    it(`reads ${name} behind a byte order mark`, () => {
      expect(fieldsOf(`\ufeff${text.trimStart()}`)).to.deep.equal([ONE, TWO]);
    });
    it(`reads ${name} indented as a whole`, () => {
      const indented = text.replace(/^(?=.)/gm, "      ");
      // Marks of documents and directives count at the start of a line only, and the indentation is taken off.
      expect(fieldsOf(indented)).to.deep.equal([ONE, TWO]);
    });
  }

  it("reads a text whose first line alone is indented, as the old provider trims it", () => {
    expect(fieldsOf("   array:\n- {objectName: one, objectType: secret}\n")).to.deep.equal([ONE]);
  });

  it("keeps each entry's place, blank ones counted, and says which are blank", () => {
    const { entries, warnings } = parseObjects("array:\n-\n- {objectName: a}\n- ~\n- {objectName: b}\n");
    expect(entries.map(({ index }) => index)).to.deep.equal([1, 3]);
    expect(warnings).to.deep.equal([
      "objects[0] is blank and is ignored",
      "objects[2] is blank and is ignored",
    ]);
  });

  it("reads an empty text as an object without a name, as the old provider does", () => {
    expect(fieldsOf("array:\n- ''\n- |\n  # nothing\n")).to.deep.equal([{}, {}]);
  });

  it("takes only the first document of an entry", () => {
    expect(fieldsOf("array:\n- |\n  objectName: a\n  ---\n  objectName: b\n")).to.deep.equal([
      { objectName: "a" },
    ]);
  });

  it("warns of other keys beside array", () => {
    const { warnings } = parseObjects("array:\n- {objectName: a}\nobject: 1\n");
    expect(warnings).to.deep.equal(['objects has an unknown key "object" beside array, which is ignored']);
  });

  it("warns of unknown fields and says what was probably meant", () => {
    const { entries, warnings } = parseObjects("- {objectName: a, objecttype: key, colour: red}\n");
    expect(warnings).to.deep.equal([
      'objects[0] has an unknown field "objecttype", which is ignored; did you mean objectType?',
      'objects[0] has an unknown field "colour", which is ignored',
    ]);
    expect(entries[0]?.misspelt).to.deep.equal({ objectType: "objecttype" });
  });
});
