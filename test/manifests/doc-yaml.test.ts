import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { problemsOfBlock, problemsOfText } from "./support/check-documents.js";
import { yamlBlocks } from "./support/markdown-yaml.js";

/** Paths of all files below a folder with an ending, sorted. */
function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** What Helm makes manifests from is no YAML yet; it is rendered and checked with the chart. */
const isTemplate = (file: string): boolean => file.includes("/templates/");
/** For `kubectl patch`, a part of an object. */
const isPatch = (file: string): boolean => file.endsWith("-patch.yaml");

const pages = ["README.md", ...filesBelow("docs", ".md"), ...filesBelow("manifests", ".md")];
const manifests = filesBelow("manifests", ".yaml").filter((file) => !isTemplate(file));

describe("YAML that people copy", () => {
  describe("in pages", () => {
    for (const page of pages) {
      const text = readFileSync(page, "utf8");
      const blocks = yamlBlocks(text);
      if (blocks.length === 0) continue;
      it(`${page}: ${blocks.length} blocks`, () => {
        expect(blocks.flatMap((block) => problemsOfBlock(block, page)).join("\n")).to.equal("");
      });
    }

    it("is all found", () => {
      const opened = pages.flatMap(
        (page) => readFileSync(page, "utf8").match(/^ *(?:```|~~~) *ya?ml/gm) ?? [],
      );
      const found = pages.flatMap((page) => yamlBlocks(readFileSync(page, "utf8")));
      expect(found).to.have.length(opened.length);
      expect(pages.filter((page) => yamlBlocks(readFileSync(page, "utf8")).length > 0)).to.include.members([
        "README.md",
        "docs/identity.md",
      ]);
    });
  });

  describe("in manifests", () => {
    for (const file of manifests) {
      it(file, () => {
        const text = readFileSync(file, "utf8");
        const problems = isPatch(file)
          ? problemsOfBlock({ line: 1, text, marker: "fragment" }, file)
          : problemsOfText(text, file);
        expect(problems.join("\n")).to.equal("");
      });
    }
  });

  describe("that is wrong is told with its place", () => {
    const SOUND = [
      "apiVersion: secrets-store.csi.x-k8s.io/v1",
      "kind: SecretProviderClass",
      "metadata:",
      "  name: shop",
      "spec:",
      "  provider: azure",
      "  parameters:",
      "    keyvaultName: contoso-shop",
      "    tenantID: 8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59",
      "    clientID: 5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21",
      "    objects: |",
      "      array:",
      "        - objectName: database-password",
      "          objectType: secret",
      "  secretObjects:",
      "    - secretName: shop",
      "      type: Opaque",
      "      data:",
      "        - objectName: database-password",
      "          key: password",
    ].join("\n");
    const POD = [
      "apiVersion: v1",
      "kind: Pod",
      "metadata:",
      "  name: shop",
      "spec:",
      "  containers: []",
      "  volumes:",
      "    - name: vault",
      "      csi:",
      "        driver: secrets-store.csi.k8s.io",
      "        volumeAttributes:",
      "          secretProviderClass: shop",
    ].join("\n");
    const SYNC = [
      "apiVersion: secret-sync.x-k8s.io/v1alpha1",
      "kind: SecretSync",
      "metadata: { name: shop }",
      "spec: { secretObject: { data: [{ sourcePath: tls/bundle, targetKey: a }] } }",
    ].join("\n");

    const pageWith = (yaml: string, marker = ""): string[] =>
      yamlBlocks(`# A page\n\n${marker}\n\`\`\`yaml\n${yaml}\n\`\`\`\n`).flatMap((block) =>
        problemsOfBlock(block, "page.md"),
      );

    it("nothing of what is right", () => {
      expect(pageWith(SOUND)).to.deep.equal([]);
      expect(pageWith(`# a comment\n---\n${SOUND}\n---\n${SOUND.replaceAll("shop", "web")}`)).to.deep.equal(
        [],
      );
    });

    const cases: { name: string; yaml: string; marker?: string; says: RegExp }[] = [
      { name: "no YAML", yaml: "a: [", says: /^page\.md:[56]: / },
      { name: "a key twice", yaml: `${SOUND}\nkind: SecretProviderClass`, says: /^page\.md:25: .*unique/ },
      {
        name: "a boolean in the place of a text",
        yaml: SOUND.replace("    objects: |", "    usePodIdentity: false\n    objects: |"),
        says: /^page\.md:15: SecretProviderClass shop spec\.parameters\.usePodIdentity: /,
      },
      {
        name: "a class that is refused",
        yaml: SOUND.replace("objectType: secret", "objectType: secrets"),
        says: /^page\.md:18: .*objects\[0\]\.objectType: .*Invalid vaultObjectTypes/,
      },
      {
        name: "a parameter that nobody knows",
        yaml: SOUND.replace("    objects: |", "    keyVaultNam: a\n    objects: |"),
        says: /^page\.md:15: .*keyVaultNam/,
      },
      {
        name: "a Secret of a file that does not exist",
        yaml: SOUND.replace(
          "        - objectName: database-password\n          key",
          "        - objectName: password\n          key",
        ),
        says: /^page\.md:23: .*secretObjects\[0\]\.data\[0\]/,
      },
      {
        name: "an object without a name",
        yaml: "apiVersion: v1\nkind: Pod",
        says: /metadata\.name is missing/,
      },
      {
        name: "the second document",
        yaml: `${SOUND}\n---\n${POD}`,
        says: /^page\.md:34: Pod shop spec\.volumes\[0\].*readOnly/,
      },
      {
        name: "a path that SecretSync refuses",
        yaml: SYNC,
        says: /^page\.md:5: SecretSync shop: .*tls\/bundle/,
      },
      {
        name: "a part of something",
        yaml: "spec:\n  replicas: 2",
        says: /^page\.md:5: .*<!-- yaml: fragment -->/,
      },
      {
        name: "a value that the chart lacks",
        yaml: "podMonitor:\n  enable: true",
        says: /no value podMonitor\.enable/,
      },
      { name: "a seed that is none", yaml: "vaults:\n  - nam: a", says: /no seed/ },
      {
        name: "a whole object behind the mark of a part",
        yaml: SOUND,
        marker: "<!-- yaml: fragment -->",
        says: /take <!-- yaml: fragment --> away/,
      },
      {
        name: "a mark that nobody knows",
        yaml: SOUND,
        marker: "<!-- yaml: skip -->",
        says: /"?skip"? --> is not known/,
      },
    ];
    for (const { name, yaml, marker, says } of cases) {
      it(name, () => {
        const problems = pageWith(yaml, marker);
        expect(problems).to.have.length(1);
        expect(problems[0]).to.match(says);
      });
    }

    it("but what is marked as a part, or as wrong on purpose", () => {
      expect(pageWith("spec:\n  replicas: 2", "<!-- yaml: fragment -->")).to.deep.equal([]);
      expect(pageWith("spec: [", "<!-- yaml: wrong on purpose -->")).to.deep.equal([]);
    });
  });
});
