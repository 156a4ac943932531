import { expect } from "chai";
import fc from "fast-check";
import { readManifest } from "../../../src/commands/manifest/kubernetes-object.js";
import { chooseClass } from "../../../src/commands/try-mount/choose-class.js";
import { CommandError } from "../../../src/commands/command-error.js";
import { FileGuard } from "../../../src/commands/validate/guard.js";
import { brief, classYaml, findingsOf, podYaml } from "./support.js";

const HINT = "it looks like a template: render it first";

/** Values that YAML knows and manifests hardly have, on one line. */
const oddity = fc.constantFrom(
  "{{ .Values.y }}", "{{b}}", "{{b}: d}", "{{}}", "{{}: }", "{[a]: b}", "{[]: {}}", "{: }", "{? a}", "{?}", "[?]", "[: ]", "[{{a}}]",
  "~", "null", "", "!!null", "!!str", "!!set {a, b}", "!!omap [a: 1]", "!!pairs [a: 1]", "!!binary aGk=", "!!int x", "!!float {}",
  "!!map []", "!!seq {}", "!custom x", "!<tag:x> y", "! z", "&a", "&a x", "&a {b: *a}", "*a", "*b", "<<: *a", "{<<: *a}", "{<<: [*a]}",
  "? a", "? {a: b}", "? [a]\n: b", "- a", "a: b", "a: b: c", "- - -", "{*a : b}", "{&a a: *a}", "|", ">", "|2", "'", "\"", "\"\\x\"", "%YAML 1.2", "%TAG ! x",
  "---", "...", "--- {{a}}", "#", "\t", "\ufeff", "\u0000", "\ud800", "`", "@", "0o7", "0x", "1_0", "1:30", ".nan", "-.inf", "2001-01-01", "yes", "__proto__: 1", "constructor: {a: b}",
); // prettier-ignore

const fragment: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: oddity, weight: 6 },
  { arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }), weight: 1 },
  { arbitrary: fc.string({ unit: fc.constantFrom(...Array.from("{}[]:?,-&*!|>'\"%@ \n\tab<#.")), maxLength: 14 }), weight: 4 }, // prettier-ignore
);

