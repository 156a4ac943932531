import { expect } from "chai";
import { brief, classYaml, findingsOf } from "./support.js";

const OBJECTS = [
  "- {objectName: db, objectType: secret, objectAlias: conf/db}",
  "- {objectName: old, objectType: secret, objectVersionHistory: 2}",
  "- {objectName: web, objectType: secret, objectAlias: web.pem}",
  "- {objectName: web, objectType: cert, objectAlias: leaf.crt}",
  "- {objectName: web, objectType: secret, objectAlias: web.pfx, objectFormat: pfx}",
  "- {objectName: web, objectType: secret, objectAlias: web.p12, objectFormat: pfx, objectEncoding: base64}",
  "- {objectName: sign, objectType: key}",
].join("\n");

type Findings = readonly { readonly code: string; readonly field: string; readonly message: string }[];

/** Findings of a class with these secretObjects, in flow style. */
function check(secretObjects: string, withSeparateFiles = false): Findings {
  return findingsOf(classYaml({ objects: OBJECTS, rest: `secretObjects: ${secretObjects}` }), {
    withSeparateFiles,
  });
}

const secret = (data: string, type = "Opaque", name = "made"): string =>
  `[{secretName: ${name}, type: ${type}, data: [${data}]}]`;
const entry = (objectName: string, key: string): string => `{objectName: "${objectName}", key: "${key}"}`;

describe("commands/validate, secretObjects against the files that will exist", () => {
  for (const file of ["conf/db", "old/0", "old/1", "old/2", "web.pem", " web.pem ", "sign"]) {
    it(`knows the file ${JSON.stringify(file)}`, () => {
      expect(check(secret(entry(file, "k")))).to.deep.equal([]);
    });
  }

  const missing: readonly [file: string, remedy: string][] = [
    ["db", 'write "conf/db"'],
    ["old", 'write "old/0"'],
    ["old/3", "did you mean"],
    ["web.pen", 'did you mean "web.pem"?'],
    ["web.pem.crt", "--write-cert-and-key-in-separate-files"],
    ["quite-another-thing", "write the objectAlias of one of its objects"],
  ];
  for (const [file, remedy] of missing) {
    it(`says that nothing writes ${file}, and what does`, () => {
      const [finding, ...others] = check(secret(entry(file, "k")));
      expect(others).to.deep.equal([]);
      expect(finding).to.include({
        code: "SECRET_OBJECT_FILE_MISSING",
        field: "spec.secretObjects[0].data[0].objectName",
      });
      expect(finding?.message).to.include(remedy);
    });
  }

  it("knows the split files where the provider writes them, of secrets alone", () => {
    expect(check(secret(`${entry("web.pem.crt", "a")}, ${entry("web.pem.key", "b")}`), true)).to.deep.equal(
      [],
    );
    expect(check(secret(entry("sign.key", "a")), true)).to.have.lengthOf(1);
  });

  describe("where an object is wrong", () => {
    /** Which of these files are said to be missing, beside a sound object `db`. */
    const missingBeside = (broken: string, ...files: string[]): string[] => {
      const objects = `- {objectName: db, objectType: secret}\n- ${broken}`;
      const rest = `secretObjects: ${secret(files.map((file, i) => entry(file, `k${i}`)).join(", "))}`;
      const findings = findingsOf(classYaml({ objects, rest }));
      expect(brief(findings)[0]).to.match(/^1[02] error (?:OBJECT|FILE)/);
      return findings
        .filter(({ code }) => code === "SECRET_OBJECT_FILE_MISSING")
        .map(({ message }) => /writes a file "([^"]*)"/.exec(message)?.[1] ?? message);
    };

    it("says what the others do not write, and nothing of names that may be its own", () => {
      const broken = "{objectName: x, objectAlias: conf/y, objectType: nothing}";
      const files = ["db", "bd", "x", "x.crt", "conf/y", "conf/y/0", "y", "xy", "conf"];
      expect(missingBeside(broken, ...files)).to.deep.equal(["bd", "xy", "conf"]);
    });

    for (const broken of [
      "text",
      "{objectType: secret}",
      "{objectName: x, objectAlias: [a], objectType: key}",
    ]) {
      it(`says nothing where its name is not known: ${broken}`, () => {
        expect(missingBeside(broken, "db", "elsewhere")).to.deep.equal([]);
      });
    }

    it("says nothing where the list as a whole cannot be read", () => {
      expect(missingBeside("{", "db")).to.deep.equal([]);
    });
  });
});

