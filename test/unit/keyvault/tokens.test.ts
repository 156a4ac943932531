import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { NetworkError } from "../../../src/network/network-error.js";
import {
  failureOf,
  fakeCredential,
  never,
  openFakeVault,
  refusal,
  secretAnswer,
  type Answer,
} from "./fake-vault.js";

const TENANT = "11111111-2222-3333-4444-555555555555";
const web = { type: "secret", name: "web", version: "" } as const;
const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';

function challenge(header: string): Answer {
  return {
    ...refusal(401, "Unauthorized", "AKV10022: Invalid audience."),
    headers: { "www-authenticate": header },
  };
}
const resourceChallenge = (resource: string, tenant = TENANT): Answer =>
  challenge(`Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="${resource}"`);
const caeChallenge = (claims = Buffer.from(CLAIMS).toString("base64")): Answer =>
  challenge(
    `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${claims}"`,
  );

describe("keyvault/token-policy tokens and challenges", () => {
  it("puts a token on the first request, with the cloud's scope and CAE", async () => {
    const { vault, requests, credential } = openFakeVault(() => secretAnswer());
    await vault.read(web, never);
    expect(requests.map(({ authorization }) => authorization)).to.deep.equal(["Bearer token-1"]);
    expect(credential.calls[0]?.scopes).to.equal("https://vault.azure.net/.default");
    expect(credential.calls[0]?.options.enableCae).to.equal(true);
  });

  it("asks for twenty objects with twenty requests", async () => {
    const { vault, requests } = openFakeVault(() => secretAnswer(), {
      credential: fakeCredential(() => "token"),
    });
    await Promise.all(Array.from({ length: 20 }, () => vault.read(web, never)));
    expect(requests).to.have.length(20);
    expect(new Set(requests.map(({ authorization }) => authorization))).to.deep.equal(
      new Set(["Bearer token"]),
    );
  });

  it("follows a challenge that names another resource above the vault's host, and remembers it", async () => {
    const credential = fakeCredential((_, index) => `token-${index + 1}`);
    const { vault, requests } = openFakeVault(
      ({ authorization }) =>
        authorization === "Bearer token-1" ? resourceChallenge("https://azure.net") : secretAnswer(),
      { credential },
    );
    await vault.read(web, never);
    await vault.read(web, never);
    expect(requests.map(({ authorization }) => authorization)).to.deep.equal([
      "Bearer token-1",
      "Bearer token-2",
      "Bearer token-3",
    ]);
    expect(credential.calls.map(({ scopes }) => scopes)).to.deep.equal([
      "https://vault.azure.net/.default",
      ["https://azure.net/.default"],
      ["https://azure.net/.default"],
    ]);
    expect(credential.calls[1]?.options).to.deep.equal({ tenantId: TENANT, enableCae: true });
  });

  const foreign = [
    "https://evil.example",
    "https://management.azure.com",
    "https://ault.azure.net",
    "https://demo.vault.azure.net",
    "not a url",
  ];
  for (const resource of foreign) {
    it(`asks for no token when the challenge names ${resource}`, async () => {
      const { vault, requests, credential } = openFakeVault(() => resourceChallenge(resource));
      const error = await failureOf(vault.read(web, never));
      expect(error.code).to.equal("VAULT_UNAUTHENTICATED");
      expect(error.message).to.equal(
        "demo.vault.azure.net did not accept the identity's token, and asks for one of another resource, " +
          "which it does not get; check keyvaultName and cloudName",
      );
      expect(credential.calls).to.have.length(1);
      expect(requests).to.have.length(1);
    });
  }

  it("tries an expired or revoked token once more and then names the vault's tenant", async () => {
    const { vault, requests } = openFakeVault(() => resourceChallenge("https://vault.azure.net"), {
      credential: fakeCredential(() => "token"),
    });
    const error = await failureOf(vault.read(web, never));
    expect(error.code).to.equal("VAULT_UNAUTHENTICATED");
    expect(error.message).to.equal(
      "demo.vault.azure.net answered HTTP 401 Unauthorized: the vault does not accept the identity's token " +
        `(the vault asks for tokens of tenant ${TENANT}); check that tenantID is the tenant of the vault's subscription ` +
        "and that cloudName fits the vault; the vault says: AKV10022: Invalid audience.",
    );
    expect(requests).to.have.length(2);
  });

  it("explains a challenge of a tenant that the identity gets no token of", async () => {
    const refused = new ProviderError("SIGN_IN_REJECTED", "AADSTS700016: application not found");
    const { vault } = openFakeVault(() => resourceChallenge("https://vault.azure.net"), {
      credential: fakeCredential(({ tenantId }) => (tenantId === undefined ? "token" : refused)),
    });
    const error = await failureOf(vault.read(web, never));
    expect(error.code).to.equal("VAULT_UNAUTHENTICATED");
    expect(error.message).to.equal(
      `demo.vault.azure.net did not accept the identity's token and asks for one of tenant ${TENANT}, which the identity ` +
        "does not get: AADSTS700016: application not found; check that tenantID is the tenant of the vault's subscription",
    );
  });

  it("does not go on asking for a challenge's token after it was refused once", async () => {
    // The SDK's own token cache would repeat a failed renewal every 3 s for as long as its last token is good.
    let accepted = true;
    const credential = fakeCredential(({ tenantId }, index) =>
      tenantId === "other-tenant" ? new Error("not this tenant") : `token-${index}`,
    );
    const { vault } = openFakeVault(
      ({ authorization }) =>
        authorization === "Bearer token-0"
          ? resourceChallenge("https://vault.azure.net")
          : accepted
            ? secretAnswer()
            : resourceChallenge("https://vault.azure.net", "other-tenant"),
      { credential },
    );
    await vault.read(web, never);
    accepted = false;
    const error = await failureOf(vault.read(web, never));
    expect(error.code).to.equal("VAULT_UNAUTHENTICATED");
    expect(error.message).to.not.include("not this tenant");
  });

  it("answers a CAE challenge of the first token with a token for these claims", async () => {
    const { vault, requests, credential } = openFakeVault(({ authorization }) =>
      authorization === "Bearer token-1" ? caeChallenge() : secretAnswer(),
    );
    await vault.read(web, never);
    expect(requests.map(({ authorization }) => authorization)).to.deep.equal([
      "Bearer token-1",
      "Bearer token-2",
    ]);
    expect(credential.calls[1]?.options).to.include({ claims: CLAIMS, enableCae: true });
    expect(credential.calls[1]?.scopes).to.equal("https://vault.azure.net/.default");
  });

  it("answers a CAE challenge of a token that an earlier challenge brought", async () => {
    const { vault, credential } = openFakeVault(({ authorization }) =>
      authorization === "Bearer token-1"
        ? resourceChallenge("https://vault.azure.net")
        : authorization === "Bearer token-2"
          ? caeChallenge()
          : secretAnswer(),
    );
    await vault.read(web, never);
    expect(credential.calls[2]?.options).to.deep.equal({ claims: CLAIMS, tenantId: TENANT, enableCae: true });
  });

  it("ends when the vault is never content with the claims", async () => {
    const { vault, requests } = openFakeVault(() => caeChallenge());
    expect((await failureOf(vault.read(web, never))).code).to.equal("VAULT_UNAUTHENTICATED");
    expect(requests).to.have.length(2);
  });

  for (const [name, claims] of [
    ["no base64", "§§§"],
    ["no JSON", Buffer.from("nonsense").toString("base64")],
    ["a list", Buffer.from("[1]").toString("base64")],
    ["null", Buffer.from("null").toString("base64")],
    ["8,193 characters", "A".repeat(8_193)],
  ] as const) {
    it(`asks for no token when the claims are ${name}`, async () => {
      const { vault, credential } = openFakeVault(() => caeChallenge(claims));
      expect((await failureOf(vault.read(web, never))).code).to.equal("VAULT_UNAUTHENTICATED");
      expect(credential.calls).to.have.length(1);
    });
  }

  const oddChallenges = [
    undefined,
    "",
    "Bearer",
    "Basic realm=x",
    'Bearer authorization="::::", resource="https://vault.azure.net"',
    `Bearer ${'a="b", '.repeat(2_000)}`,
    'Bearer resource=""',
  ];
  for (const [index, header] of oddChallenges.entries()) {
    it(`makes a 401 with an odd challenge VAULT_UNAUTHENTICATED (${index + 1})`, async () => {
      const { vault } = openFakeVault(() =>
        header === undefined ? { status: 401 } : { status: 401, headers: { "www-authenticate": header } },
      );
      expect((await failureOf(vault.read(web, never))).code).to.equal("VAULT_UNAUTHENTICATED");
    });
  }

  const rejected = new ProviderError("SIGN_IN_REJECTED", "AADSTS7000215: wrong secret");
  const offline = new NetworkError("dns", "the name login.example cannot be resolved", {
    host: "login.example",
  });
  const credentials = [
    { name: "the provider's error", thrown: rejected, code: "SIGN_IN_REJECTED", message: rejected.message },
    {
      name: "a network error",
      thrown: offline,
      code: "SIGN_IN_UNREACHABLE",
      message: "no token for demo.vault.azure.net could be had: the name login.example cannot be resolved",
    },
    {
      name: "anything else",
      thrown: new Error("quotes eyJhbGciOi.secret"),
      code: "SIGN_IN_FAILED",
      message: "no token for demo.vault.azure.net could be had",
    },
    {
      name: "nothing",
      thrown: null,
      code: "SIGN_IN_FAILED",
      message: "no token for demo.vault.azure.net could be had",
    },
  ];
  for (const { name, thrown, code, message } of credentials) {
    it(`passes on a credential's failure: ${name}`, async () => {
      const { vault, requests } = openFakeVault(() => secretAnswer(), {
        credential: fakeCredential(() => thrown),
      });
      const error = await failureOf(vault.read(web, never));
      expect(error.code).to.equal(code);
      expect(error.message).to.equal(message);
      expect(requests).to.deep.equal([]);
    });
  }
});
