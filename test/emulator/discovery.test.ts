import { createPublicKey } from "node:crypto";
import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator } from "../../emulator/emulator.js";
import { isSignedBy, parseJwt } from "../../emulator/entra/jwt.js";
import { ask, signIn } from "./ask.js";
import type { Reply } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const LOGIN = "login.microsoftonline.com";

describe("emulator/entra discovery", () => {
  let emulator: Emulator;

  before(async () => {
    emulator = await startEmulator({
      clouds: [{ authorityHosts: ["adfs.stack.example:8443"], vaultSuffix: "vault.stack.example" }],
    });
    emulator.entra.tenant(TENANT).application({ clientId: CLIENT, secrets: ["s"] });
    emulator.entra.tenant("adfs").application({ clientId: CLIENT, secrets: ["s"] });
  });
  after(() => emulator.close());

  const get = (path: string, host = LOGIN): Promise<Reply> => ask(emulator, { host, path });

  it("tells which authority hosts belong together", async () => {
    const endpoint = encodeURIComponent(`https://${LOGIN}/${TENANT}/oauth2/v2.0/authorize`);
    const { status, json } = await get(
      `/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}`,
    );
    expect(status).to.equal(200);
    expect(json).to.include({
      tenant_discovery_endpoint: `https://${LOGIN}/${TENANT}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
    });
    const metadata = json?.["metadata"] as Record<string, unknown>[];
    expect(metadata.slice(0, 4)).to.deep.equal([
      {
        preferred_network: LOGIN,
        preferred_cache: "login.windows.net",
        aliases: [LOGIN, "login.windows.net", "login.microsoft.com", "sts.windows.net"],
      },
      {
        preferred_network: "login.microsoftonline.us",
        preferred_cache: "login.microsoftonline.us",
        aliases: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
      },
      {
        preferred_network: "login.partner.microsoftonline.cn",
        preferred_cache: "login.partner.microsoftonline.cn",
        aliases: ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
      },
      {
        preferred_network: "login.microsoftonline.de",
        preferred_cache: "login.microsoftonline.de",
        aliases: ["login.microsoftonline.de"],
      },
    ]);
  });

  const bad = [
    {
      name: "a host that no cloud has",
      query: "?authorization_endpoint=https://evil.example/x",
      error: "invalid_instance",
    },
    { name: "something that is no URL", query: "?authorization_endpoint=x", error: "invalid_instance" },
    { name: "no host", query: "", error: "invalid_request" },
  ];
  for (const { name, query, error } of bad) {
    it(`refuses instance discovery of ${name}`, async () => {
      const reply = await get(`/common/discovery/instance${query}`);
      expect(reply.status).to.equal(400);
      expect(reply.json).to.include({ error });
    });
  }

  const documents = [
    {
      path: `/${TENANT}/v2.0/.well-known/openid-configuration`,
      issuer: `https://${LOGIN}/${TENANT}/v2.0`,
      token: `https://${LOGIN}/${TENANT}/oauth2/v2.0/token`,
      keys: `https://${LOGIN}/${TENANT}/discovery/v2.0/keys`,
    },
    {
      path: `/${TENANT}/.well-known/openid-configuration`,
      issuer: `https://sts.windows.net/${TENANT}/`,
      token: `https://${LOGIN}/${TENANT}/oauth2/token`,
      keys: `https://${LOGIN}/${TENANT}/discovery/keys`,
    },
    {
      path: "/common/v2.0/.well-known/openid-configuration",
      issuer: `https://${LOGIN}/common/v2.0`,
      token: `https://${LOGIN}/common/oauth2/v2.0/token`,
      keys: `https://${LOGIN}/common/discovery/v2.0/keys`,
    },
  ];
  for (const { path, issuer, token, keys } of documents) {
    it(`names its endpoints at ${path}`, async () => {
      const { status, json } = await get(path);
      expect(status).to.equal(200);
      expect(json).to.include({
        issuer,
        token_endpoint: token,
        jwks_uri: keys,
        cloud_instance_name: "microsoftonline.com",
      });
    });
  }

  it("does not know a tenant that does not exist", async () => {
    const reply = await get("/contoso.example/v2.0/.well-known/openid-configuration");
    expect(reply.status).to.equal(400);
    expect(reply.json).to.deep.include({ error: "invalid_request", error_codes: [90002] });
  });

  for (const path of [`/${TENANT}/discovery/v2.0/keys`, "/common/discovery/keys"]) {
    it(`publishes at ${path} the key that its tokens are signed with`, async () => {
      const { json } = await get(path);
      const token = await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "s" });
      const jwt = parseJwt(token);
      const keys = json?.["keys"] as { kid: string }[];
      const jwk = keys.find(({ kid }) => kid === jwt?.header["kid"]);
      expect(jwk).to.include({ kty: "RSA", use: "sig", alg: "RS256" });
      if (jwt === undefined || jwk === undefined) throw new Error("no key");
      expect(isSignedBy(jwt, createPublicKey({ key: jwk, format: "jwk" }))).to.equal(true);
      expect(jwk).not.to.have.property("d");
    });
  }

  it("plays AD FS of an Azure Stack Hub under the tenant adfs", async () => {
    const reply = await ask(emulator, {
      host: "adfs.stack.example:8443",
      path: "/adfs/oauth2/token",
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: CLIENT,
        client_secret: "s",
        resource: "https://vault.stack.example",
      }).toString(),
    });
    expect(reply.status, reply.text).to.equal(200);
    expect(parseJwt(String(reply.json?.["access_token"]))?.claims).to.include({
      iss: "https://adfs.stack.example:8443/adfs/",
      aud: "https://vault.stack.example",
    });
  });

  it("answers with the headers of its own kind", async () => {
    const reply = await ask(emulator, {
      host: LOGIN,
      path: `/${TENANT}/discovery/keys`,
      headers: { "client-request-id": "abc" },
    });
    expect(reply.headers).to.include({
      "client-request-id": "abc",
      "cache-control": "no-store, no-cache",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
    });
    expect(reply.headers["x-ms-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    expect(reply.headers).to.have.property("x-ms-ests-server");
  });

  for (const { path, method, status } of [
    { path: "/", method: "GET", status: 404 },
    { path: `/${TENANT}/oauth2/v2.0/authorize`, method: "GET", status: 404 },
    { path: `/${TENANT}/discovery/keys`, method: "POST", status: 405 },
  ]) {
    it(`answers ${method} ${path} with ${status}`, async () => {
      expect((await ask(emulator, { host: LOGIN, path, method })).status).to.equal(status);
    });
  }
});