/** A class or a pod in which lines are replaced, put in, or have another value. */
const manifest = fc
  .tuple(
    fc.constantFrom(
      `${classYaml({ rest: "secretObjects: [{secretName: a, type: Opaque, data: [{objectName: db, key: k}]}]" })}---\n${podYaml()}`,
      podYaml({ csi: "nodePublishSecretRef: {name: creds}", attributes: "clientID: a" }),
      classYaml({ objects: "array:\n  - |\n    objectName: a\n    objectType: key\n  - objectName: b" }),
    ),
    fc.array(fc.tuple(fc.nat(40), fc.constantFrom("value", "line", "between", "key"), fragment), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([text, changes]) => {
    const lines = text.split("\n");
    for (const [at, how, odd] of changes) {
      const index = at % lines.length;
      const line = lines[index] ?? "";
      const [indent = ""] = /^[ -]*/.exec(line) ?? [];
      if (how === "value") lines[index] = line.replace(/:.*$/s, () => `: ${odd}`);
      else if (how === "key") lines[index] = line.replace(/[\w./]+:/, () => `${odd}:`);
      else lines.splice(index, how === "line" ? 1 : 0, indent + odd);
    }
    return lines.join("\n");
  });

describe("commands, any text whatever", () => {
  it("is told of or taken by validate, and none is an error of the program", () => {
    fc.assert(
      fc.property(fc.oneof({ arbitrary: manifest, weight: 5 }, fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join("\n"))), (text) => {
        // Read by itself first: around the whole there is a guard.
        readManifest("a.yaml", text);
        const broken = findingsOf({ "a.yaml": text, "b.yaml": classYaml({ parameters: "cloudName: moon" }) });
        expect(broken.filter(({ code }) => code === "INTERNAL")).to.deep.equal([]);
        expect(brief(broken.filter(({ file }) => file === "b.yaml"))).to.include(
          "15 error CLOUD_UNKNOWN spec.parameters.cloudName",
        );
      }),
      { numRuns: 800 },
    ); // prettier-ignore
  }).timeout(60_000);

  it("is told of or taken by mount", () => {
    fc.assert(
      fc.property(manifest, (text) => {
        try {
          chooseClass({ name: "a.yaml", text }, "", "azure");
        } catch (error) {
          expect(error).to.be.instanceOf(CommandError);
        }
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  const templates: readonly [name: string, text: string, expected: string][] = [
    ["a value", "x: {{ .Values.y }}\n", "1 error MANIFEST_INVALID"],
    ["a value without a dot", "a: {{b}}\n", "1 error MANIFEST_INVALID"],
    ["a flow map with a flow map as key", "a: {{b}: d}\n", "1 error MANIFEST_INVALID"],
    ["the vault", classYaml().replace("contoso-shop", "{{ .Values.vault }}"), "8 error MANIFEST_INVALID"],
    [
      "the vault in quotes",
      classYaml().replace("contoso-shop", '"{{ .Values.vault }}"'),
      "8 error PARAMETER_INVALID spec.parameters.keyvaultName",
    ],
    ["a call", classYaml().replace("contoso-shop", '{{ include "a" $ }}'), "8 error MANIFEST_INVALID"],
    ["a line of its own", `{{- if .Values.on }}\n${classYaml()}{{- end }}\n`, "2 error MANIFEST_INVALID"],
    [
      "an object's name",
      classYaml({
        objects: "array:\n  - |\n    objectName: {{ .Values.name }}\n    objectType: secret",
      }),
      "12 error OBJECT_NOT_YAML spec.parameters.objects[0]",
    ],
    [
      "all objects",
      classYaml({ objects: "{{ .Values.objects }}" }),
      "10 error OBJECTS_NOT_YAML spec.parameters.objects",
    ],
  ];
  for (const [name, text, expected] of templates) {
    it(`that has a placeholder for ${name} is a template, and costs no other file its findings`, () => {
      const findings = findingsOf({ "a.yaml": text, "b.yaml": classYaml({ parameters: "cloudName: moon" }) });
      const [first] = findings;
      expect(brief(findings.slice(0, 1))).to.deep.equal([expected]);
      expect(first?.message).to.include(HINT);
      expect(findings.at(-1)).to.include({ file: "b.yaml", code: "CLOUD_UNKNOWN" });
    });
  }

  it("has no hint of templates where there is none", () => {
    for (const text of ["a: {[b]: c}\n", "a: [\n", '{"a": {"b": {}}, "a": 1}']) {
      const [finding] = findingsOf(text);
      expect(finding?.code).to.equal("MANIFEST_INVALID");
      expect(finding?.message).to.not.include("template");
    }
  });

  it("says where a value stands that YAML gives no place", () => {
    expect(brief(findingsOf("a: 1\nb:\n  c: {{x}}\n"))).to.deep.equal(["3 error MANIFEST_INVALID"]);
  });
});

describe("commands/validate/guard FileGuard", () => {
  it("makes of what is thrown one finding for each file, with nothing of its message", () => {
    const guard = new FileGuard();
    const fail = (): never => {
      throw new TypeError("hush: a value of a Secret");
    };
    guard.run("a.yaml", fail);
    guard.run("a.yaml", fail);
    expect(guard.run("b.yaml", () => 5)).to.equal(5);
    guard.run("c.yaml", () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw "hush";
    });
    expect(guard.findings.map(({ file, severity, code }) => [file, severity, code])).to.deep.equal([
      ["a.yaml", "error", "INTERNAL"],
      ["c.yaml", "error", "INTERNAL"],
    ]);
    expect(guard.findings[0]?.message).to.include("internal error (TypeError)");
    expect(JSON.stringify(guard.findings)).to.not.include("hush");
  });
});
