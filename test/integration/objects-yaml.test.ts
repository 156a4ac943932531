import { expect } from "chai";
import { World } from "../support/world.js";

describe("objects: the YAML", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  /** Every form below asks for the secrets "one" and "two", the second as file "second" of mode 0400. */
  const forms: Record<string, string> = {
    "array of blocks, as the documentation writes them": `
array:
  - |
    objectName: one
    objectType: secret
  - |
    objectName: two
    objectType: secret
    objectAlias: second
    filePermission: 0400
`,
    "array of quoted texts": `
array:
  - "objectName: one\\nobjectType: secret\\n"
  - 'objectName: two

    objectType: secret

    objectAlias: second

    filePermission: 0400'
`,
    "array of mappings": `
array:
  - objectName: one
    objectType: secret
  - objectName: two
    objectType: secret
    objectAlias: second
    filePermission: 0400
`,
    "a plain list of mappings": `
- objectName: one
  objectType: secret
- objectName: two
  objectType: secret
  objectAlias: second
  filePermission: "0400"
`,
    "a plain list of blocks": `
- |
  objectName: one
  objectType: secret
- |
  objectName: two
  objectType: secret
  objectAlias: second
  filePermission: 0400
`,
    "blocks and mappings side by side": `
array:
  - |
    objectName: one
    objectType: secret
  - objectName: two
    objectType: secret
    objectAlias: second
    filePermission: 0400
`,
    "flow style, as JSON": `{"array": ["{\\"objectName\\": \\"one\\", \\"objectType\\": \\"secret\\"}",
      {"objectName": "two", "objectType": "secret", "objectAlias": "second", "filePermission": "0400"}]}`,
    "merge keys, anchors and aliases": `
array:
  - &base
    objectName: one
    objectType: secret
  - <<: *base
    objectName: two
    objectAlias: second
    filePermission: 0400
`,
    "merge keys inside a block": `
array:
  - |
    objectName: one
    objectType: secret
  - |
    <<: {objectType: secret, objectName: other}
    objectName: two
    objectAlias: second
    filePermission: 0400
`,
    "a byte order mark, comments and a document's head": `\uFEFF# the shop's
---
array: # all of them
  - |
    # the first
    objectName: one
    objectType: secret
  - |
    ---
    objectName: two
    objectType: secret
    objectAlias: second # renamed
    filePermission: 0400
`,
    "several documents, of which the first counts": `
array:
  - |
    objectName: one
    objectType: secret
    ---
    objectName: ignored
  - |
    objectName: two
    objectType: secret
    objectAlias: second
    filePermission: 0400
---
array: [ignored]
`,
    "lines that end with CR LF":
      "array:\r\n  - |\r\n    objectName: one\r\n    objectType: secret\r\n" +
      "  - |\r\n    objectName: two\r\n    objectType: secret\r\n    objectAlias: second\r\n    filePermission: 0400\r\n",
    "blanks around values, empty and null fields": `
array:
  - |
    objectName: "  one  "
    objectType: " secret\\n"
    objectAlias: ~
    objectVersion: null
    objectVersionHistory:
    objectFormat: ""
    objectEncoding:
    filePermission: ""
  - |
    objectName: two
    objectType: secret
    objectAlias: '  second '
    filePermission: " 0400 "
`,
    "fields that nobody knows": `
array:
  - |
    objectName: one
    objectType: secret
    objectname: ignored
    ObjectAlias: ignored
    owner: {team: shop}
  - |
    objectName: two
    objectType: secret
    objectAlias: second
    filePermission: 0400
    __proto__: {objectAlias: polluted}
    constructor: x
`,
    "blank items, a mode with a plus and a history below 0, as the old provider": `
array:
  -
  - |
    objectName: one
    objectType: secret
    objectVersionHistory: -1
  - ~
  - |
    objectName: two
    objectType: secret
    objectAlias: second
    filePermission: +400
`,
    "a history of 0 and of 1, quoted too": `
array:
  - |
    objectName: one
    objectType: secret
    objectVersionHistory: "0"
  - |
    objectName: two
    objectType: secret
    objectVersionHistory: 1
    objectAlias: second
    filePermission: 0400
`,
  };
  for (const [name, objects] of Object.entries(forms)) {
    it(`takes ${name}`, async () => {
      const pod = world.pod();
      const [one, two] = [pod.plantSecret("one"), pod.plantSecret("two")];
      const { files } = await pod.mount(objects);
      expect([...files].map(([path, { mode, text }]) => [path, mode, text])).to.deep.equal([
        ["one", 0o644, one],
        ["second", 0o400, two],
      ]);
    });
  }

  describe("keeps the source text of scalars", () => {
    for (const text of [
      "7e10",
      "0755",
      "0x1F",
      "1_000",
      "true",
      "no",
      "2020-01-01",
      ".5",
      "1:30",
      "00",
      "+1",
      "=",
      "NaN",
    ]) {
      it(`objectAlias: ${text}`, async () => {
        const pod = world.pod();
        pod.plantSecret("one");
        const { files } = await pod.mount(
          `array:\n  - |\n    objectName: one\n    objectType: secret\n    objectAlias: ${text}\n`,
        );
        expect([...files.keys()]).to.deep.equal([text]);
      });
    }

    it("objectVersion of digits only, and one that looks like a float", async () => {
      const pod = world.pod();
      const versions = ["12345678901234567890123456789012", "0000000000000000000000000000e123"];
      for (const version of versions) pod.vault.setSecret("one", "v", { version });
      for (const version of versions) {
        const mounted = await pod.mount(
          `array:\n  - |\n    objectName: one\n    objectType: secret\n    objectVersion: ${version}\n`,
        );
        expect(mounted.versions.get("secret/one")).to.equal(version);
      }
    });
  });

  const block = (lines: string): string => `array:\n  - |\n    ${lines.replaceAll("\n", "\n    ")}\n`;
  const good = "objectName: one\nobjectType: secret";
  const refused: { name: string; objects: string; says: string[] }[] = [
    { name: "no YAML", objects: "array: [", says: ["failed to yaml unmarshal objects"] },
    { name: "a tab as indentation", objects: "array:\n\t- x", says: ["failed to yaml unmarshal objects"] },
    { name: "a text", objects: "objectName", says: ["objects"] },
    { name: "an array that is a text", objects: "array: one", says: ["objects"] },
    { name: "an array that is a mapping", objects: "array: {objectName: one}", says: ["objects"] },
    { name: "an empty array", objects: "array: []", says: ["objects"] },
    { name: "array: null", objects: "array:", says: ["objects"] },
    { name: "no array", objects: "{}", says: ["objects", "array"] },
    {
      name: "Array in upper case",
      objects: "Array:\n  - |\n    objectName: one",
      says: ["objects", "array"],
    },
    { name: "an empty list", objects: "[]", says: ["objects"] },
    { name: "comments only", objects: "# nothing", says: ["objects"] },
    { name: "array twice", objects: `${block(good)}array: []`, says: ["failed to yaml unmarshal objects"] },
    {
      name: "an entry that is no YAML",
      objects: `${block(good)}  - |\n    objectName: [\n`,
      says: ["unmarshal failed for keyVaultObjects at index 1"],
    },
    {
      name: "an entry with a field twice",
      objects: block(`${good}\nobjectName: two`),
      says: ["unmarshal failed for keyVaultObjects at index 0"],
    },
    {
      name: "an entry that is a text",
      objects: "array:\n  - one",
      says: ["unmarshal failed for keyVaultObjects at index 0"],
    },
    {
      name: "an entry that is a list",
      objects: "array:\n  - [one]",
      says: ["unmarshal failed for keyVaultObjects at index 0"],
    },
    { name: "an entry that is empty", objects: "array:\n  - ''", says: ["objects[0]", "objectName"] },
    { name: "entries that are all null", objects: "array:\n  - ~\n  -", says: ["objects", "array"] },
    {
      name: "an alias that nobody named",
      objects: "array:\n  - *nobody",
      says: ["failed to yaml unmarshal objects"],
    },
    { name: "a tag of a programming language", objects: 'array:\n  - !!js/function "x"', says: ["0"] },
    {
      name: "a field that is a mapping",
      objects: block("objectName: {a: b}\nobjectType: secret"),
      says: ["index 0", "objectName"],
    },
    {
      name: "a field that is a list",
      objects: block(`${good}\nobjectAlias: [a]`),
      says: ["index 0", "objectAlias"],
    },
    { name: "no objectName", objects: block("objectType: secret"), says: ["file name must not be empty"] },
    {
      name: "objectname in lower case",
      objects: block("objectname: one\nobjectType: secret"),
      says: ["file name must not be empty"],
    },
    {
      name: "an alias but no objectName",
      objects: block("objectAlias: one\nobjectType: secret"),
      says: ["objectName"],
    },
    ...["", "Secret", "certificate", "secrets"].map((type) => ({
      name: `objectType ${JSON.stringify(type)}`,
      objects: block(`objectName: one\nobjectType: ${type}`),
      says: ["Invalid vaultObjectTypes. Should be secret, key, or cert"],
    })),
    {
      name: "objectFormat der",
      objects: block(`${good}\nobjectFormat: der`),
      says: ["invalid objectFormat"],
    },
    {
      name: "objectFormat pfx of a cert",
      objects: block("objectName: one\nobjectType: cert\nobjectFormat: pfx"),
      says: ["PFX format only supported for objectType: secret"],
    },
    {
      name: "objectFormat pfx of a key",
      objects: block("objectName: one\nobjectType: key\nobjectFormat: pfx"),
      says: ["PFX format only supported for objectType: secret"],
    },
    {
      name: "objectEncoding rot13",
      objects: block(`${good}\nobjectEncoding: rot13`),
      says: ["invalid objectEncoding"],
    },
    {
      name: "objectEncoding hex of a key",
      objects: block("objectName: one\nobjectType: key\nobjectEncoding: hex"),
      says: ["objectEncoding only supported for objectType: secret"],
    },
    {
      name: "objectEncoding base64 of a cert",
      objects: block("objectName: one\nobjectType: cert\nobjectEncoding: base64"),
      says: ["objectEncoding only supported for objectType: secret"],
    },
    ...["two", "99999999999999999999", "1e999", "[2]", "0x2z"].map((history) => ({
      name: `objectVersionHistory ${history}`,
      objects: block(`${good}\nobjectVersionHistory: ${history}`),
      says: ["index 0", "objectVersionHistory"],
    })),
    ...["0899", "0o644", "rw-r--r--", "7777", "1000", "-644", "64 4", "0x1ff"].map((mode) => ({
      name: `filePermission ${mode}`,
      objects: block(`${good}\nfilePermission: ${mode}`),
      says: ["objects[0]", "filePermission"],
    })),
  ];
  describe("refuses, before anything is asked", () => {
    for (const { name, objects, says } of refused) {
      it(name, async () => {
        const pod = world.pod();
        const { status, message } = await pod.mountError(objects);
        expect(status).to.equal("INVALID_ARGUMENT");
        for (const words of says) expect(message).to.contain(words);
        expect(world.emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).total).to.equal(0);
      });
    }

    it("all wrong objects at once, each with index and field, in order", async () => {
      const { message } = await world.pod().mountError(`
array:
  - |
    objectName: good
    objectType: secret
  - |
    objectName: one
    objectType: token
  - objectName: two
    objectType: secret
    filePermission: 0899
    objectEncoding: rot13
  - |
    objectName: [
`);
      expect(message).to.match(
        /objectType of objects\[1\].*objectEncoding: "rot13" of objects\[2\].*filePermission "0899" of objects\[2\].*index 3:/,
      );
      expect(message).not.to.contain("objects[0]").and.not.contain("index 0");
    });

    it("with what to write instead", async () => {
      const { message } = await world.pod().mountError(block(`${good}\nfilePermission: 0899`));
      expect(message).to.match(/0899/).and.match(/octal/i);
    });
  });
});
