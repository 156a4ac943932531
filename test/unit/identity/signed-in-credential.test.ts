import type { AccessToken, GetTokenOptions } from "@azure/core-auth";
import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { SignedInCredential } from "../../../src/identity/signed-in-credential.js";
import type { Cloud } from "../../../src/model/cloud.js";

const CLOUD: Cloud = {
  name: "AzureStackCloud",
  authorityHost: "https://login.example",
  vaultDnsSuffix: "vault.example:8443",
  vaultScope: "https://vault.contoso.example/guid/.default",
};
const T0 = 1_800_000_000_000;

/** An access token of tenant "guid-1" that names itself. */
function tokenNamed(name: string, expiresOnTimestamp = T0 + 3_600_000): AccessToken {
  const claims = Buffer.from(JSON.stringify({ tid: "guid-1", name })).toString("base64url");
  return { token: `e30.${claims}.${name}`, expiresOnTimestamp, refreshAfterTimestamp: T0 };
}

class Setting {
  nowMs = T0;
  readonly asked: string[] = [];
  acquire = (scope: string, claims: string | undefined): Promise<AccessToken> =>
    Promise.resolve(tokenNamed(`${scope} ${claims ?? ""}`, this.nowMs + 3_600_000));
  readonly credential: SignedInCredential;

  constructor(tenantId = "contoso.example", first = tokenNamed("first")) {
    this.credential = new SignedInCredential({
      cloud: CLOUD,
      tenantId,
      firstToken: first,
      acquire: (scope, claims) => {
        this.asked.push(`${scope} ${claims ?? ""}`.trim());
        return this.acquire(scope, claims);
      },
      now: () => this.nowMs,
    });
  }

  /** The name of the token that is given. */
  async name(scopes: string | string[] = CLOUD.vaultScope, options: GetTokenOptions = {}): Promise<string> {
    const { token } = await this.credential.getToken(scopes, options);
    return token.split(".").slice(2).join(".");
  }

  async refusal(
    scopes: string | string[] = CLOUD.vaultScope,
    options: GetTokenOptions = {},
  ): Promise<ProviderError> {
    const outcome: unknown = await this.credential.getToken(scopes, options).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ProviderError);
    expect(this.asked).to.deep.equal([]);
    return outcome as ProviderError;
  }
}

