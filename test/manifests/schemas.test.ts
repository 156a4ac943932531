import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { expect } from "chai";
import { parse, parseAllDocuments } from "yaml";
import { FIELD_FACTS } from "../../scripts/docs/parameter-facts.js";
import { classSchema, objectSchema, schemaText } from "../../scripts/docs/schema.js";
import { CLASS_CASES, parametersOf, SOUND_PARAMETERS } from "../support/class-cases.js";

const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const isClass = ajv.compile(classSchema());
const isObject = ajv.compile(objectSchema());

const classOf = (parameters: unknown, more: object = {}): object => ({
  apiVersion: "secrets-store.csi.x-k8s.io/v1",
  kind: "SecretProviderClass",
  metadata: { name: "shop" },
  spec: { provider: "azure", parameters, ...more },
});

describe("schemas/", () => {
  for (const [file, schema] of [
    ["secretproviderclass.schema.json", classSchema()],
    ["object.schema.json", objectSchema()],
  ] as const) {
    it(`${file} is what \`npm run docs\` writes`, () => {
      expect(readFileSync(path.join("schemas", file), "utf8")).to.equal(schemaText(schema));
    });
  }

  describe("a class", () => {
    for (const given of CLASS_CASES) {
      const isTaken = given.verdict !== "refused";
      it(`${given.name}: ${isTaken ? "taken" : "refused"}`, () => {
        expect(isClass(classOf(parametersOf(given))), JSON.stringify(isClass.errors)).to.equal(isTaken);
      });
    }

    const wrong: readonly [name: string, manifest: object][] = [
      ["a boolean without quotes", classOf({ ...SOUND_PARAMETERS, usePodIdentity: true })],
      ["no parameters", { ...classOf({}), spec: { provider: "azure" } }],
      ["another provider", { ...classOf({}), spec: { provider: "Azure", parameters: SOUND_PARAMETERS } }],
      ["a field of spec misspelt", classOf(SOUND_PARAMETERS, { secretObject: [] })],
      ["a name that is none", { ...classOf(SOUND_PARAMETERS), metadata: { name: "Shop" } }],
      ...[
        { type: "Opaque", data: [{ objectName: "db", key: "x" }] },
        { secretName: "a", type: "Opaque", data: [] },
        { secretName: "a", type: "Opaque", data: [{ objectName: "db" }] },
        { secretName: "a", type: "kubernetes.io/tls", data: [{ objectName: "db", key: "tls.crt" }] },
        {
          secretName: "a",
          type: "kubernetes.io/tls",
          data: ["tls.crt", "tls.key", "ca.crt"].map((key) => ({ objectName: "db", key })),
        },
        { secretName: "a", type: "kubernetes.io/basic-auth", data: [{ objectName: "db", key: "user" }] },
      ].map((secret): [string, object] => [
        JSON.stringify(secret),
        classOf(SOUND_PARAMETERS, { secretObjects: [secret] }),
      ]),
    ];
    for (const [name, manifest] of wrong) {
      it(`refuses ${name}`, () => {
        expect(isClass(manifest)).to.equal(false);
      });
    }
  });

  it("takes every class of the examples", () => {
    const files = readdirSync("manifests/examples", { recursive: true, withFileTypes: true })
      .filter((entry) => entry.name.endsWith(".yaml"))
      .map((entry) => path.join(entry.parentPath, entry.name));
    let count = 0;
    for (const file of files) {
      for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
        const manifest = document.toJS() as { kind?: string } | null;
        if (manifest?.kind !== "SecretProviderClass") continue;
        count += 1;
        expect(isClass(manifest), `${file}: ${JSON.stringify(isClass.errors)}`).to.equal(true);
      }
    }
    expect(count).to.be.greaterThan(10);
  });

  describe("one object", () => {
    const sound = { objectName: "db", objectType: "secret" };
    it("takes a sound one, and no other field", () => {
      expect(isObject(sound)).to.equal(true);
      expect(isObject({ ...sound, objectAlais: "x" })).to.equal(false);
      expect(isObject({ objectName: "db" })).to.equal(false);
    });
    for (const [field, { accepted, refused }] of Object.entries(FIELD_FACTS)) {
      for (const value of accepted) {
        it(`takes ${field}: ${value}`, () => {
          expect(isObject({ ...sound, [field]: value })).to.equal(true);
        });
      }
      // Paths and versions are beyond a schema that is to be read.
      if (["objectAlias", "objectVersion", "objectVersionHistory"].includes(field)) continue;
      for (const { given } of refused) {
        it(`refuses ${field}: ${given.slice(0, 20)}`, () => {
          expect(isObject({ ...sound, [field]: given })).to.equal(false);
        });
      }
    }
  });

  it("are named by the page as editors want it", () => {
    const page = readFileSync("docs/validate.md", "utf8");
    const [, block = ""] = /```yaml\n(# yaml-language-server: \$schema=.*?)```/s.exec(page) ?? [];
    expect(block).to.include("/schemas/secretproviderclass.schema.json\n");
    expect(isClass(parse(block))).to.equal(true);
  });
});
