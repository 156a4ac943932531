import { expect } from "chai";
import type { KeyVaultObject } from "../../../src/model/key-vault-object.js";
import { MAX_OBJECT_NAME_LENGTH, MAX_OBJECT_VERSION_LENGTH } from "../../../src/parameters/object-rules.js";
import { objectsOf, plan, problemsOf } from "./support.js";

/** `undefined` takes a field away. */
type Fields = Readonly<Record<string, string | undefined>>;

const BASE = { objectName: "db", objectType: "secret" };
function objectOf(fields: Fields): string {
  const all: Fields = { ...BASE, ...fields };
  return objectsOf(
    Object.fromEntries(
      Object.entries(all).filter((field): field is [string, string] => field[1] !== undefined),
    ),
  );
}
const one = (fields: Fields): KeyVaultObject => {
  const [object] = plan({ objects: objectOf(fields) }).objects;
  if (object === undefined) throw new Error("no object");
  return object;
};
const problems = (fields: Fields): { code: string; message: string }[] =>
  problemsOf(() => plan({ objects: objectOf(fields) }));

/** What stands before each problem of an object. */
const about = (type = "secret", name = "db", version = ""): string =>
  `failed to get objectType:${type}, objectName:${name}, objectVersion:${version}: `;

describe("parameters/object-rules applyObjectRules, accepted", () => {
  it("fills in what an object does not say", () => {
    expect(one({})).to.deep.equal({
      index: 0,
      type: "secret",
      name: "db",
      fileName: "db",
      version: "",
      historyCount: 0,
      format: "pem",
      encoding: "utf-8",
      fileMode: 0o644,
    });
  });

  const cases: readonly (readonly [string, Fields, Partial<KeyVaultObject>])[] = [
    ["a key", { objectType: "key" }, { type: "key" }],
    ["a cert", { objectType: "cert" }, { type: "cert" }],
    ["an alias", { objectAlias: "a/b.pem" }, { name: "db", fileName: "a/b.pem" }],
    ["a version", { objectVersion: "0123456789abcdef0123456789abcdef" }, { version: "0123456789abcdef0123456789abcdef" }],
    ["a version like a float", { objectVersion: "7e10" }, { version: "7e10" }],
    ["latest", { objectVersion: "latest" }, { version: "" }],
    ["LATEST", { objectVersion: "LATEST" }, { version: "" }],
    ["a history of 2", { objectVersionHistory: "2" }, { historyCount: 2, fileName: "db" }],
    ["a history of latest", { objectVersionHistory: "5", objectVersion: "latest" }, { historyCount: 5, version: "" }],
    ["a history as a fraction", { objectVersionHistory: "3.9" }, { historyCount: 3 }],
    ["the longest history", { objectVersionHistory: "2147483647" }, { historyCount: 2147483647 }],
    ["a history of 1", { objectVersionHistory: "1" }, { historyCount: 0 }],
    ["a history of 0", { objectVersionHistory: "0" }, { historyCount: 0 }],
    ["a history of -3", { objectVersionHistory: "-3" }, { historyCount: 0 }],
    ["a history in a folder a/", { objectVersionHistory: "2", objectAlias: "a/" }, { fileName: "a" }],
    ["a history in a folder ./a//b", { objectVersionHistory: "2", objectAlias: "./a//b" }, { fileName: "a/b" }],
    ["a history at the top", { objectVersionHistory: "2", objectAlias: "." }, { fileName: "" }],
    ["pfx", { objectFormat: "pfx" }, { format: "pfx" }],
    ["PFX", { objectFormat: "PFX" }, { format: "pfx" }],
    ["Pem of a key", { objectFormat: "Pem", objectType: "key" }, { format: "pem" }],
    ["utf-8", { objectEncoding: "UTF-8" }, { encoding: "utf-8" }],
    ["base64", { objectEncoding: "Base64" }, { encoding: "base64" }],
    ["hex", { objectEncoding: "HEX" }, { encoding: "hex" }],
    ["a mode", { filePermission: "0400" }, { fileMode: 0o400 }],
    ["mode 0", { filePermission: "0" }, { fileMode: 0 }],
    ["mode 0777", { filePermission: "0777" }, { fileMode: 0o777 }],
    ["a name that is none of Key Vault's", { objectName: "my_secret" }, { name: "my_secret" }],
    ["a name of 126", { objectName: "x".repeat(MAX_OBJECT_NAME_LENGTH - 1) }, {}],
    ["a name of 127", { objectName: "x".repeat(MAX_OBJECT_NAME_LENGTH) }, {}],
    ["a version of 128", { objectVersion: "x".repeat(MAX_OBJECT_VERSION_LENGTH) }, {}],
    ["a name with a slash and its own file", { objectName: "a/b", objectAlias: "c" }, { name: "a/b", fileName: "c" }],
  ]; // prettier-ignore
  for (const [name, fields, expected] of cases) {
    it(`takes ${name}`, () => {
      const { objectName: given, objectVersion: version } = { objectVersion: "", ...BASE, ...fields };
      const untouched = Object.keys(expected).length === 0 ? { name: given, version } : {};
      expect(one(fields)).to.include({ ...untouched, ...expected });
    });
  }

  it("gives an object without filePermission the request's mode", () => {
    expect(plan({}, { permission: "256" }).objects[0]?.fileMode).to.equal(0o400);
    expect(plan({}, { permission: "null" }).objects[0]?.fileMode).to.equal(0);
  });

  it("takes PFX in upper case of a key as PEM, as the old provider does, with a word", () => {
    const { objects, warnings } = plan({
      objects: objectsOf({ ...BASE, objectType: "cert", objectFormat: "PFX" }),
    });
    expect(objects[0]?.format).to.equal("pem");
    expect(warnings).to.deep.equal([
      'objectFormat "PFX" of objects[0] is ignored: a cert is always PEM; set objectType to secret for a PFX',
    ]);
  });
});