describe("identity/signed-in-credential SignedInCredential", () => {
  it("answers from the sign-in's token, with and without CAE, as text and as array", async () => {
    const setting = new Setting();
    for (const options of [{}, { enableCae: true }, { claims: "" }]) {
      expect(await setting.name(CLOUD.vaultScope, options)).to.equal("first");
      expect(await setting.name([CLOUD.vaultScope], options)).to.equal("first");
    }
    expect(setting.asked).to.deep.equal([]);
  });

  it("gives no refreshAfterTimestamp, which would start renewals in the background", async () => {
    const token = await new Setting().credential.getToken(CLOUD.vaultScope);
    expect(Object.keys(token)).to.deep.equal(["token", "expiresOnTimestamp"]);
  });

  for (const [leftMs, isRenewed] of [
    [60_001, false],
    [60_000, true],
    [59_999, true],
    [-1, true],
  ] as const) {
    it(`${isRenewed ? "renews" : "keeps"} a token that has ${String(leftMs)} ms left`, async () => {
      const setting = new Setting();
      setting.nowMs = T0 + 3_600_000 - leftMs;
      expect((await setting.name()) === "first").to.equal(!isRenewed);
      await setting.name();
      expect(setting.asked).to.have.length(isRenewed ? 1 : 0);
    });
  }

  it("renews a token whose end nobody knows each time", async () => {
    const setting = new Setting("t", tokenNamed("first", Number.NaN));
    await setting.name();
    expect(setting.asked).to.have.length(1);
  });

  it("a claims challenge brings a new token, which then takes the old one's place", async () => {
    const setting = new Setting();
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const renewed = await setting.name(CLOUD.vaultScope, { claims });
    expect(renewed).to.include(claims);
    expect(await setting.name()).to.equal(renewed);
    expect(setting.asked).to.deep.equal([`${CLOUD.vaultScope} ${claims}`]);
  });

  it("shares one exchange among all that need the same", async () => {
    const setting = new Setting();
    await Promise.all(Array.from({ length: 20 }, () => setting.name(CLOUD.vaultScope, { claims: "{}" })));
    expect(setting.asked).to.have.length(1);
    await setting.name(CLOUD.vaultScope, { claims: "{}" });
    expect(setting.asked).to.have.length(2);
  });

  it("keeps a failure for nobody, and the old token", async () => {
    const setting = new Setting();
    const failure = new ProviderError("SIGN_IN_THROTTLED", "later");
    setting.acquire = () => Promise.reject(failure);
    const outcomes = await Promise.allSettled(
      [1, 2].map(() => setting.name(CLOUD.vaultScope, { claims: "{}" })),
    );
    expect(outcomes.map((outcome) => outcome.status)).to.deep.equal(["rejected", "rejected"]);
    expect(setting.asked).to.have.length(1);
    expect(await setting.name()).to.equal("first");
  });

  describe("scopes", () => {
    for (const scope of [
      "https://vault.example/.default",
      "https://vault.example:8443/.default",
      "https://vault.example/guid/.default",
    ]) {
      it(`gets a token of its own for ${scope}, once`, async () => {
        const setting = new Setting();
        expect(await setting.name(scope)).to.equal(`${scope} `);
        expect(await setting.name(scope)).to.equal(`${scope} `);
        expect(setting.asked).to.deep.equal([scope]);
      });
    }

    it("remembers four of them", async () => {
      const setting = new Setting();
      const scopes = Array.from({ length: 10 }, (_, i) => `https://vault.example/${String(i)}/.default`);
      for (const scope of [...scopes, ...scopes]) await setting.name(scope);
      expect(setting.asked).to.have.length(10 + 7);
    });

    const refused: (string | string[])[] = [
      "https://graph.microsoft.com/.default",
      "https://vault.example.evil.example/.default",
      "https://evil-vault.example/.default",
      "https://demo.vault.example/.default",
      "http://vault.example/.default",
      "https://user@vault.example/.default",
      "https://vault.example/user_impersonation",
      "https://vault.example/.default https://graph.microsoft.com/.default",
      `https://vault.example/${"a".repeat(500)}/.default`,
      "vault.example/.default",
      "",
      [],
      [CLOUD.vaultScope, "https://graph.microsoft.com/.default"],
    ];
    for (const scopes of refused) {
      it(`asks for no token for ${JSON.stringify(scopes).slice(0, 70)}`, async () => {
        const refusal = await new Setting().refusal(scopes);
        expect(refusal.code).to.equal("SIGN_IN_REJECTED");
        expect(refusal.message.length).to.be.lessThan(500);
      });
    }

    it("says so", async () => {
      expect((await new Setting().refusal("https://graph.microsoft.com/.default")).message).to.equal(
        'a token for "https://graph.microsoft.com/.default" is not asked for: the identity reads this cloud\'s vaults only ' +
          "(https://vault.contoso.example/guid/.default); check cloudName, and for AzureStackCloud " +
          "resourceIdentifiers.keyVault of its environment file",
      );
    });
  });

  describe("tenants", () => {
    for (const tenantId of ["contoso.example", "CONTOSO.example", "guid-1", "GUID-1"]) {
      it(`${tenantId} is the one that was signed in to`, async () => {
        expect(await new Setting().name(CLOUD.vaultScope, { tenantId })).to.equal("first");
      });
    }

    for (const tenantId of ["guid-2", "common", ""]) {
      it(`"${tenantId}" is another`, async () => {
        const refusal = await new Setting().refusal(CLOUD.vaultScope, { tenantId });
        expect(refusal.code).to.equal("SIGN_IN_REJECTED");
        expect(refusal.message).to.equal(
          `the vault belongs to tenant "${tenantId}", but the class signs in to tenant "contoso.example"; ` +
            "set tenantID to the tenant of the vault's subscription",
        );
      });
    }

    it("AD FS has none", async () => {
      expect(await new Setting("adfs").name(CLOUD.vaultScope, { tenantId: "x" })).to.equal("first");
    });
  });

  for (const [size, isPassed] of [
    [8_192, true],
    [8_193, false],
  ] as const) {
    it(`${isPassed ? "passes" : "does not pass"} ${String(size)} characters of claims on`, async () => {
      const setting = new Setting();
      const claims = "c".repeat(size);
      if (isPassed) await setting.name(CLOUD.vaultScope, { claims });
      else expect((await setting.refusal(CLOUD.vaultScope, { claims })).code).to.equal("SIGN_IN_REJECTED");
    });
  }
});
