import { expect } from "chai";
import { type Attributes, plan, type PlanOptions, problemsOf, TOKENS_KEY, tokensJson } from "./support.js";

const DEFAULT_CLIENT = "aaaaaaaa-0000-1111-2222-333333333333";
const DEFAULT_TENANT = "bbbbbbbb-0000-1111-2222-333333333333";
const NO_IDENTITY: Attributes = { clientID: undefined };

const withDefaults = (options: PlanOptions = {}): PlanOptions => ({
  ...options,
  defaults: { defaultTenantId: DEFAULT_TENANT, defaultClientId: DEFAULT_CLIENT },
});

describe("parameters/plan-mount planMount, the tenant of the installation", () => {
  const blank: readonly Attributes[] = [
    { tenantID: undefined },
    { tenantID: " " },
    { tenantID: "", tenantId: "\t" },
  ];
  for (const changes of blank) {
    it(`is that of a class with ${JSON.stringify(changes)}`, () => {
      expect(plan(changes, withDefaults()).tenantId).to.equal(DEFAULT_TENANT);
    });
  }

  it("is not that of a class that names one, in either spelling", () => {
    expect(plan({}, withDefaults()).tenantId).to.equal("11111111-2222-3333-4444-555555555555");
    expect(plan({ tenantID: undefined, tenantId: "contoso.example" }, withDefaults()).tenantId).to.equal(
      "contoso.example",
    );
  });

  it("does not stand in for one that is wrong", () => {
    const [problem] = problemsOf(() => plan({ tenantID: "<tenant>" }, withDefaults()));
    expect(problem?.message).to.match(/^tenantID "<tenant>" is no tenant/);
  });

  for (const defaultTenantId of [undefined, ""]) {
    it(`is none with ${JSON.stringify(defaultTenantId)}: the old words`, () => {
      const defaults = defaultTenantId === undefined ? {} : { defaultTenantId };
      expect(problemsOf(() => plan({ tenantID: undefined }, { defaults }))).to.deep.equal([
        {
          code: "PARAMETER_MISSING",
          message: "tenantId is not provided; set tenantID to the tenant of the Key Vault",
        },
      ]);
    });
  }
});

describe("parameters/choose-identity chooseIdentity, the client of the installation", () => {
  it("signs in with the pod's own token, where the class chooses nothing", () => {
    const { identity, warnings } = plan(NO_IDENTITY, withDefaults());
    expect(identity).to.include({ mode: "workload-identity", clientId: DEFAULT_CLIENT });
    expect(identity.mode === "workload-identity" && identity.federatedToken.reveal()).to.equal(
      "exchange.token.value",
    );
    expect(warnings).to.deep.equal([]);
  });

  it("counts beside booleans that are false and a Secret of other things", () => {
    const off = { usePodIdentity: "false", useVMManagedIdentity: "0", useAzureTokenProxy: " " };
    const options = withDefaults({ secrets: { user: "x", clientid: "" } });
    expect(plan({ ...NO_IDENTITY, ...off }, options).identity).to.include({ clientId: DEFAULT_CLIENT });
  });

  const wins: readonly [
    name: string,
    changes: Attributes,
    secrets: NonNullable<PlanOptions["secrets"]> | null,
    expected: object,
  ][] = [
    ["clientID", {}, null, { mode: "workload-identity", clientId: "66666666-7777-8888-9999-000000000000" }],
    ["useVMManagedIdentity", { ...NO_IDENTITY, useVMManagedIdentity: "true" }, null, { mode: "managed-identity", userAssignedIdentityId: "" }], // prettier-ignore
    ["usePodIdentity", { ...NO_IDENTITY, usePodIdentity: "true" }, null, { mode: "pod-identity" }],
    ["nodePublishSecretRef", NO_IDENTITY, { ClientID: "app", clientsecret: "hush" }, { mode: "service-principal", clientId: "app" }], // prettier-ignore
  ];
  for (const [name, changes, secrets, expected] of wins) {
    it(`does not count where the class has ${name}`, () => {
      expect(plan(changes, withDefaults({ secrets })).identity).to.include(expected);
    });
  }

  const refused: readonly [
    name: string,
    changes: Attributes,
    secrets: NonNullable<PlanOptions["secrets"]> | null,
    words: string,
  ][] = [
    ["clientID misspelt", { ...NO_IDENTITY, clientId: "app" }, null, '("clientId" is set; write clientID)'],
    ["a Secret without its client", NO_IDENTITY, { clientsecret: "hush" }, "could not find clientid in secrets"], // prettier-ignore
    ["a Secret without its secret", NO_IDENTITY, { clientid: "app" }, "could not find clientsecret in secrets"], // prettier-ignore
    ["useAzureTokenProxy", { ...NO_IDENTITY, useAzureTokenProxy: "true" }, null, "clientID is required for identity binding"], // prettier-ignore
    ["two modes", { ...NO_IDENTITY, usePodIdentity: "1", useVMManagedIdentity: "1" }, null, "only one identity mode"], // prettier-ignore
    ["no token", { ...NO_IDENTITY, [TOKENS_KEY]: undefined }, null, "failed to get credentials, nodePublishSecretRef secret is not set"], // prettier-ignore
    ["a token for others", { ...NO_IDENTITY, [TOKENS_KEY]: tokensJson("binding") }, null, "failed to get credentials, nodePublishSecretRef secret is not set"], // prettier-ignore
  ];
  for (const [name, changes, secrets, words] of refused) {
    it(`saves nobody from an error: ${name}`, () => {
      const [problem, ...others] = problemsOf(() => plan(changes, withDefaults({ secrets })));
      expect(problem?.message).to.include(words);
      expect(others).to.deep.equal([]);
    });
  }
});
