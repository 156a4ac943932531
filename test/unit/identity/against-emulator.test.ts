import { expect } from "chai";
import { randomUUID } from "node:crypto";
import tls from "node:tls";
import { startEmulator, type Emulator } from "../../../emulator/emulator.js";
import { resolveCloud } from "../../../src/cloud/resolve-cloud.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import type { ErrorCode } from "../../../src/errors/codes.js";
import { rememberDiscovery } from "../../../src/identity/discovery-memory.js";
import { signIn, type SignedIn, type SignInParts } from "../../../src/identity/sign-in.js";
import type { Cloud, CloudName } from "../../../src/model/cloud.js";
import type { IdentityChoice } from "../../../src/model/identity-choice.js";
import { Sensitive } from "../../../src/model/sensitive.js";
import { createHttpClient, type ClosableHttpClient } from "../../../src/network/http-client.js";
import { readProxySettings } from "../../../src/network/proxy-settings.js";
import { NO_LOCAL } from "./support.js";

const ISSUER = "https://oidc.cluster.example/a/";
const POD = { name: "web-0", namespace: "shop", uid: "u-1", serviceAccountName: "web" };
const STACK: Cloud = {
  name: "AzureStackCloud",
  authorityHost: "https://login.stack.example",
  vaultDnsSuffix: "vault.stack.example",
  vaultScope: "https://vault.stack.example/.default",
};
const AD_FS: Cloud = {
  ...STACK,
  authorityHost: "https://adfs.stack.example/adfs",
  vaultDnsSuffix: "vault.adfs.example",
  vaultScope: "https://vault.adfs.example/.default",
};

