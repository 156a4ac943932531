import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { type Facts, FIELD_FACTS, PARAMETER_FACTS } from "../../scripts/docs/parameter-facts.js";
import { parametersDocument } from "../../scripts/docs/parameters.js";
import { PARAMETER } from "../../src/parameters/attributes.js";
import { type Attributes, objectsOf, plan, problemsOf } from "../unit/parameters/support.js";

/** A sound class in which one parameter has this value; blank is absent. */
function withParameter(name: string, value: string): Attributes {
  const changes: Record<string, string | undefined> = { [name]: value === "" ? undefined : value };
  if (name === PARAMETER.oldTenantId) changes[PARAMETER.tenantId] = undefined;
  if (name === PARAMETER.cloudEnvironmentFile) changes[PARAMETER.cloudName] = "AzureStackCloud";
  if (name === PARAMETER.userAssignedIdentityId) changes[PARAMETER.useVmManagedIdentity] = "true";
  return changes;
}

function withField(field: string, value: string): Attributes {
  const fields = { objectName: "db", objectType: "secret", [field]: value };
  return { objects: objectsOf(Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ""))) };
}

function holds(name: string, { accepted, refused }: Facts, classWith: typeof withField): void {
  for (const value of accepted) {
    it(`takes ${name}: ${JSON.stringify(value)}`, () => {
      expect(() => plan(classWith(name, value))).to.not.throw();
    });
  }
  for (const { given, code, says } of refused) {
    it(`refuses ${name}: ${JSON.stringify(given)} with ${code}`, () => {
      const problems = problemsOf(() => plan(classWith(name, given)));
      expect(problems.map((problem) => problem.code)).to.deep.equal([code]);
      expect(problems[0]?.message).to.include(says);
    });
  }
}

describe("docs/parameters.md", () => {
  it("is what `npm run docs` writes", async () => {
    expect(await readFile("docs/parameters.md", "utf8")).to.equal(parametersDocument());
  });

  for (const [key, facts] of Object.entries(PARAMETER_FACTS)) {
    holds(PARAMETER[key as keyof typeof PARAMETER], facts, withParameter);
  }
  for (const [field, facts] of Object.entries(FIELD_FACTS)) holds(field, facts, withField);
});
