import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Application, Emulator, OidcIssuer } from "../../emulator/emulator.js";
import { parseJwt } from "../../emulator/entra/jwt.js";
import type { ServiceAccountTokenRequest } from "../../emulator/entra/oidc-issuer.js";
import { ask } from "./ask.js";
import type { Reply } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const OBJECT = "33333333-3333-4333-8333-333333333333";
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const CLUSTER = "https://oidc.example/cluster/";
const SUBJECT = "system:serviceaccount:shop:web";
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const TENANT_NOT_FOUND =
  "not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.";
const CHECK =
  "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

type Form = Record<string, string | undefined>;

const WITH_SECRET: Form = {
  grant_type: "client_credentials",
  client_id: CLIENT,
  client_secret: "open sesame",
  scope: "https://vault.azure.net/.default",
};

describe("emulator/entra token endpoint", () => {
  let emulator: Emulator;
  let application: Application;
  let issuer: OidcIssuer;

  before(async () => {
    emulator = await startEmulator({ now: () => NOW });
    issuer = emulator.entra.issuer(CLUSTER);
  });
  after(() => emulator.close());

  beforeEach(() => {
    emulator.entra.removeTenant(TENANT);
    application = emulator.entra.tenant(TENANT).application({
      clientId: CLIENT,
      objectId: OBJECT,
      secrets: ["open sesame"],
      federated: [{ issuer: CLUSTER, subject: SUBJECT }],
    });
  });

  function post(
    form: Form,
    change: { tenant?: string; host?: string; path?: string; id?: string } = {},
  ): Promise<Reply> {
    const { tenant = TENANT, host = "login.microsoftonline.com", path = "oauth2/v2.0/token", id } = change;
    const fields = Object.entries(form).filter((field): field is [string, string] => field[1] !== undefined);
    return ask(emulator, {
      host,
      path: `/${tenant}/${path}`,
      method: "POST",
      body: new URLSearchParams(fields).toString(),
      ...(id === undefined ? {} : { headers: { "client-request-id": id } }),
    });
  }

  const withAssertion = (request: Partial<ServiceAccountTokenRequest> = {}): Form => ({
    ...WITH_SECRET,
    client_secret: undefined,
    client_assertion_type: JWT_BEARER,
    client_assertion: issuer.serviceAccountToken({ namespace: "shop", serviceAccount: "web", ...request }),
  });

  function claimsOf(reply: Reply): Record<string, unknown> {
    const jwt = parseJwt(String(reply.json?.["access_token"]));
    if (jwt === undefined) throw new Error(`no token: ${reply.text}`);
    return { ...jwt.claims };
  }

  it("gives a token for a secret", async () => {
    const reply = await post(WITH_SECRET);
    expect(reply.status).to.equal(200);
    expect(reply.json).to.include({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
    expect(Object.keys(reply.json ?? {})).to.have.length(4);
    expect(claimsOf(reply)).to.include({
      aud: "https://vault.azure.net",
      iss: `https://sts.windows.net/${TENANT}/`,
      iat: NOW / 1000 - 300,
      nbf: NOW / 1000 - 300,
      exp: NOW / 1000 + 3599,
      appid: CLIENT,
      appidacr: "1",
      oid: OBJECT,
      sub: OBJECT,
      tid: TENANT,
      ver: "1.0",
    });
  });

  it("gives a token for a service account's token", async () => {
    const reply = await post(withAssertion());
    expect(reply.status, reply.text).to.equal(200);
    expect(claimsOf(reply)).to.include({ appid: CLIENT, appidacr: "2", oid: OBJECT });
  });

  it("gives a token at the older endpoint, its numbers as text", async () => {
    const reply = await post(
      { ...WITH_SECRET, scope: undefined, resource: "https://vault.azure.net" },
      { path: "oauth2/token" },
    );
    expect(reply.json).to.include({
      token_type: "Bearer",
      expires_in: "3599",
      expires_on: String(NOW / 1000 + 3599),
      not_before: String(NOW / 1000 - 300),
      resource: "https://vault.azure.net",
    });
  });

  it("keeps the slash of a scope in the audience", async () => {
    const reply = await post({ ...WITH_SECRET, scope: "https://vault.azure.net//.default openid" });
    expect(claimsOf(reply)["aud"]).to.equal("https://vault.azure.net/");
  });

  it("lets the lifetime be set", async () => {
    emulator.entra.accessTokenLifetimeSeconds = 60;
    expect((await post(WITH_SECRET)).json).to.include({ expires_in: 60 });
    emulator.entra.accessTokenLifetimeSeconds = 3599;
  });

  it("finds tenant and client in any case", async () => {
    const reply = await post(
      { ...WITH_SECRET, client_id: CLIENT.toUpperCase() },
      { tenant: TENANT.toUpperCase() },
    );
    expect(reply.status).to.equal(200);
  });

  describe("refuses", () => {
    interface Case {
      name: string;
      form: () => Form;
      change?: Parameters<typeof post>[1];
      prepare?: () => void;
      status: number;
      error: string;
      number: number;
      text: string;
    }
    const cases: Case[] = [
      {
        name: "a request without a grant",
        form: () => ({ ...WITH_SECRET, grant_type: undefined }),
        status: 400,
        error: "invalid_request",
        number: 900144,
        text: "The request body must contain the following parameter: 'grant_type'.",
      },
      {
        name: "another grant",
        form: () => ({ ...WITH_SECRET, grant_type: "password" }),
        status: 400,
        error: "unsupported_grant_type",
        number: 70003,
        text: "The app requested an unsupported grant type 'password'.",
      },
      {
        name: "a tenant that does not exist",
        form: () => WITH_SECRET,
        change: { tenant: "contoso.example" },
        status: 400,
        error: "invalid_request",
        number: 90002,
        text: `Tenant 'contoso.example' ${TENANT_NOT_FOUND}`,
      },
      {
        name: "a client that does not exist",
        form: () => ({ ...WITH_SECRET, client_id: OBJECT }),
        status: 400,
        error: "unauthorized_client",
        number: 700016,
        text: `Application with identifier '${OBJECT}' was not found in the directory '${TENANT}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
      },
      {
        name: "a wrong secret",
        form: () => ({ ...WITH_SECRET, client_secret: "open barley" }),
        status: 401,
        error: "invalid_client",
        number: 7000215,
        text: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT}'.`,
      },
      {
        name: "a secret that was taken away",
        form: () => WITH_SECRET,
        prepare: () => application.removeSecret("open sesame"),
        status: 401,
        error: "invalid_client",
        number: 7000215,
        text: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT}'.`,
      },
      {
        name: "an expired secret",
        form: () => WITH_SECRET,
        prepare: () => application.addSecret("open sesame", NOW),
        status: 401,
        error: "invalid_client",
        number: 7000222,
        text: `The provided client secret keys for app '${CLIENT}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
      },
      {
        name: "a request without a credential",
        form: () => ({ ...WITH_SECRET, client_secret: undefined }),
        status: 401,
        error: "invalid_client",
        number: 7000218,
        text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
      },
      {
        name: "a scope without /.default",
        form: () => ({ ...WITH_SECRET, scope: "https://vault.azure.net" }),
        status: 400,
        error: "invalid_scope",
        number: 1002012,
        text: "The provided value for scope https://vault.azure.net is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
      },
      {
        name: "a request without a scope",
        form: () => ({ ...WITH_SECRET, scope: undefined }),
        status: 400,
        error: "invalid_request",
        number: 900144,
        text: "The request body must contain the following parameter: 'scope'.",
      },
      {
        name: "a resource of another cloud",
        form: () => ({ ...WITH_SECRET, scope: "https://vault.azure.cn/.default" }),
        status: 400,
        error: "invalid_resource",
        number: 500011,
        text: `The resource principal named https://vault.azure.cn was not found in the tenant named ${TENANT}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
      },
      {
        name: "an application that is switched off",
        form: () => WITH_SECRET,
        prepare: () => {
          application.isDisabled = true;
        },
        status: 400,
        error: "unauthorized_client",
        number: 7000112,
        text: `Application '${CLIENT}'(emulated) is disabled.`,
      },
      {
        name: "an application that was deleted",
        form: () => withAssertion(),
        prepare: () => {
          emulator.entra.tenant(TENANT).removeApplication(CLIENT);
        },
        status: 400,
        error: "unauthorized_client",
        number: 700016,
        text: `Application with identifier '${CLIENT}' was not found in the directory '${TENANT}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
      },
      {
        name: "more fields than a form has",
        form: () => Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`f${index}`, "x"])),
        status: 400,
        error: "invalid_request",
        number: 90100,
        text: "The request has more parameters than this endpoint takes.",
      },
      {
        name: "an assertion without its type",
        form: () => ({ ...withAssertion(), client_assertion_type: undefined }),
        status: 400,
        error: "invalid_request",
        number: 900144,
        text: "The request body must contain the following parameter: 'client_assertion_type'.",
      },
      {
        name: "an assertion of another type",
        form: () => ({ ...withAssertion(), client_assertion_type: "saml" }),
        status: 400,
        error: "invalid_request",
        number: 90023,
        text: `The 'client_assertion_type' must be '${JWT_BEARER}'.`,
      },
      {
        name: "an assertion that is no token",
        form: () => ({ ...withAssertion(), client_assertion: "token" }),
        status: 400,
        error: "invalid_request",
        number: 50027,
        text: "JWT token is invalid or malformed.",
      },
      {
        name: "an assertion where nothing is federated",
        form: () => withAssertion(),
        prepare: () => application.removeFederatedCredential({ issuer: CLUSTER, subject: SUBJECT }),
        status: 400,
        error: "invalid_request",
        number: 70021,
        text: `No matching federated identity record found for presented assertion. Assertion Issuer: '${CLUSTER}'. Assertion Subject: '${SUBJECT}'. Assertion Audience: 'api://AzureADTokenExchange'. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`,
      },
      {
        name: "an assertion of another issuer",
        form: () => withAssertion({ claims: { iss: "https://oidc.example/cluster" } }),
        status: 401,
        error: "invalid_client",
        number: 700211,
        text: `No matching federated identity record found for presented assertion issuer 'https://oidc.example/cluster'. ${CHECK}`,
      },
      {
        name: "an assertion of another service account",
        form: () => withAssertion({ serviceAccount: "admin" }),
        status: 401,
        error: "invalid_client",
        number: 700213,
        text: `No matching federated identity record found for presented assertion subject 'system:serviceaccount:shop:admin'. ${CHECK}`,
      },
      {
        name: "an assertion whose subject differs by case",
        form: () => withAssertion({ serviceAccount: "Web" }),
        status: 401,
        error: "invalid_client",
        number: 7002138,
        text: `No matching federated identity record found for presented assertion subject 'system:serviceaccount:shop:Web'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${CHECK}`,
      },
      {
        name: "an assertion for another audience",
        form: () => withAssertion({ audience: "https://kubernetes.default.svc" }),
        status: 401,
        error: "invalid_client",
        number: 700212,
        text: `No matching federated identity record found for presented assertion audience 'https://kubernetes.default.svc'. ${CHECK}`,
      },
      {
        name: "an assertion that has expired",
        form: () => withAssertion({ expiresInSeconds: -300 }),
        status: 401,
        error: "invalid_client",
        number: 700024,
        text: "Client assertion is not within its valid time range. Current time: 2026-01-02T03:04:05.0000000Z, assertion valid from 2026-01-02T03:04:05.0000000Z, expiry time of assertion 2026-01-02T02:59:05.0000000Z. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
      },
      {
        name: "an assertion that is not valid yet",
        form: () => withAssertion({ claims: { nbf: NOW / 1000 + 301 } }),
        status: 401,
        error: "invalid_client",
        number: 700024,
        text: "Client assertion is not within its valid time range. Current time: 2026-01-02T03:04:05.0000000Z, assertion valid from 2026-01-02T03:09:06.0000000Z, expiry time of assertion 2026-01-02T04:04:05.0000000Z. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
      },
      {
        name: "an assertion without an expiry, dated beyond all years",
        form: () => withAssertion({ claims: { exp: undefined, nbf: 1e300 } }),
        status: 401,
        error: "invalid_client",
        number: 700024,
        text: "Client assertion is not within its valid time range. Current time: 2026-01-02T03:04:05.0000000Z, assertion valid from 9999-12-31T23:59:59.0000000Z, expiry time of assertion 1970-01-01T00:00:00.0000000Z. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
      },
      {
        name: "an assertion with another's signature",
        form: () => {
          const form = withAssertion();
          const forged = emulator.entra
            .issuer("https://attacker.example/")
            .serviceAccountToken({ namespace: "shop", serviceAccount: "web", claims: { iss: CLUSTER } });
          const [header = ""] = (form["client_assertion"] ?? "").split(".");
          const [, claims = "", signature = ""] = forged.split(".");
          return { ...form, client_assertion: [header, claims, signature].join(".") };
        },
        status: 400,
        error: "invalid_grant",
        number: 50013,
        text: "Assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]",
      },
      {
        name: "an assertion of an issuer that does not answer",
        form: () => withAssertion({ claims: { iss: "https://gone.example/" } }),
        prepare: () =>
          application.addFederatedCredential({ issuer: "https://gone.example/", subject: SUBJECT }),
        status: 400,
        error: "invalid_request",
        number: 50166,
        text: "Request to External OIDC endpoint failed: 'https://gone.example/' could not be reached.",
      },
    ];
    for (const { name, form, change = {}, prepare, status, error, number, text } of cases) {
      it(`${name}: AADSTS${number}`, async () => {
        const asked = form();
        prepare?.();
        const reply = await post(asked, { ...change, id: "11112222-3333-4444-8555-666677778888" });
        expect(reply.status, reply.text).to.equal(status);
        const trace = String(reply.json?.["trace_id"]);
        expect(trace).to.match(/^[0-9a-f-]{36}$/);
        expect(reply.json).to.deep.equal({
          error,
          error_description: `AADSTS${number}: ${text} Trace ID: ${trace} Correlation ID: 11112222-3333-4444-8555-666677778888 Timestamp: 2026-01-02 03:04:05Z`,
          error_codes: [number],
          timestamp: "2026-01-02 03:04:05Z",
          trace_id: trace,
          correlation_id: "11112222-3333-4444-8555-666677778888",
          error_uri: `https://login.microsoftonline.com/error?code=${number}`,
        });
      });
    }
  });

  it("accepts an assertion up to the allowed clock difference", async () => {
    expect((await post(withAssertion({ expiresInSeconds: -299 }))).status).to.equal(200);
    expect((await post(withAssertion({ claims: { nbf: NOW / 1000 + 300 } }))).status).to.equal(200);
  });

  it("accepts tokens of an older key until it is withdrawn", async () => {
    const old = withAssertion();
    issuer.rotateKey();
    expect((await post(old)).status).to.equal(200);
    issuer.withdrawOldKeys();
    const reply = await post(old);
    expect(reply.json).to.deep.include({ error: "invalid_grant", error_codes: [50013] });
    expect(reply.text).to.contain("The key was not found., Thumbprint of key used by client:");
    expect((await post(withAssertion())).status).to.equal(200);
  });

  it("asks for all of a credential in one entry, not for parts of several", async () => {
    application.addFederatedCredential({ issuer: "https://other.example/", subject: "other" });
    const reply = await post(withAssertion({ claims: { sub: "other" } }));
    expect(reply.json).to.deep.include({ error_codes: [700213] });
  });

  it("knows a tenant only in its clouds", async () => {
    const tenantId = "55555555-5555-4555-8555-555555555555";
    const china = emulator.entra.tenant(tenantId, { clouds: ["AzureChinaCloud"] });
    china.application({ clientId: CLIENT, secrets: ["open sesame"] });
    const form = { ...WITH_SECRET, scope: "https://vault.azure.cn/.default" };
    expect((await post(form, { tenant: tenantId })).json).to.deep.include({ error_codes: [90002] });
    const reply = await post(form, { tenant: tenantId, host: "login.chinacloudapi.cn" });
    expect(claimsOf(reply)["iss"]).to.equal(`https://sts.chinacloudapi.cn/${tenantId}/`);
  });

  it("takes 20 federated credentials and no more", () => {
    for (let count = 1; count < 20; count++) {
      application.addFederatedCredential({ issuer: CLUSTER, subject: `s${count}` });
    }
    expect(() => application.addFederatedCredential({ issuer: CLUSTER, subject: "s20" })).to.throw(
      RangeError,
      "an application has at most 20 federated credentials",
    );
  });

  it("answers POST only", async () => {
    const reply = await ask(emulator, {
      host: "login.microsoftonline.com",
      path: `/${TENANT}/oauth2/v2.0/token`,
    });
    expect(reply.status).to.equal(405);
  });

  it("reads 64 KiB of a body and no more", async () => {
    const filler = (length: number): Form => ({ ...WITH_SECRET, x: "x".repeat(length) });
    const size = new URLSearchParams(filler(0) as Record<string, string>).toString().length;
    expect((await post(filler(64 * 1024 - size))).status).to.equal(200);
    expect((await post(filler(64 * 1024 - size + 1))).status).to.equal(413);
  });
});