describe("commands/validate, secretObjects by themselves", () => {
  const TLS = "kubernetes.io/tls";
  const both = (file: string): string => `${entry(file, "tls.crt")}, ${entry(file, "tls.key")}`;

  it("takes a sound TLS Secret, from a bundle, two files, or the bytes of a PFX", () => {
    expect(check(secret(both("web.pem"), TLS))).to.deep.equal([]);
    expect(
      check(secret(`${entry("leaf.crt", "tls.crt")}, ${entry("web.pem", "tls.key")}`, TLS)),
    ).to.deep.equal([]);
    expect(check(secret(both("web.p12"), TLS))).to.deep.equal([]);
  });

  const bad: readonly [name: string, secretObjects: string, code: string, field: string, words: string][] = [
    [
      "TLS without its key",
      secret(entry("web.pem", "tls.crt"), TLS),
      "SECRET_OBJECT_INVALID",
      "data",
      "add tls.key",
    ],
    ["TLS with a third key", secret(`${both("web.pem")}, ${entry("web.pem", "ca.crt")}`, TLS), "SECRET_OBJECT_INVALID", "data", '"ca.crt" to a Secret of type Opaque'], // prettier-ignore
    ["the key out of a certificate", secret(`${entry("leaf.crt", "tls.crt")}, ${entry("leaf.crt", "tls.key")}`, TLS), "SECRET_OBJECT_INVALID", "data[1].objectName", "a certificate without its private key"], // prettier-ignore
    ["the key out of a public key", secret(`${entry("leaf.crt", "tls.crt")}, ${entry("sign", "tls.key")}`, TLS), "SECRET_OBJECT_INVALID", "data[1].objectName", "a public key only"], // prettier-ignore
    ["the text of a PFX", secret(`${entry("leaf.crt", "tls.crt")}, ${entry("web.pfx", "tls.key")}`, TLS), "SECRET_OBJECT_INVALID", "data[1].objectName", "the base64 text of a PFX"], // prettier-ignore
    ["a registry's Secret without its key", secret(entry("conf/db", "config"), "kubernetes.io/dockerconfigjson"), "SECRET_OBJECT_INVALID", "data", "add .dockerconfigjson"], // prettier-ignore
    ["neither user nor password", secret(entry("conf/db", "x"), "kubernetes.io/basic-auth"), "SECRET_OBJECT_INVALID", "data", "username or password"], // prettier-ignore
    ["a type in other letters", secret(entry("conf/db", "x"), "opaque"), "SECRET_OBJECT_TYPE_UNKNOWN", "type", "did you mean Opaque?"], // prettier-ignore
    ["no type", `[{secretName: a, data: [${entry("conf/db", "x")}]}]`, "SECRET_OBJECT_INVALID", "type", "type is missing"], // prettier-ignore
    ["no name", `[{type: Opaque, data: [${entry("conf/db", "x")}]}]`, "SECRET_OBJECT_INVALID", "secretName", "secretName is missing"], // prettier-ignore
    ["a name that is none", secret(entry("conf/db", "x"), "Opaque", "My_Secret"), "SECRET_OBJECT_INVALID", "secretName", "cannot be the name of a Secret"], // prettier-ignore
    ["no data", secret(""), "SECRET_OBJECT_INVALID", "data", "data is empty"],
    [
      "a key that is none",
      secret(entry("conf/db", "a b")),
      "SECRET_OBJECT_INVALID",
      "data[0].key",
      "cannot be a key",
    ],
    ["no key", secret("{objectName: conf/db}"), "SECRET_OBJECT_INVALID", "data[0].key", "key is missing"],
    ["a number as key", secret("{objectName: conf/db, key: 5}"), "SECRET_OBJECT_INVALID", "data[0].key", "put it in quotes"], // prettier-ignore
    ["one key twice", secret(`${entry("conf/db", "x")}, ${entry("sign", "x")}`), "SECRET_OBJECT_DUPLICATE", "data[1].key", "written by data[0] already"], // prettier-ignore
    ["a field misspelt", `[{secretName: a, type: Opaque, label: {}, data: [${entry("conf/db", "x")}]}]`, "FIELD_UNKNOWN", "", "did you mean labels?"], // prettier-ignore
    ["labels that are no texts", `[{secretName: a, type: Opaque, labels: {a: true}, data: [${entry("conf/db", "x")}]}]`, "SECRET_OBJECT_INVALID", "labels", "a mapping of texts"], // prettier-ignore
  ];
  for (const [name, secretObjects, code, field, words] of bad) {
    it(`sees ${name}`, () => {
      const [finding, ...others] = check(secretObjects);
      expect(others).to.deep.equal([]);
      expect(finding).to.include({ code, field: ["spec.secretObjects[0]", field].filter(Boolean).join(".") });
      expect(finding?.message).to.include(words);
    });
  }

  it("takes types of one's own", () => {
    expect(check(secret(entry("conf/db", "x"), "example.com/token"))).to.deep.equal([]);
  });

  it("sees one Secret twice: in a class it is wrong, in two classes it may be", () => {
    const one = `{secretName: made, type: Opaque, data: [${entry("conf/db", "x")}]}`;
    expect(check(`[${one}, ${one}]`)).to.have.lengthOf(1);
    expect(check(`[${one}, ${one}]`)[0]).to.include({ code: "SECRET_OBJECT_DUPLICATE" });
    const rest = `secretObjects: [${one}]`;
    const classes = ["a", "b"].map((name) => classYaml({ name, objects: OBJECTS, rest }));
    expect(
      findingsOf(classes.join("---\n")).map(({ severity, code }) => `${severity} ${code}`),
    ).to.deep.equal(["warning SECRET_OBJECT_DUPLICATE"]);
  });

  it("says of what is no list, or no mapping in it, what to write", () => {
    for (const wrong of ["{a: b}", "text", "[text]"]) {
      expect(check(wrong)).to.have.lengthOf(1);
      expect(check(wrong)[0]?.message).to.include("secretName, type and data");
    }
  });
});
