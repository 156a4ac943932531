import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Application, Emulator } from "../../emulator/emulator.js";
import { KNOWN_CLOUDS } from "../../emulator/clouds.js";
import type { PlayedCloud } from "../../emulator/clouds.js";
import type { AccessTokenRequest } from "../../emulator/entra/directory.js";
import { ask } from "./ask.js";
import type { Reply } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const OTHER_TENANT = "99999999-9999-4999-8999-999999999999";
const HOST = "contoso-vault.vault.azure.net";
const CHALLENGE = `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`;

function cloudNamed(name: string): PlayedCloud {
  const cloud = KNOWN_CLOUDS.find((candidate) => candidate.name === name);
  if (cloud === undefined) throw new Error(`no cloud ${name}`);
  return cloud;
}

const PUBLIC = cloudNamed("AzurePublicCloud");

describe("emulator/vault tokens", () => {
  let emulator: Emulator;
  let application: Application;
  let nowMs = Date.UTC(2026, 0, 2);

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
    application = emulator.entra
      .tenant(TENANT)
      .application({ clientId: "22222222-2222-4222-8222-222222222222" });
    emulator.vault("contoso-vault", { tenantId: TENANT }).grantAll(application.clientId).setSecret("s", "v");
  });
  after(() => emulator.close());

  async function tokenWith(change: Partial<AccessTokenRequest> = {}): Promise<string> {
    const issued = await emulator.entra.issueAccessToken({
      principal: application.principal,
      cloud: PUBLIC,
      audience: "https://vault.azure.net",
      appidacr: "1",
      ...change,
    });
    return issued.token;
  }

  const read = (headers: Record<string, string>, host = HOST): Promise<Reply> =>
    ask(emulator, { host, path: "/secrets/s?api-version=7.4", headers });

  describe("no token", () => {
    const cases = [
      { name: "no header", headers: {} as Record<string, string> },
      { name: "another scheme", headers: { Authorization: "Basic dTpw" } },
      { name: "an empty token", headers: { Authorization: "Bearer " } },
    ];
    for (const { name, headers } of cases) {
      it(`is answered with the challenge: ${name}`, async () => {
        const reply = await read(headers);
        expect(reply.status).to.equal(401);
        expect(reply.headers["www-authenticate"]).to.equal(CHALLENGE);
        expect(reply.json).to.deep.equal({
          error: { code: "Unauthorized", message: "AKV10000: Request is missing a Bearer or PoP token." },
        });
      });
    }
  });

  describe("a token of the caller", () => {
    const accepted: { name: string; change: Partial<AccessTokenRequest> }[] = [
      { name: "as issued", change: {} },
      { name: "for the audience with a slash", change: { audience: "https://vault.azure.net/" } },
      { name: "expired within the allowed clock difference", change: { lifetimeSeconds: -299 } },
    ];
    for (const { name, change } of accepted) {
      it(`is accepted ${name}`, async () => {
        const reply = await read({ Authorization: `Bearer ${await tokenWith(change)}` });
        expect(reply.status, reply.text).to.equal(200);
      });
    }

    const EXPIRED = "[TokenExpired] Error validating token: 'S2S12086'.";
    const refused: { name: string; change: Partial<AccessTokenRequest>; message: string }[] = [
      {
        name: "for another audience",
        change: { audience: "https://management.azure.com/" },
        message:
          "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com/.",
      },
      {
        name: "for the vault's own name",
        change: { audience: `https://${HOST}` },
        message: `AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://${HOST}.`,
      },
      {
        name: "of another tenant",
        change: { principal: { tenantId: OTHER_TENANT, clientId: "c", objectId: "o" } },
        message: `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${TENANT}/, found https://sts.windows.net/${OTHER_TENANT}/.`,
      },
      {
        name: "of another cloud",
        change: { cloud: cloudNamed("AzureChinaCloud") },
        message: `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${TENANT}/, found https://sts.chinacloudapi.cn/${TENANT}/.`,
      },
      { name: "expired", change: { lifetimeSeconds: -300 }, message: EXPIRED },
      {
        name: "not yet valid",
        change: { claims: { nbf: Date.UTC(2026, 0, 2) / 1000 + 301 } },
        message: "[TokenNotYetValid] Error validating token: 'S2S12016'.",
      },
      {
        name: "without an application",
        change: { claims: { appid: undefined } },
        message: "[AggregatedAuthenticationFailure] Error validating token: 'S2S17001'.",
      },
      { name: "without an expiry", change: { claims: { exp: undefined } }, message: EXPIRED },
      { name: "with an expiry in words", change: { claims: { exp: "never" } }, message: EXPIRED },
    ];
    for (const { name, change, message } of refused) {
      it(`is refused ${name}, with the challenge`, async () => {
        const reply = await read({ Authorization: `Bearer ${await tokenWith(change)}` });
        expect(reply.status).to.equal(401);
        expect(reply.json).to.deep.equal({ error: { code: "Unauthorized", message } });
        expect(reply.headers["www-authenticate"]).to.equal(CHALLENGE);
      });
    }

    it("is refused once its time is over", async () => {
      const token = await tokenWith();
      nowMs += (3599 + 299) * 1000;
      expect((await read({ Authorization: `Bearer ${token}` })).status).to.equal(200);
      nowMs += 1000;
      expect((await read({ Authorization: `Bearer ${token}` })).status).to.equal(401);
      nowMs = Date.UTC(2026, 0, 2);
    });
  });

  describe("a forged token", () => {
    const MALFORMED = "[TokenExpired] Error validating token: 'S2S12086'.";
    const cases: { name: string; forge: (token: string) => string; message: RegExp | string }[] = [
      { name: "no token at all", forge: () => "System.Security.SecureString", message: MALFORMED },
      { name: "two parts", forge: (token) => token.slice(0, token.lastIndexOf(".")), message: MALFORMED },
      { name: "claims that are no JSON", forge: (token) => withClaims(token, "nope"), message: MALFORMED },
      { name: "claims that are a list", forge: (token) => withClaims(token, "[]"), message: MALFORMED },
      {
        name: "longer than a token may be",
        forge: (token) => token + "A".repeat(17_000),
        message: MALFORMED,
      },
      {
        name: "other claims under the same signature",
        forge: (token) => withClaims(token, JSON.stringify({ aud: "https://vault.azure.net" })),
        message: "[AggregatedAuthenticationFailure] Error validating token: 'S2S17001'.",
      },
      {
        name: "no algorithm",
        forge: (token) => withHeader(token, { alg: "none" }),
        message: "[AggregatedAuthenticationFailure] Error validating token: 'S2S17001'.",
      },
      {
        name: "a key that nobody published",
        forge: (token) => withHeader(token, { kid: "stranger" }),
        message:
          /^AKV10046: Unable to resolve the key used for signature validation\. EncodedJwtHeader: '[\w-]+'$/,
      },
    ];
    for (const { name, forge, message } of cases) {
      it(`is refused: ${name}`, async () => {
        const reply = await read({ Authorization: `Bearer ${forge(await tokenWith())}` });
        expect(reply.status).to.equal(401);
        const found = (reply.json?.["error"] as Record<string, string>)["message"];
        if (typeof message === "string") expect(found).to.equal(message);
        else expect(found).to.match(message);
      });
    }
  });

  it("of an old key are accepted until the key is withdrawn", async () => {
    const old = await tokenWith();
    await emulator.entra.rotateSigningKey();
    expect((await read({ Authorization: `Bearer ${old}` })).status).to.equal(200);
    await emulator.entra.rotateSigningKey({ withdraw: true });
    expect((await read({ Authorization: `Bearer ${old}` })).status).to.equal(401);
    expect((await read({ Authorization: `Bearer ${await tokenWith()}` })).status).to.equal(200);
  });

  const clouds = [
    {
      name: "AzureUSGovernmentCloud",
      suffix: "vault.usgovcloudapi.net",
      authority: "login.microsoftonline.us",
    },
    { name: "AzureChinaCloud", suffix: "vault.azure.cn", authority: "login.chinacloudapi.cn" },
    { name: "AzureGermanCloud", suffix: "vault.microsoftazure.de", authority: "login.microsoftonline.de" },
  ];
  for (const { name, suffix, authority } of clouds) {
    it(`are those of its own cloud for a vault of ${name}`, async () => {
      const vault = emulator.vault("abroad", { suffix, tenantId: TENANT }).grantAll(application.clientId);
      vault.setSecret("s", "v");
      const challenge = await read({}, vault.host);
      expect(challenge.headers["www-authenticate"]).to.equal(
        `Bearer authorization="https://${authority}/${TENANT}", resource="https://${suffix}"`,
      );
      const own = await tokenWith({ cloud: cloudNamed(name), audience: `https://${suffix}` });
      expect((await read({ Authorization: `Bearer ${own}` }, vault.host)).status).to.equal(200);
      const foreign = await tokenWith();
      expect((await read({ Authorization: `Bearer ${foreign}` }, vault.host)).status).to.equal(401);
    });
  }
});

function withClaims(token: string, claims: string): string {
  const [header = "", , signature = ""] = token.split(".");
  return [header, Buffer.from(claims).toString("base64url"), signature].join(".");
}

function withHeader(token: string, change: Record<string, unknown>): string {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const parsed = JSON.parse(Buffer.from(header, "base64url").toString()) as Record<string, unknown>;
  const changed = Buffer.from(JSON.stringify({ ...parsed, ...change })).toString("base64url");
  return [changed, claims, signature].join(".");
}
