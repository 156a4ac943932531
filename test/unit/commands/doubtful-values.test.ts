import { expect } from "chai";
import { brief, classYaml, findingsOf } from "./support.js";

const UUID = "5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21";

/** Findings of a class with these parameters, without their lines. */
const of = (parameters: string): string[] =>
  brief(findingsOf(classYaml({ parameters }))).map((line) => line.replace(/^\d+ /, ""));
const ofObject = (fields: string): string[] =>
  brief(findingsOf(classYaml({ objects: `- {objectType: secret, ${fields}}` })));

describe("commands/validate, what the rules take and a service will not", () => {
  const doubtful: readonly [parameters: string, field: string][] = [
    [`clientID: my-identity`, "clientID"],
    [
      "clientID: /subscriptions/1/resourceGroups/a/providers/Microsoft.ManagedIdentity/userAssignedIdentities/b",
      "clientID",
    ],
    [`useVMManagedIdentity: "true"\nuserAssignedIdentityID: my-identity`, "userAssignedIdentityID"],
    [`clientID: ${UUID}\ntenantId: contoso.example`, "tenantId"],
  ];
  for (const [parameters, field] of doubtful) {
    it(`warns of ${parameters.split("\n").at(-1) ?? ""}`, () => {
      expect(of(parameters)).to.deep.equal([`warning VALUE_DOUBTFUL spec.parameters.${field}`]);
    });
  }

  const fine: readonly [name: string, parameters: string][] = [
    ["a client ID in capitals", `clientID: ${UUID.toUpperCase()}`],
    ["one tenant in both spellings", `clientID: ${UUID}\ntenantId: 8E6B1F3A-2c9d-4b75-a0e4-6f1d2c3b4a59`],
    ["an application of AD FS", "clientID: https://app.example\ncloudName: AzureStackCloud"],
    ["the identity of a machine", 'useVMManagedIdentity: "true"'],
  ];
  for (const [name, parameters] of fine) {
    it(`takes ${name}`, () => {
      expect(of(parameters)).to.deep.equal([]);
    });
  }

  it("says what Azure has given up, and what to move to", () => {
    const findings = findingsOf(
      classYaml({ parameters: 'usePodIdentity: "true"\ncloudName: azuregermancloud' }),
    );
    expect(brief(findings)).to.deep.equal([
      "15 warning SETTING_OUTDATED spec.parameters.usePodIdentity",
      "16 warning SETTING_OUTDATED spec.parameters.cloudName",
    ]);
    expect(findings.map(({ message }) => message).join()).to.include("workload identity").and.to.include("AzurePublicCloud"); // prettier-ignore
    expect(of(`clientID: ${UUID}\nusePodIdentity: "false"`)).to.deep.equal([]);
  });

  const objects: readonly [fields: string, field: string | undefined][] = [
    ["objectName: db_password, objectAlias: a", "objectName"],
    ["objectName: a.b", "objectName"],
    ["objectName: a/b, objectAlias: a", "objectName"],
    [`objectName: ${"a".repeat(127)}`, undefined],
    ["objectName: a, objectVersion: v1", "objectVersion"],
    [`objectName: a, objectVersion: ${"0aF9".repeat(8)}`, undefined],
    [`objectName: a, objectVersion: ${"0aF9".repeat(8)}0`, "objectVersion"],
    ["objectName: a, objectVersion: Latest", undefined],
    ['objectName: a, objectVersion: ""', undefined],
    ["objectName: a, objectVersionHistory: -2", "objectVersionHistory"],
    ["objectName: a, objectVersionHistory: 0", undefined],
  ];
  for (const [fields, field] of objects) {
    it(`${field === undefined ? "takes" : "warns of"} ${fields.slice(0, 60)}`, () => {
      expect(ofObject(fields)).to.deep.equal(
        field === undefined ? [] : [`11 warning VALUE_DOUBTFUL spec.parameters.objects[0].${field}`],
      );
    });
  }

  it("says nothing beside the error of the same field", () => {
    expect(ofObject(`objectName: ${"a".repeat(128)}`)).to.deep.equal([
      "11 error OBJECT_FIELD_INVALID spec.parameters.objects[0].objectName",
    ]);
    expect(of("clientID: a b")).to.deep.equal(["error PARAMETER_INVALID spec.parameters.clientID"]);
  });

  it("says of many objects no more than the first 50", () => {
    const many = Array.from({ length: 80 }, (_, i) => `- {objectName: a_${i}, objectType: secret}`).join(
      "\n",
    );
    expect(findingsOf(classYaml({ objects: many }))).to.have.lengthOf(50);
  });
});
