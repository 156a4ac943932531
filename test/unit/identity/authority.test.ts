import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { authorityOf } from "../../../src/identity/authority.js";
import { principalKey, type PrincipalParts } from "../../../src/identity/principal.js";
import type { Cloud } from "../../../src/model/cloud.js";

const PUBLIC: Cloud = {
  name: "AzurePublicCloud",
  authorityHost: "https://login.microsoftonline.com",
  vaultDnsSuffix: "vault.azure.net",
  vaultScope: "https://vault.azure.net/.default",
};
const STACK: Cloud = { ...PUBLIC, name: "AzureStackCloud", authorityHost: "https://login.example:8443" };
const AD_FS: Cloud = { ...PUBLIC, name: "AzureStackCloud", authorityHost: "https://adfs.example/adfs" };

describe("identity/authority authorityOf", () => {
  const cases: { cloud: Cloud; tenant: string; url: string; tenantId: string }[] = [
    { cloud: PUBLIC, tenant: "a-b-1", url: "https://login.microsoftonline.com/a-b-1", tenantId: "a-b-1" },
    {
      cloud: PUBLIC,
      tenant: "contoso.onmicrosoft.com",
      url: "https://login.microsoftonline.com/contoso.onmicrosoft.com",
      tenantId: "contoso.onmicrosoft.com",
    },
    { cloud: PUBLIC, tenant: "com", url: "https://login.microsoftonline.com/com", tenantId: "com" },
    { cloud: PUBLIC, tenant: "AdFs", url: "https://login.microsoftonline.com/adfs", tenantId: "adfs" },
    { cloud: STACK, tenant: "t", url: "https://login.example:8443/t", tenantId: "t" },
    { cloud: AD_FS, tenant: "adfs", url: "https://adfs.example/adfs", tenantId: "adfs" },
    { cloud: AD_FS, tenant: "t", url: "https://adfs.example/adfs", tenantId: "adfs" },
    {
      cloud: PUBLIC,
      tenant: "a".repeat(253),
      url: `https://login.microsoftonline.com/${"a".repeat(253)}`,
      tenantId: "a".repeat(253),
    },
  ];
  for (const { cloud, tenant, url, tenantId } of cases) {
    it(`${cloud.authorityHost} and ${tenant.slice(0, 30)}: ${url.slice(0, 60)}`, () => {
      expect(authorityOf(cloud, tenant)).to.include({ url, tenantId });
    });
  }

  it("allows the authority's own origin, and its aliases", () => {
    expect(authorityOf(STACK, "t").origins).to.deep.equal(["https://login.example:8443"]);
    const cloud = { ...PUBLIC, authorityAliases: ["https://other.example"] };
    expect(authorityOf(cloud, "t").origins).to.deep.equal([
      "https://login.microsoftonline.com",
      "https://other.example",
    ]);
  });

  for (const tenant of [
    "",
    ".",
    "..",
    "a/b",
    "a\\b",
    "a%2fb",
    "a?b",
    "a#b",
    "a b",
    "a\n",
    "-a",
    "a.",
    "ä",
    "a".repeat(254),
  ]) {
    it(`refuses ${JSON.stringify(tenant.slice(0, 20))}`, () => {
      expect(() => authorityOf(PUBLIC, tenant))
        .to.throw(ProviderError, "is neither a tenant's id nor a domain name; correct parameters.tenantID")
        .with.property("code", "PARAMETER_INVALID");
    });
  }
});

describe("identity/principal principalKey", () => {
  const base: PrincipalParts = {
    mode: "workload-identity",
    authority: authorityOf(PUBLIC, "t"),
    tenantId: "t",
    clientId: "c",
  };
  const different: { name: string; parts: PrincipalParts }[] = [
    { name: "the mode", parts: { ...base, mode: "service-principal" } },
    { name: "the authority", parts: { ...base, authority: authorityOf(STACK, "t") } },
    { name: "the tenant", parts: { ...base, tenantId: "u" } },
    { name: "the client", parts: { ...base, clientId: "d" } },
    { name: "text moved from one part to the next", parts: { ...base, tenantId: 't","c', clientId: "" } },
  ];
  for (const { name, parts } of different) {
    it(`differs by ${name}`, () => {
      expect(principalKey(parts)).to.not.equal(principalKey(base));
    });
  }
  it("does not differ by case", () => {
    expect(principalKey({ ...base, tenantId: "T", clientId: "C" })).to.equal(principalKey(base));
  });
});
