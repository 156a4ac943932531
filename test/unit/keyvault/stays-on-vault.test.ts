import { expect } from "chai";
import { failureOf, never, openFakeVault, VAULT } from "./fake-vault.js";

describe("keyvault/open-vault leaves neither host nor scheme", () => {
  const links = [
    "https://evil.example/secrets/web/versions",
    "https://other.vault.azure.net/secrets/web/versions",
    "http://demo.vault.azure.net/secrets/web/versions",
    "https://demo.vault.azure.net:8443/secrets/web/versions",
    "https://demo.vault.azure.net@evil.example/secrets/web/versions",
    "https://demo.vault.azure.net.evil.example/",
    "https://user:pass@evil.example/",
  ];
  for (const nextLink of links) {
    it(`follows no nextLink to ${nextLink}`, async () => {
      const { vault, requests } = openFakeVault(() => ({ body: { value: [], nextLink } }));
      const error = await failureOf(vault.listVersions({ type: "secret", name: "web" }, never));
      expect(error.code).to.equal("VAULT_REDIRECTED");
      expect(requests.map(({ url }) => new URL(url).origin)).to.deep.equal([VAULT]);
    });
  }

  it("reads a nextLink that is no absolute URL as a path of the vault", async () => {
    const { vault, requests } = openFakeVault((_, index) => ({
      body: { value: [], nextLink: index === 0 ? "//evil.example/x" : null },
    }));
    await vault.listVersions({ type: "secret", name: "web" }, never);
    expect(requests.map(({ url }) => new URL(url).origin)).to.deep.equal([VAULT, VAULT]);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    for (const location of [
      "https://evil.example/",
      "http://demo.vault.azure.net/secrets/web/",
      "/secrets/other/",
    ]) {
      it(`follows no HTTP ${status} to ${location}`, async () => {
        const { vault, requests } = openFakeVault(() => ({ status, headers: { location } }));
        const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
        expect(error.code).to.equal("VAULT_REDIRECTED");
        expect(error.message).to.include(`demo.vault.azure.net answered HTTP ${status}, a redirect`);
        expect(requests).to.have.length(1);
      });
    }
  }

  it("takes a vault on another port for what it is", async () => {
    const { vault, requests } = openFakeVault(() => ({ body: { value: [], nextLink: null } }), {
      vaultUrl: "https://demo.vault.local.azurestack.external:8443/",
    });
    await vault.listVersions({ type: "secret", name: "web" }, never);
    expect(requests[0]?.url).to.match(/^https:\/\/demo\.vault\.local\.azurestack\.external:8443\/secrets\//);
    expect(requests[0]?.authorization).to.equal("Bearer token-1");
  });
});
