import { expect } from "chai";
import { fieldsOf, scalar, yamlProblems } from "./support-yaml.js";

describe("parameters/parse-objects parseObjects, scalars", () => {
  /** Text behind the colon → what the field holds, as yaml.v3 decodes it into a Go string that is then trimmed. */
  const cases: readonly (readonly [string, string])[] = [
    // As typed, whatever they look like.
    ["0755", "0755"],
    ["0o755", "0o755"],
    ["7e10", "7e10"],
    ["1_000", "1_000"],
    ["0x1F", "0x1F"],
    ["1.50", "1.50"],
    [".inf", ".inf"],
    ["true", "true"],
    ["No", "No"],
    ["2020-01-01", "2020-01-01"],
    ["2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"],
    ["190:20:30", "190:20:30"],
    ["db password", "db password"],
    ["a#b", "a#b"],
    ["a #comment", "a"],
    ["http://x/y", "http://x/y"],
    ["-x", "-x"],
    ["a, b] }", "a, b] }"],
    ["=", "="],
    ["пароль", "пароль"],
    ["a\tb", "a\tb"],
    // Nothing.
    ["", ""],
    ["null", ""],
    ["Null", ""],
    ["NULL", ""],
    ["~", ""],
    ["''", ""],
    ['"  "', ""],
    ["# comment", ""],
    // Not nothing.
    ["nULL", "nULL"],
    ["none", "none"],
    ["'null'", "null"],
    ['"~"', "~"],
    ["!!str null", "null"],
    ["|\n      null", "null"],
    // Quotes and blocks.
    ["'it''s'", "it's"],
    ['"a\\tb\\x41\\u00e9\\"\\/"', 'a\tbAé"/'],
    ["'a\n      b'", "a b"],
    ['"a\\\n      b"', "ab"],
    ["a\n      b", "a b"],
    ["|\n      a\n      b", "a\nb"],
    [">\n      a\n      b", "a b"],
    ["|2\n        a", "a"],
    // Tags and anchors.
    ["!!str 5", "5"],
    ["!!int 5", "5"],
    ["!!float 5", "5"],
    ["! 5", "5"],
    ["!!binary aGk=", "hi"],
    ["&a x", "x"],
    // White space around.
    ["'  x  '", "x"],
    ['"\\tx\\n"', "x"],
    ["   x   ", "x"],
  ];
  for (const [source, expected] of cases) {
    it(`reads ${JSON.stringify(source)} as ${JSON.stringify(expected)}`, () => {
      expect(scalar(source)).to.equal(expected);
    });
  }

  it("reads the same in a mapping of the list itself", () => {
    expect(
      fieldsOf("- {objectName: 0755, objectAlias: ~, objectVersion: 7e10, filePermission: '0400'}"),
    ).to.deep.equal([{ objectName: "0755", objectVersion: "7e10", filePermission: "0400" }]);
  });

  it("keeps keys apart by case, and reads them as text", () => {
    expect(fieldsOf("- {ObjectName: x, 1: y, 'objectName': z, __proto__: p, constructor: c}")).to.deep.equal([
      { objectName: "z" },
    ]);
  });

  it("refuses a list or mapping as a value, with the place and a remedy", () => {
    const words = "unmarshal failed for keyVaultObjects at index 0: ";
    expect(yamlProblems("- {objectName: [a], objectAlias: {b: c}}")).to.deep.equal([
      { code: "OBJECT_FIELD_INVALID", message: `${words}objectName is a list; write one value` },
      { code: "OBJECT_FIELD_INVALID", message: `${words}objectAlias is a mapping; write one value` },
    ]);
  });
});