/** The SDK over TLS, by the real HTTP client, against a server that answers as Entra ID does. */
describe("identity/sign-in signIn against the emulator", () => {
  let emulator: Emulator;
  let httpClient: ClosableHttpClient;
  let tenantId = "";
  let clientId = "";
  let token = "";

  before(async () => {
    emulator = await startEmulator({
      clouds: [
        {
          authorityHosts: ["login.stack.example"],
          vaultSuffix: "vault.stack.example",
        },
        { name: "AD FS", authorityHosts: ["adfs.stack.example"], vaultSuffix: "vault.adfs.example" },
      ],
    });
    const context = tls.createSecureContext({ ca: emulator.caPem });
    httpClient = createHttpClient({
      trust: () => Promise.resolve(context),
      proxy: readProxySettings({ HTTPS_PROXY: `http://127.0.0.1:${String(emulator.proxyPort)}` }),
      tryTimeoutMs: 2_000,
    });
  });
  after(async () => {
    httpClient.close();
    await emulator.close();
  });

  beforeEach(() => {
    tenantId = randomUUID();
    clientId = randomUUID();
    emulator.entra.tenant(tenantId).application({
      clientId,
      secrets: ["right secret+/="],
      federated: [{ issuer: ISSUER, subject: "system:serviceaccount:shop:web" }],
    });
    token = emulator.entra.issuer(ISSUER).serviceAccountToken({ namespace: "shop", serviceAccount: "web" });
    emulator.requests.reset();
  });
  afterEach(() => {
    emulator.faults.clear();
  });

  const workload = (federatedToken = token): IdentityChoice => ({
    mode: "workload-identity",
    clientId,
    federatedToken: new Sensitive(federatedToken),
  });
  const principal = (clientSecret = "right secret+/="): IdentityChoice => ({
    mode: "service-principal",
    clientId,
    clientSecret: new Sensitive(clientSecret),
  });

  interface Setting {
    readonly identity?: IdentityChoice;
    readonly tenant?: string;
    readonly cloud?: Cloud;
    readonly parts?: Partial<SignInParts>;
    readonly signal?: AbortSignal;
  }
  async function enter(setting: Setting = {}): Promise<SignedIn> {
    const cloud =
      setting.cloud ?? (await resolveCloud({ name: "AzurePublicCloud", environmentFile: "" }, undefined));
    return signIn(
      { identity: setting.identity ?? workload(), tenantId: setting.tenant ?? tenantId, pod: POD, cloud },
      { httpClient, local: NO_LOCAL, retry: { sleep: () => Promise.resolve() }, ...setting.parts },
      setting.signal ?? new AbortController().signal,
    );
  }
  async function refusalOf(setting: Setting): Promise<ProviderError> {
    const outcome: unknown = await enter(setting).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ProviderError);
    return outcome as ProviderError;
  }

  describe("signs in", () => {
    const clouds: [CloudName, string][] = [
      ["AzurePublicCloud", "login.microsoftonline.com"],
      ["AzureUSGovernmentCloud", "login.microsoftonline.us"],
      ["AzureChinaCloud", "login.chinacloudapi.cn"],
      ["AzureGermanCloud", "login.microsoftonline.de"],
    ];
    for (const [name, host] of clouds) {
      for (const mode of ["workload-identity", "service-principal"] as const) {
        it(`${name} by ${mode}, asking ${host} only`, async () => {
          const cloud = await resolveCloud({ name, environmentFile: "" }, undefined);
          const identity = mode === "workload-identity" ? workload() : principal();
          const signedIn = await enter({ cloud, identity });
          expect(signedIn.mode).to.equal(mode);
          expect(signedIn.expiresAtMs).to.be.greaterThan(Date.now() + 3_000_000);
          expect(emulator.requests.hosts()).to.deep.equal([host]);
          expect(emulator.requests.counts()).to.include({ token: 1 });
          const given = await signedIn.credential.getToken(cloud.vaultScope, { enableCae: true });
          expect(given?.token).to.match(/^eyJ/);
          expect(emulator.requests.counts()).to.include({ token: 1 });
        });
      }
    }

    it("Azure Stack, asking its own authority only", async () => {
      await enter({ cloud: STACK });
      expect(emulator.requests.hosts()).to.deep.equal(["login.stack.example"]);
      expect(emulator.requests.counts()).to.include({ discovery: 1, token: 1, total: 2 });
    });

    for (const tenant of ["adfs", "ADFS", "contoso"]) {
      it(`AD FS, with tenantID ${tenant}`, async () => {
        const body = { token_type: "Bearer", expires_in: 3_600, access_token: "an AD FS token" };
        emulator.faults.add({ kind: "answer", status: 200, body }, { path: "/adfs/oauth2/token" });
        const { credential } = await enter({ cloud: AD_FS, tenant, identity: principal() });
        expect(emulator.requests.hosts()).to.deep.equal(["adfs.stack.example"]);
        expect(emulator.requests.all.map(({ path }) => path)).to.deep.equal([
          "/adfs/.well-known/openid-configuration",
          "/adfs/oauth2/token",
        ]);
        // An AD FS challenge names what it likes as tenant.
        const given = await credential.getToken(AD_FS.vaultScope, { tenantId: "other" });
        expect(given?.token).to.equal("an AD FS token");
      });
    }

    it("a tenant whose name is part of the authority's host", async () => {
      emulator.entra.tenant("com").application({ clientId, secrets: ["s"] });
      await enter({ tenant: "com", identity: principal("s") });
      expect(emulator.requests.all.map(({ path }) => path)).to.deep.equal(["/com/oauth2/v2.0/token"]);
    });

    it("with one discovery for many sign-ins, where it is remembered", async () => {
      const parts = { httpClient: rememberDiscovery(httpClient) };
      await Promise.all(Array.from({ length: 10 }, () => enter({ cloud: STACK, parts })));
      await enter({ cloud: STACK, parts });
      expect(emulator.requests.counts()).to.include({ discovery: 1, token: 11, total: 12 });
    });
  });

  describe("never takes one proof for another", () => {
    it("refuses a forged token after a right one of the same client", async () => {
      await enter();
      const forged = `${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(342)}`;
      const refusal = await refusalOf({ identity: workload(forged) });
      expect(refusal.code).to.equal("SIGN_IN_REJECTED");
      expect(refusal.message).to.include("AADSTS50013");
      expect(emulator.requests.counts()).to.include({ token: 2 });
    });

    it("refuses a wrong secret beside a right one", async () => {
      const [right, wrong] = await Promise.allSettled([
        enter({ identity: principal() }),
        enter({ identity: principal("wrong") }),
      ]);
      expect(right.status).to.equal("fulfilled");
      expect(wrong.status).to.equal("rejected");
    });

    it("names different principals differently, and the same one alike", async () => {
      const [one, again, secret] = await Promise.all([enter(), enter(), enter({ identity: principal() })]);
      expect(one.principal).to.equal(again.principal);
      expect(secret.principal).to.not.equal(one.principal);
    });
  });

  describe("explains a refusal", () => {
    const shared = "is there"; // what each message says beside its own, for the reader of the table
    const cases: {
      aadsts: string;
      name: string;
      setting: () => Setting;
      code?: ErrorCode;
      says: string[];
    }[] = [
      {
        aadsts: "AADSTS700213",
        name: "another service account",
        setting: () => ({
          identity: workload(
            emulator.entra.issuer(ISSUER).serviceAccountToken({ namespace: "shop", serviceAccount: "other" }),
          ),
        }),
        says: [
          'add or correct one with issuer "https://oidc.cluster.example/a/", ' +
            'subject "system:serviceaccount:shop:other", audience "api://AzureADTokenExchange"',
        ],
      },
      {
        aadsts: "AADSTS700211",
        name: "another cluster",
        setting: () => ({
          identity: workload(
            emulator.entra
              .issuer("https://other.example/")
              .serviceAccountToken({ namespace: "shop", serviceAccount: "web" }),
          ),
        }),
        says: ['issuer "https://other.example/"'],
      },
      {
        aadsts: "AADSTS700212",
        name: "another audience",
        setting: () => ({
          identity: workload(
            emulator.entra
              .issuer(ISSUER)
              .serviceAccountToken({ namespace: "shop", serviceAccount: "web", audience: "sts" }),
          ),
        }),
        says: ['audience "sts"'],
      },
      {
        aadsts: "AADSTS700024",
        name: "an expired token",
        setting: () => ({
          identity: workload(
            emulator.entra
              .issuer(ISSUER)
              .serviceAccountToken({ namespace: "shop", serviceAccount: "web", expiresInSeconds: -1_000 }),
          ),
        }),
        says: ["service account token has expired", "node's clock"],
      },
      {
        aadsts: "AADSTS50027",
        name: "a token that is none",
        setting: () => ({ identity: workload("not-a-token") }),
        says: ["not a JSON Web Token"],
      },
      {
        aadsts: "AADSTS7000215",
        name: "a wrong secret",
        setting: () => ({ identity: principal("the wrong secret") }),
        says: ["the client secret is wrong", 'under the key "clientsecret"'],
      },
      {
        aadsts: "AADSTS7000222",
        name: "an expired secret",
        setting: () => {
          emulator.entra
            .tenant(tenantId)
            .application({ clientId })
            .addSecret("old", Date.now() - 1_000);
          return { identity: principal("old") };
        },
        says: ["the client secret has expired"],
      },
      {
        aadsts: "AADSTS700016",
        name: "an unknown client",
        setting: () => {
          clientId = "00000000-0000-0000-0000-000000000001";
          return { identity: workload() };
        },
        says: ["no such application in this tenant", "check clientID and tenantID"],
      },
      {
        aadsts: "AADSTS90002",
        name: "an unknown tenant",
        setting: () => ({ tenant: "00000000-0000-0000-0000-000000000002" }),
        says: ["no such tenant", "cloudName (AzurePublicCloud)"],
      },
      {
        aadsts: "AADSTS90002",
        name: "an unknown tenant, seen in discovery",
        setting: () => ({ tenant: "00000000-0000-0000-0000-000000000002", cloud: STACK }),
        says: ["no such tenant", "cloudName (AzureStackCloud)"],
      },
      {
        aadsts: "AADSTS500011",
        name: "an unknown resource",
        setting: () => ({ cloud: { ...STACK, vaultScope: "https://vault.other.example/.default" } }),
        says: ['no resource for "https://vault.other.example/.default"', "resourceIdentifiers.keyVault"],
      },
      {
        aadsts: "AADSTS7000112",
        name: "a disabled application",
        setting: () => {
          emulator.entra.tenant(tenantId).application({ clientId }).isDisabled = true;
          return {};
        },
        says: ["the application is disabled"],
      },
    ];
    for (const { aadsts, name, setting, says } of cases) {
      it(`${aadsts}: ${name}`, async () => {
        const refusal = await refusalOf(setting());
        expect(refusal.code, shared).to.equal("SIGN_IN_REJECTED");
        expect(refusal.message)
          .to.include(` ${aadsts}: `)
          .and.match(/HTTP 40[01] /);
        for (const words of says) expect(refusal.message).to.include(words);
        expect(refusal.message).to.not.match(/Trace ID|Correlation ID|Timestamp|the wrong secret|eyJ/);
      });
    }

    it("in full, and alike each time, with the ids for the log beside it", async () => {
      const [one, two] = [
        await refusalOf({ identity: principal("x") }),
        await refusalOf({ identity: principal("x") }),
      ];
      expect(one.message).to.equal(
        `sign-in of client ${clientId} in tenant ${tenantId} was refused by login.microsoftonline.com with HTTP 401 ` +
          'AADSTS7000215: the client secret is wrong; put the secret\'s value, not its id, under the key "clientsecret" ' +
          "of the Secret that nodePublishSecretRef names; the authority says: Invalid client secret provided. Ensure the " +
          "secret being sent in the request is the client secret value, not the client secret ID, for a secret added to " +
          `app '${clientId}'.`,
      );
      expect(two.message).to.equal(one.message);
      expect(one).to.include({ serviceCode: "AADSTS7000215", httpStatus: 401 });
      expect(one).to.have.property("serviceId").that.is.a("string");
    });

    it("by an authority that echoes the proof, without the proof", async () => {
      const secret = "p@ss word/+=%";
      const echo = `you sent ${token} and ${secret} and ${encodeURIComponent(secret)} and client_secret=${new URLSearchParams({ s: secret }).toString().slice(2)}!`;
      emulator.faults.add({ kind: "signInError", number: 7000215, text: echo }, { kind: "token" });
      const refusal = await refusalOf({ identity: principal(secret) });
      expect(refusal.message).to.match(
        /the authority says: you sent \[removed\] and \[removed\] and \[removed\] and client_secret=\[removed\]!$/,
      );
    });
  });

  describe("meets an authority in trouble", () => {
    const cases: {
      name: string;
      effect: Parameters<Emulator["faults"]["add"]>[0];
      code: ErrorCode;
      says: string;
      tries: number;
    }[] = [
      {
        name: "429 without Retry-After",
        effect: { kind: "throttled" },
        code: "SIGN_IN_THROTTLED",
        says: "HTTP 429 AADSTS90055: too many sign-ins",
        tries: 1, // the gate before sign-ins is where it is asked again
      },
      {
        name: "429 with Retry-After",
        effect: { kind: "throttled", retryAfterSeconds: 3_600 },
        code: "SIGN_IN_THROTTLED",
        says: "HTTP 429 AADSTS90055: too many sign-ins",
        tries: 1, // the gate before sign-ins is where it is asked again
      },
      {
        name: "503",
        effect: { kind: "unavailable" },
        code: "SIGN_IN_FAILED",
        says: "HTTP 503 AADSTS90033: the authority is out of order",
        tries: 4,
      },
      {
        name: "a gateway's page",
        effect: {
          kind: "answer",
          status: 502,
          headers: { "Content-Type": "text/html" },
          body: "<html>SECRET",
        },
        code: "SIGN_IN_FAILED",
        says: "login.microsoftonline.com answered HTTP 502 with a body that is not JSON",
        tries: 4,
      },
      {
        name: "a captive portal's page",
        effect: {
          kind: "answer",
          status: 200,
          headers: { "Content-Type": "text/html" },
          body: "<html>SECRET",
        },
        code: "SIGN_IN_FAILED",
        says: "login.microsoftonline.com answered HTTP 200 with a body that is not JSON",
        tries: 1,
      },
      {
        name: "200 without a token",
        effect: { kind: "answer", status: 200, body: { token_type: "Bearer", secret: "SECRET" } },
        code: "SIGN_IN_FAILED",
        says: "login.microsoftonline.com answered HTTP 200 with no access token",
        tries: 1,
      },
      {
        name: "200 with null",
        effect: {
          kind: "answer",
          status: 200,
          headers: { "Content-Type": "application/json" },
          body: "null",
        },
        code: "SIGN_IN_FAILED",
        says: "login.microsoftonline.com answered HTTP 200 with no access token",
        tries: 1,
      },
      {
        name: "401 with an empty body",
        effect: { kind: "answer", status: 401 },
        code: "SIGN_IN_REJECTED",
        says: "HTTP 401 (not the authority's own words: perhaps a proxy answered for it): check the key",
        tries: 1,
      },
      {
        name: "a redirect elsewhere",
        effect: { kind: "redirect", location: "https://evil.example/token" },
        code: "SIGN_IN_FAILED",
        says: "answered HTTP 307, a redirect to evil.example; redirects are not followed; the identity's proof was not sent",
        tries: 1,
      },
      {
        name: "a body without end",
        effect: { kind: "hugeBody" },
        code: "SIGN_IN_FAILED",
        says: "the answer of login.microsoftonline.com is larger than 1048576 bytes",
        tries: 0, // the emulator's log has only those that it could end
      },
      {
        name: "a broken connection",
        effect: { kind: "reset" },
        code: "SIGN_IN_UNREACHABLE",
        says: "login.microsoftonline.com closed the connection",
        tries: 4,
      },
      {
        name: "an answer cut short",
        effect: { kind: "truncate" },
        code: "SIGN_IN_UNREACHABLE",
        says: "login.microsoftonline.com closed the connection",
        tries: 4,
      },
    ];
    for (const { name, effect, code, says, tries } of cases) {
      it(`${name} is ${code}`, async () => {
        emulator.faults.add(effect, { host: "login.microsoftonline.com" });
        const refusal = await refusalOf({ identity: principal() });
        expect(refusal.code).to.equal(code);
        expect(refusal.message)
          .to.include(says)
          .and.not.match(/SECRET|right secret/);
        expect(emulator.requests.all).to.have.length(tries);
        expect(
          emulator.requests.hosts().filter((host) => host !== "login.microsoftonline.com"),
        ).to.deep.equal([]);
      });
    }

    for (const effect of ["unavailable", "reset"] as const) {
      it(`gets over two times ${effect}`, async () => {
        emulator.faults.add({ kind: effect }, { kind: "token", times: 2 });
        await enter();
        expect(emulator.requests.counts()).to.include({ token: 3 });
      });
    }

    it("an untrusted certificate is SIGN_IN_UNREACHABLE, and nothing was sent", async () => {
      emulator.faults.add({ kind: "tls", fault: "unknownAuthority" }, { host: "login.tls.example" });
      emulator.faults.add({ kind: "tls", fault: "unknownAuthority" }, { host: "login.microsoftonline.us" });
      const cloud = await resolveCloud({ name: "AzureUSGovernmentCloud", environmentFile: "" }, undefined);
      const fresh = createHttpClient({
        trust: () => Promise.resolve(tls.createSecureContext({ ca: emulator.caPem })),
        proxy: readProxySettings({ HTTPS_PROXY: `http://127.0.0.1:${String(emulator.proxyPort)}` }),
      });
      const refusal = await refusalOf({ cloud, parts: { httpClient: fresh } });
      fresh.close();
      expect(refusal.code).to.equal("SIGN_IN_UNREACHABLE");
      expect(refusal.message).to.include(
        "the certificate of login.microsoftonline.us is signed by an authority that",
      );
      expect(emulator.requests.all).to.deep.equal([]);
    });

    it("a discovery document that names another host's token endpoint gets no proof", async () => {
      emulator.faults.add(
        {
          kind: "rewrite",
          change: (body) => ({ ...(body as object), token_endpoint: "https://evil.example/token" }),
        },
        { kind: "discovery" },
      );
      const refusal = await refusalOf({ cloud: STACK });
      expect(refusal.code).to.equal("SIGN_IN_FAILED");
      expect(refusal.message).to.include("a request to evil.example was refused");
      expect(emulator.requests.hosts()).to.deep.equal(["login.stack.example"]);
    });

    it("a discovery document of another issuer is refused, and no proof sent", async () => {
      emulator.faults.add(
        { kind: "rewrite", change: (body) => ({ ...(body as object), issuer: "https://evil.example/" }) },
        { kind: "discovery" },
      );
      const refusal = await refusalOf({ cloud: STACK });
      expect(refusal.message).to.include(
        "login.stack.example answered HTTP 200 with an OpenID configuration that cannot be used",
      );
      expect(emulator.requests.counts()).to.include({ token: 0 });
    });

    it("China's discovery document may name the authority's other host", async () => {
      emulator.faults.add(
        {
          kind: "rewrite",
          change: (body) =>
            JSON.parse(
              JSON.stringify(body).replaceAll("login.chinacloudapi.cn", "login.partner.microsoftonline.cn"),
            ) as unknown,
        },
        { kind: "discovery" },
      );
      const cloud = await resolveCloud({ name: "AzureChinaCloud", environmentFile: "" }, undefined);
      await enter({ cloud });
      expect(emulator.requests.filter(({ kind }) => kind === "token").map(({ host }) => host)).to.deep.equal([
        "login.partner.microsoftonline.cn",
      ]);
    });

    it("silence ends at the time limit of each try", async () => {
      emulator.faults.add({ kind: "hang" }, { kind: "token" });
      const impatient = createHttpClient({
        trust: () => Promise.resolve(tls.createSecureContext({ ca: emulator.caPem })),
        proxy: readProxySettings({ HTTPS_PROXY: `http://127.0.0.1:${String(emulator.proxyPort)}` }),
        tryTimeoutMs: 150,
      });
      const refusal = await refusalOf({
        parts: { httpClient: impatient, retry: { maxRetries: 1, sleep: () => Promise.resolve() } },
      });
      impatient.close();
      expect(refusal.code).to.equal("SIGN_IN_UNREACHABLE");
      expect(refusal.message).to.equal(
        `sign-in of client ${clientId} in tenant ${tenantId} failed: login.microsoftonline.com took longer than 150 ms ` +
          "while waiting for the answer",
      );
    });
  });

  describe("ends with its caller", () => {
    it("when given up while the authority is silent", async () => {
      const fault = emulator.faults.add({ kind: "hang" }, { kind: "token" });
      const controller = new AbortController();
      const refused = refusalOf({ signal: controller.signal });
      while (fault.hits === 0) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      expect((await refused).code).to.equal("CALL_CANCELLED");
    });

    it("with the reason that its caller gave", async () => {
      const reason = new ProviderError("SHUTTING_DOWN", "stop");
      expect(await refusalOf({ signal: AbortSignal.abort(reason) })).to.equal(reason);
      expect(emulator.requests.all).to.deep.equal([]);
    });

    it("by a deadline", async () => {
      emulator.faults.add({ kind: "hang" }, { kind: "token" });
      expect((await refusalOf({ signal: AbortSignal.timeout(100) })).code).to.equal("CALL_DEADLINE_EXCEEDED");
    });

    it("by a limit of its own where a later token is asked for, which is no call's deadline", async () => {
      const { credential } = await enter({ parts: { laterLimitMs: 100 } });
      emulator.faults.add({ kind: "hang" }, { kind: "token" });
      const later: unknown = await credential
        .getToken("https://vault.azure.net/.default", { claims: '{"access_token":{}}' })
        .catch((error: unknown) => error);
      expect(later).to.be.instanceOf(ProviderError).and.include({
        code: "SIGN_IN_UNREACHABLE",
        message:
          "login.microsoftonline.com gave no further token within 0.1 s; check that it can be reached from this node",
      });
    });
  });

  describe("refuses before anything is sent", () => {
    for (const tenant of ["", "a/b", "../x", "a b", "a?x=1", "-", "ä", "a".repeat(254)]) {
      it(`tenant "${tenant.slice(0, 20)}"`, async () => {
        expect((await refusalOf({ tenant })).code).to.equal("PARAMETER_INVALID");
        expect(emulator.requests.hosts()).to.deep.equal([]);
      });
    }
  });
});
