import { expect } from "chai";
import { parseStackEnvironment } from "../../../src/cloud/stack-environment.js";

/** An environment as Azure Stack Hub's documentation shows it, with what else such files hold. */
const HUB = {
  name: "AzureStackCloud",
  managementPortalURL: "https://portal.local.azurestack.external/",
  activeDirectoryEndpoint: "https://login.microsoftonline.com/",
  keyVaultEndpoint: "https://vault.local.azurestack.external/",
  keyVaultDNSSuffix: "vault.local.azurestack.external",
  tokenAudience: "https://management.contoso.onmicrosoft.com/f7d2dc26",
  resourceIdentifiers: {
    graph: "N/A",
    keyVault: "https://vault.contoso.onmicrosoft.com/f7d2dc26",
    batch: "N/A",
  },
};

function without(...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(HUB).filter(([name]) => !names.includes(name)));
}

describe("cloud/stack-environment parseStackEnvironment", () => {
  describe("reads", () => {
    const cases: {
      name: string;
      json: string;
      authority?: string;
      suffix?: string;
      scope?: string;
    }[] = [
      { name: "a whole file", json: JSON.stringify(HUB, null, 2) },
      { name: "a file with a BOM", json: `\uFEFF${JSON.stringify(HUB)}` },
      {
        name: "keys in another case, as Go does",
        json: JSON.stringify(
          Object.fromEntries(Object.entries(HUB).map(([key, value]) => [key.toUpperCase(), value])),
        ),
      },
      {
        name: "AD FS",
        json: JSON.stringify({
          ...HUB,
          activeDirectoryEndpoint: "https://adfs.local.azurestack.external/adfs/",
        }),
        authority: "https://adfs.local.azurestack.external/adfs",
      },
      {
        name: "AD FS in capitals",
        json: JSON.stringify({ ...HUB, activeDirectoryEndpoint: "HTTPS://ADFS.Example/ADFS" }),
        authority: "https://adfs.example/adfs",
      },
      {
        name: "an authority with a port",
        json: JSON.stringify({ ...HUB, activeDirectoryEndpoint: "https://localhost:8443" }),
        authority: "https://localhost:8443",
      },
      {
        name: "a suffix with a leading dot, capitals and spaces around",
        json: JSON.stringify({ ...HUB, keyVaultDNSSuffix: " .Vault.Example " }),
        suffix: "vault.example",
      },
      {
        name: "a suffix with a port",
        json: JSON.stringify({ ...HUB, keyVaultDNSSuffix: "vault.localhost:8443" }),
        suffix: "vault.localhost:8443",
      },
      {
        name: "the endpoint where there is no suffix",
        json: JSON.stringify(without("keyVaultDNSSuffix")),
      },
      {
        name: "the suffix's host where no resource is named",
        json: JSON.stringify({
          ...without("resourceIdentifiers"),
          keyVaultDNSSuffix: "vault.localhost:8443",
        }),
        suffix: "vault.localhost:8443",
        scope: "https://vault.localhost/.default",
      },
      {
        name: "the same where the resource is not available",
        json: JSON.stringify({ ...HUB, resourceIdentifiers: { keyVault: "N/A" } }),
        scope: "https://vault.local.azurestack.external/.default",
      },
      {
        name: "a resource with a slash at its end as it is written",
        json: JSON.stringify({ ...HUB, resourceIdentifiers: { keyVault: "https://vault.azure.net/" } }),
        scope: "https://vault.azure.net//.default",
      },
      {
        name: "__proto__ as a key like any other",
        json: `{"__proto__": {"activeDirectoryEndpoint": "https://evil.example"}, ${JSON.stringify(HUB).slice(1)}`,
      },
    ];
    for (const { name, json, authority, suffix, scope } of cases) {
      it(name, () => {
        expect(parseStackEnvironment(json)).to.deep.equal({
          ok: true,
          cloud: {
            name: "AzureStackCloud",
            authorityHost: authority ?? "https://login.microsoftonline.com",
            vaultDnsSuffix: suffix ?? "vault.local.azurestack.external",
            vaultScope: scope ?? "https://vault.contoso.onmicrosoft.com/f7d2dc26/.default",
          },
        });
      });
    }
  });

  describe("refuses, without quoting", () => {
    const field = (fields: object): string => JSON.stringify({ ...HUB, ...fields });
    const cases: { name: string; json: string; problem: string }[] = [
      { name: "an empty file", json: "", problem: "is not a JSON object" },
      { name: "no JSON", json: "root:x:0:0:SECRET", problem: "is not a JSON object" },
      { name: "JSON cut short", json: '{"a": "SECRET', problem: "is not a JSON object" },
      { name: "an array", json: "[]", problem: "is not a JSON object" },
      { name: "null", json: "null", problem: "is not a JSON object" },
      { name: "deep nesting", json: "[".repeat(60_000), problem: "is not a JSON object" },
      { name: "no fields", json: "{}", problem: "has no activeDirectoryEndpoint" },
      {
        name: "fields only under __proto__",
        json: `{"__proto__": ${JSON.stringify(HUB)}}`,
        problem: "has no activeDirectoryEndpoint",
      },
      {
        name: "an authority that is a number",
        json: field({ activeDirectoryEndpoint: 7 }),
        problem: "has a field activeDirectoryEndpoint that is not text",
      },
      {
        name: "an http authority",
        json: field({ activeDirectoryEndpoint: "http://login.example/SECRET" }),
        problem: "has a field activeDirectoryEndpoint that is not an https:// address",
      },
      {
        name: "an authority without a scheme",
        json: field({ activeDirectoryEndpoint: "login.example" }),
        problem: "has a field activeDirectoryEndpoint that is not an https:// address",
      },
      {
        name: "an authority with a tenant",
        json: field({ activeDirectoryEndpoint: "https://login.example/SECRET" }),
        problem:
          "has a field activeDirectoryEndpoint with a path; write the host alone, or https://<host>/adfs for AD FS",
      },
      {
        name: "an authority with credentials",
        json: field({ activeDirectoryEndpoint: "https://user:SECRET@login.example/" }),
        problem: "has a field activeDirectoryEndpoint with credentials, a query or a fragment",
      },
      {
        name: "an authority with a line break",
        json: field({ activeDirectoryEndpoint: "https://login.exa\nmple/" }),
        problem: "has a field activeDirectoryEndpoint with spaces or control characters",
      },
      {
        name: "an authority of 513 characters",
        json: field({ activeDirectoryEndpoint: `https://${"a".repeat(505)}` }),
        problem: "has a field activeDirectoryEndpoint of more than 512 characters",
      },
      {
        name: "neither suffix nor endpoint",
        json: JSON.stringify(without("keyVaultDNSSuffix", "keyVaultEndpoint")),
        problem: "has neither keyVaultDNSSuffix nor keyVaultEndpoint",
      },
      ...["vault.example/SECRET", "vault..example", "-vault.example", "va_ult.example", "vault.example:0"]
        .concat(
          [
            "vault.example:65536",
            "vault.example:",
            "a:b:1",
            "[::1]",
            "1.2.3.4",
            "evil.example#",
            "x@evil.example",
          ],
          [`${"a.".repeat(127)}aa`],
          [`${"a".repeat(64)}.example`],
        )
        .map((keyVaultDNSSuffix) => ({
          name: `the suffix ${keyVaultDNSSuffix.slice(0, 40)}`,
          json: field({ keyVaultDNSSuffix }),
          problem:
            "has a field keyVaultDNSSuffix that is not a DNS name such as vault.local.azurestack.external",
        })),
      {
        name: "resourceIdentifiers that are text",
        json: field({ resourceIdentifiers: "SECRET" }),
        problem: "has a field resourceIdentifiers that is not an object",
      },
      {
        name: "a resource that is no address",
        json: field({ resourceIdentifiers: { keyVault: "urn:SECRET" } }),
        problem: "has a field resourceIdentifiers.keyVault that is not an https:// address",
      },
    ];
    for (const { name, json, problem } of cases) {
      it(name, () => {
        expect(parseStackEnvironment(json)).to.deep.equal({ ok: false, problem });
      });
    }
  });

  it("takes names at their limits: a label of 63, an authority of 512 characters", () => {
    const suffix = `${"a".repeat(63)}.example`;
    expect(parseStackEnvironment(JSON.stringify({ ...HUB, keyVaultDNSSuffix: suffix }))).to.have.property(
      "ok",
      true,
    );
    const authority = `https://${`${"a".repeat(61)}.`.repeat(8)}${"b".repeat(8)}`;
    expect(authority).to.have.length(512);
    const parsed = parseStackEnvironment(JSON.stringify({ ...HUB, activeDirectoryEndpoint: authority }));
    expect(parsed).to.have.property("ok", true);
  });
});