describe("parameters/parse-objects parseObjects, merge keys and aliases", () => {
  const BASES = "a: &a {objectType: key, objectVersion: '1'}\nb: &b {objectType: cert, objectAlias: f}\n";
  const cases: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ["one mapping", "{<<: *a, objectName: n}", { objectName: "n", objectType: "key", objectVersion: "1" }],
    [
      "own fields before merged ones",
      "{objectType: secret, <<: *a}",
      { objectType: "secret", objectVersion: "1" },
    ],
    [
      "own fields after merged ones",
      "{<<: *a, objectType: secret}",
      { objectType: "secret", objectVersion: "1" },
    ],
    ["the earlier of several", "{<<: [*a, *b]}", { objectType: "key", objectVersion: "1", objectAlias: "f" }],
    ["a mapping on the spot", "{<<: {objectType: cert}}", { objectType: "cert" }],
    [
      "merged in turn",
      "{<<: {<<: *b, objectName: n}}",
      { objectType: "cert", objectAlias: "f", objectName: "n" },
    ],
    ["a quoted << as a mere name", "{'<<': x, objectName: n}", { objectName: "n" }],
    ["an alias as a value", "{objectName: &n x, objectAlias: *n}", { objectName: "x", objectAlias: "x" }],
  ];
  for (const [name, entry, expected] of cases) {
    it(`reads ${name}`, () => {
      expect(fieldsOf(`${BASES}array:\n- ${entry}\n`)).to.deep.equal([expected]);
    });
  }

  it("reads one anchored entry twice", () => {
    expect(fieldsOf("- &e {objectName: n}\n- *e\n")).to.deep.equal([
      { objectName: "n" },
      { objectName: "n" },
    ]);
    expect(fieldsOf("- &e |\n  objectName: n\n- *e\n")).to.deep.equal([
      { objectName: "n" },
      { objectName: "n" },
    ]);
  });

  it("lets a name be given anew: each alias means what stood before it", () => {
    expect(
      fieldsOf("- {objectName: &x a}\n- {objectName: *x}\n- {objectName: &x b}\n- {objectName: *x}"),
    ).to.deep.equal(["a", "a", "b", "b"].map((objectName) => ({ objectName })));
  });

  const WHOLE = "failed to yaml unmarshal objects: ";
  const ENTRY = "unmarshal failed for keyVaultObjects at index 0: ";
  const bad: readonly (readonly [string, string, string])[] = [
    ["a key twice", "- {objectName: a, objectName: b}", `${WHOLE}key "objectName" stands twice in one mapping; keep one of them`],
    ["a key twice in a block", "- |\n  objectName: a\n  objectName: b\n", `${ENTRY}key "objectName" stands twice in one mapping; keep one of them`],
    ["a key twice, once quoted", "- {objectName: a, 'objectName': b}", `${WHOLE}key "objectName" stands twice in one mapping; keep one of them`],
    ["array twice", "array: []\narray: []", `${WHOLE}key "array" stands twice in one mapping; keep one of them`],
    ["an unknown key twice", "- {x: a, x: b}", `${WHOLE}key "x" stands twice in one mapping; keep one of them`],
    ["two merge keys", "- {<<: {}, <<: {}}", `${WHOLE}key "<<" stands twice in one mapping; keep one of them`],
    ["a merge of a text", "- {<<: x}", `${WHOLE}a merge key (<<) needs a mapping or a list of mappings, mostly an alias`],
    ["an alias of nothing", "- {objectName: *hush}", `${WHOLE}alias "hush" names nothing; put an anchor (&) of that name before the value that it repeats`],
    ["an alias of what it stands in", "- &x {objectName: [*x]}", `${WHOLE}alias "x" stands inside of what it names`],
    ["a mapping as a key", "- {{a: b}: c}", `${WHOLE}a mapping is used as the key of a mapping; keys are plain names`],
  ]; // prettier-ignore
  for (const [name, text, expected] of bad) {
    it(`refuses ${name}`, () => {
      const [problem, ...others] = yamlProblems(text);
      expect(others).to.deep.equal([]);
      expect(problem?.message.replace(" (in parameters.objects)", "")).to.equal(expected);
      expect(problem?.code).to.equal(expected.startsWith(WHOLE) ? "OBJECTS_NOT_YAML" : "OBJECT_NOT_YAML");
    });
  }
});