describe("parameters/object-rules applyObjectRules, refused", () => {
  const TYPES = "Invalid vaultObjectTypes. Should be secret, key, or cert; objectType of objects[0] is ";
  const cases: readonly { name: string; fields: Fields; code?: string; message: string }[] = [
    { name: "no type", fields: { objectType: "" }, message: `${about("")}${TYPES}missing` },
    { name: "a misspelt type", fields: { objectType: undefined, objecttype: "key" }, message: `${about("")}${TYPES}missing ("objecttype" is there; write objectType)` },
    { name: "a type in another case", fields: { objectType: "Secret" }, message: `${about("Secret")}${TYPES}"Secret": write secret` },
    { name: "certificate", fields: { objectType: "certificate" }, message: `${about("certificate")}${TYPES}"certificate": write cert` },
    { name: "another type", fields: { objectType: "password" }, message: `${about("password")}${TYPES}"password"` },
    { name: "no name", fields: { objectName: "" }, message: `${about("secret", "")}file name must not be empty: objectName of objects[0] is missing; write the name of the object in the vault` },
    { name: "no name, but an alias", fields: { objectName: "", objectAlias: "a" }, message: `${about("secret", "")}objectName of objects[0] is missing; write the name of the object in the vault` },
    { name: "a misspelt name", fields: { objectName: undefined, objectname: "x" }, message: `${about("secret", "")}file name must not be empty: objectName of objects[0] is missing ("objectname" is there; write objectName); write the name of the object in the vault` },
    { name: "a name with a line break", fields: { objectName: "a\nb", objectAlias: "x" }, message: `${about("secret", "a\\nb")}objectName "a\\nb" of objects[0] cannot be the name of an object in a vault; names are letters, digits and hyphens, at most 127` },
    { name: "a name of dots", fields: { objectName: "..", objectAlias: "x" }, message: `${about("secret", "..")}objectName ".." of objects[0] cannot be the name of an object in a vault; names are letters, digits and hyphens, at most 127` },
    { name: "a version with a control", fields: { objectVersion: "a\u0007b" }, message: `${about("secret", "db", "a\\u{7}b")}objectVersion "a\\u{7}b" of objects[0] cannot be a version; write its 32 hexadecimal digits, or leave it out for the newest` },
    { name: "a version of dots", fields: { objectVersion: "." }, message: `${about("secret", "db", ".")}objectVersion "." of objects[0] cannot be a version; write its 32 hexadecimal digits, or leave it out for the newest` },
    { name: "a history of words", fields: { objectVersionHistory: "all" }, message: `${about()}unmarshal failed for keyVaultObjects at index 0: objectVersionHistory "all" is no whole number; write how many versions to mount, or leave it out` },
    { name: "a history beyond 32 bits", fields: { objectVersionHistory: "2147483648" }, message: `${about()}unmarshal failed for keyVaultObjects at index 0: objectVersionHistory "2147483648" is no whole number; write how many versions to mount, or leave it out` },
    { name: "an unknown format", fields: { objectFormat: "der" }, message: `${about()}invalid objectFormat: "der" of objects[0], should be pem or pfx` },
    { name: "pfx of a key", fields: { objectType: "key", objectFormat: "pfx" }, message: `${about("key")}PFX format only supported for objectType: secret; objects[0] is a key: set objectType to secret, or objectFormat to pem` },
    { name: "an unknown encoding", fields: { objectEncoding: "base32" }, message: `${about()}invalid objectEncoding: "base32" of objects[0], should be hex, base64 or utf-8` },
    { name: "an encoding of a cert", fields: { objectType: "cert", objectEncoding: "utf-8" }, message: `${about("cert")}objectEncoding only supported for objectType: secret; objects[0] is a cert: remove objectEncoding` },
    ...["0899", "0o644", "rw-r--r--", "7777", "01000", "-1", "0x1ff"].map((filePermission) => ({ name: `mode ${filePermission}`, fields: { filePermission }, message: `${about()}filePermission "${filePermission}" of objects[0] is no file mode; write octal digits from 0000 to 0777, for example "0644"` })),
    ...(
      [
        ["/a", "file name must be a relative path; take the / off its beginning"],
        ["../a", "file name must not contain '..'; write the path from the top of the volume"],
        ["a..b", "file name must not contain '..'; write the path from the top of the volume"],
        [".", "file name must not have empty parts or '.': write a/b, not a//b, a/./b, ./a or a/"],
        ["a//b", "file name must not have empty parts or '.': write a/b, not a//b, a/./b, ./a or a/"],
        ["x/", "file name must not have empty parts or '.': write a/b, not a//b, a/./b, ./a or a/"],
      ] as const
    ).map(([objectAlias, words]) => ({ name: `file ${objectAlias}`, fields: { objectAlias }, code: "FILE_NAME_INVALID", message: `${about()}${words}; objectAlias of objects[0] is "${objectAlias}"` })),
    { name: "a NUL in a file", fields: { objectAlias: "a\0b" }, code: "FILE_NAME_INVALID", message: `${about()}file name must not contain a NUL character; objectAlias of objects[0] is "a\\u{0}b"` },
    { name: "a name that makes no file", fields: { objectName: "a//b" }, code: "FILE_NAME_INVALID", message: `${about("secret", "a//b")}file name must not have empty parts or '.': write a/b, not a//b, a/./b, ./a or a/; objectName of objects[0] is "a//b"; set objectAlias to the name of the file` },
    { name: "an absolute folder of a history", fields: { objectAlias: "/a", objectVersionHistory: "2" }, code: "FILE_NAME_INVALID", message: `${about()}file name must be a relative path; take the / off its beginning; objectAlias of objects[0] is "/a"` },
    { name: "a folder of a history above the volume", fields: { objectAlias: "a/../b", objectVersionHistory: "2" }, code: "FILE_NAME_INVALID", message: `${about()}file name must not contain '..'; write the path from the top of the volume; objectAlias of objects[0] is "a/../b"` },
  ]; // prettier-ignore
  for (const { name, fields, code = "OBJECT_FIELD_INVALID", message } of cases) {
    it(`says of ${name} where it is and what to write`, () => {
      expect(problems(fields)).to.deep.equal([{ code, message }]);
    });
  }

  it("refuses a name of 128 characters and a version of 129, shown shortened", () => {
    for (const fields of [
      { objectName: "x".repeat(MAX_OBJECT_NAME_LENGTH + 1) },
      { objectVersion: "x".repeat(MAX_OBJECT_VERSION_LENGTH + 1) },
    ]) {
      const [problem, ...others] = problems(fields);
      expect(others).to.deep.equal([]);
      expect(problem?.code).to.equal("OBJECT_FIELD_INVALID");
      expect(problem?.message.length).to.be.below(500);
    }
  });

  it("names everything that is wrong with one object, in the order of its fields", () => {
    const messages = problems({
      objectType: "Key",
      objectName: "..",
      objectAlias: "/x",
      objectVersion: "a\nb",
      objectVersionHistory: "x",
      objectFormat: "der",
      objectEncoding: "x",
      filePermission: "9",
    }).map(({ message }) => message.replace(/^failed to get .*?objectVersion:a\\nb: /, ""));
    const order = ["Invalid vaultObjectTypes", "objectName", "unmarshal failed", "file name must be", "objectVersion", "invalid objectFormat", "invalid objectEncoding", "filePermission"]; // prettier-ignore
    expect(messages.map((message) => order.find((words) => message.startsWith(words)))).to.deep.equal(order);
  });

  it("says of a field that cannot be read only that, not that it is missing", () => {
    const messages = (entry: string): string[] =>
      problemsOf(() => plan({ objects: `- ${entry}` })).map(({ message }) => message);
    expect(messages("{objectName: [a], objectType: {b: c}}")).to.deep.equal([
      "unmarshal failed for keyVaultObjects at index 0: objectName is a list; write one value",
      "unmarshal failed for keyVaultObjects at index 0: objectType is a mapping; write one value",
    ]);
    expect(messages(`{objectName: a, objectAlias: ${"x".repeat(5000)}, objectType: key}`)).to.deep.equal([
      "objectAlias of objects[0] is 5000 characters long; at most 4096 are read: write a shorter one",
    ]);
  });
});
