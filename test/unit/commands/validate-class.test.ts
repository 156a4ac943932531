import { expect } from "chai";
import { brief, classYaml, findingsOf } from "./support.js";

describe("commands/validate, one class", () => {
  it("finds nothing in a sound one", () => {
    expect(findingsOf(classYaml())).to.deep.equal([]);
  });

  it("says everything at once, each at its line and field, in a mount's own words", () => {
    const findings = findingsOf(
      classYaml({
        parameters: 'useVMManagedIdentity: "yes"\ncloudName: moon\nresourceGroup: x\nkeyVaultName: typo',
        objects: [
          "array:",
          "  - |",
          "    objectName: a",
          "    objectType: secrt",
          "  - |",
          "    objectName: b",
          "    objectAlais: c",
          "    objectType: key",
          '    filePermission: "0899"',
          "  - objectName: d",
          "    objectType: cert",
          "    objectEncoding: base64",
        ].join("\n"),
      }),
    );
    expect(brief(findings)).to.deep.equal([
      "14 error OBJECT_FIELD_INVALID spec.parameters.objects[0].objectType",
      "16 warning CLASS_IGNORED_SETTING spec.parameters.objects[1]",
      "19 error OBJECT_FIELD_INVALID spec.parameters.objects[1].filePermission",
      "22 error OBJECT_FIELD_INVALID spec.parameters.objects[2].objectEncoding",
      "23 error PARAMETER_INVALID spec.parameters.useVMManagedIdentity",
      "24 error CLOUD_UNKNOWN spec.parameters.cloudName",
      "25 warning CLASS_IGNORED_SETTING spec.parameters.resourceGroup",
      "26 warning CLASS_IGNORED_SETTING spec.parameters.keyVaultName",
    ]);
    expect(findings.map(({ message }) => message)).to.include.members([
      'cloudName "moon" is not valid; write AzurePublicCloud, AzureUSGovernmentCloud, AzureChinaCloud, AzureGermanCloud or AzureStackCloud',
      'objects[1] has an unknown field "objectAlais", which is ignored; did you mean objectAlias?',
    ]);
  });

  it("finds the line in mappings and plain lists too, and says at least the parameter of other forms", () => {
    const lineOf = (objects: string): number | undefined => findingsOf(classYaml({ objects }))[0]?.line;
    expect(lineOf("array:\n  - objectName: a\n    objectType: x")).to.equal(13);
    expect(lineOf("- objectName: a\n  objectType: secret\n- objectType: x\n  objectName: b")).to.equal(13);
    expect(lineOf("array: [")).to.equal(10);
    expect(lineOf('["objectName: a"]')).to.equal(11);
    const folded = classYaml()
      .replace("objects: |", "objects: >")
      .replace("objectType: secret", "objectType: x");
    expect(findingsOf(folded)[0]?.line).to.equal(10);
  });

  const envelope: readonly [name: string, from: string, to: string, expected: string[]][] = [
    ["an old apiVersion", "k8s.io/v1", "k8s.io/v1alpha1", ["1 warning CLASS_DEPRECATED apiVersion"]],
    ["a wrong apiVersion", "k8s.io/v1", "k8s.io/v2", ["1 error CLASS_INVALID apiVersion"]],
    [
      "no apiVersion",
      "apiVersion: secrets-store.csi.x-k8s.io/v1\n",
      "",
      ["1 error CLASS_INVALID apiVersion"],
    ],
    ["a name that is none", "name: shop", "name: Shop_1", ["4 error CLASS_INVALID metadata.name"]],
    [
      "the provider in other letters",
      "provider: azure",
      "provider: Azure",
      ["6 error CLASS_INVALID spec.provider"],
    ],
    ["no provider", "  provider: azure\n", "", ["1 error CLASS_INVALID spec.provider"]],
    ["a boolean without quotes", "clientID: 5a", "useAzureTokenProxy: false\n    clientID: 5a", ["15 error CLASS_INVALID spec.parameters.useAzureTokenProxy"]], // prettier-ignore
    ["yes, which kubectl takes for a boolean", "clientID: 5a", "useAzureTokenProxy: off\n    clientID: 5a", ["15 error CLASS_INVALID spec.parameters.useAzureTokenProxy", "15 error PARAMETER_INVALID spec.parameters.useAzureTokenProxy"]], // prettier-ignore
    ["a number", "keyvaultName: contoso-shop", "keyvaultName: 12345", ["8 error CLASS_INVALID spec.parameters.keyvaultName"]], // prettier-ignore
    ["a null", "clientID: 5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21", "clientID: 5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21\n    cloudName:", ["16 error CLASS_INVALID spec.parameters.cloudName"]], // prettier-ignore
    ["a field beside spec's", "  provider: azure", "  provider: azure\n  secretObject: []", ["7 warning FIELD_UNKNOWN spec"]], // prettier-ignore
    ["a tenant that looks like a date", "8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59", "2001-01-01", []],
  ];
  for (const [name, from, to, expected] of envelope) {
    it(`sees ${name}`, () => {
      const manifest = classYaml().replace(from, to);
      expect(manifest).to.not.equal(classYaml());
      expect(brief(findingsOf(manifest))).to.deep.equal(expected);
    });
  }

  describe("without an identity", () => {
    const lost = classYaml({ parameters: "" });

    it("warns where no volume is in the files", () => {
      expect(brief(findingsOf(lost))).to.deep.equal(["1 warning IDENTITY_OUTSIDE_CLASS spec.parameters"]);
    });

    it("is fine where the installation has a default client", () => {
      const defaults = { cloudName: "AzurePublicCloud", defaultClientId: "app" } as const;
      expect(findingsOf(lost, { defaults })).to.deep.equal([]);
    });

    it("takes the default tenant", () => {
      const manifest = classYaml().replace(/ +tenantID.*\n/, "");
      expect(brief(findingsOf(manifest))).to.deep.equal([
        "7 error PARAMETER_MISSING spec.parameters.tenantID",
      ]);
      const defaults = { cloudName: "AzurePublicCloud", defaultTenantId: "contoso.example" } as const;
      expect(findingsOf(manifest, { defaults })).to.deep.equal([]);
    });
  });

  it("says what else is wrong with the identity where a flag means yes and is no boolean", () => {
    const codes = (parameters: string): string[] => brief(findingsOf(classYaml({ parameters })));
    const id =
      "/subscriptions/1/resourceGroups/a/providers/Microsoft.ManagedIdentity/userAssignedIdentities/b";
    expect(codes(`useVMManagedIdentity: "Yes"\nuserAssignedIdentityID: ${id}`)).to.deep.equal([
      "15 error PARAMETER_INVALID spec.parameters.useVMManagedIdentity",
      "16 error PARAMETER_INVALID spec.parameters.userAssignedIdentityID",
    ]);
    for (const yes of ["yes", "on", "tru", "Yes "]) {
      const findings = codes(`useVMManagedIdentity: "${yes}"\nuseAzureTokenProxy: "true"`);
      expect(findings.join("\n"), yes).to.include("error IDENTITY_CONFLICT");
    }
    for (const no of ["no", "off", "flase", "perhaps"]) {
      const findings = codes(
        `useVMManagedIdentity: "${no}"\nusePodIdentity: "true"\nuserAssignedIdentityID: ${id}`,
      );
      expect(
        findings.filter((line) => line.includes("error")),
        no,
      ).to.deep.equal(["15 error PARAMETER_INVALID spec.parameters.useVMManagedIdentity"]);
    }
  });

  it("says of two classes with one name which is the later, and what that means", () => {
    const twice = `${classYaml()}---\n${classYaml()}`;
    expect(brief(findingsOf(twice))).to.deep.equal(["17 error CLASS_DUPLICATE metadata.name"]);
    expect(brief(findingsOf({ "a.yaml": classYaml(), "b.yaml": classYaml() }))).to.deep.equal([
      "1 warning CLASS_DUPLICATE metadata.name",
    ]);
    expect(findingsOf({ "one/a.yaml": classYaml(), "two/a.yaml": classYaml() })).to.deep.equal([]);
    const apart =
      classYaml({ metadata: "namespace: one" }) + "---\n" + classYaml({ metadata: "namespace: two" });
    expect(findingsOf(apart)).to.deep.equal([]);
  });

  it("looks into Lists, and passes over other providers and kinds", () => {
    const item = JSON.stringify({
      apiVersion: "secrets-store.csi.x-k8s.io/v1",
      kind: "SecretProviderClass",
      metadata: { name: "a" },
      spec: { provider: "azure", parameters: {} },
    });
    const other = item.replace('"azure"', '"vault"');
    const list = `{"apiVersion":"v1","kind":"List","items":[\n${item},\n${other},\n{"kind":"ConfigMap"}]}`;
    expect(brief(findingsOf(list)).filter((line) => line.includes("keyvaultName"))).to.deep.equal([
      "2 error PARAMETER_MISSING spec.parameters.keyvaultName",
    ]);
    expect(findingsOf(list).every(({ line }) => line === 2)).to.equal(true);
  });

  it("says that it found nothing to check", () => {
    expect(brief(findingsOf("kind: ConfigMap\napiVersion: v1\n"))).to.deep.equal([
      "- warning NOTHING_TO_CHECK",
    ]);
  });

  it("shows at most the problems that a mount shows, and says that there are more", () => {
    const objects = Array.from({ length: 80 }, (_, i) => `- {objectName: a${i}, objectType: x}`).join("\n");
    const findings = findingsOf(classYaml({ objects }));
    expect(findings).to.have.lengthOf(51);
    expect(findings[0]?.message).to.include("only the first 50 problems are shown");
  });
});
