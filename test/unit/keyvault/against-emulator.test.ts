import type { TokenCredential } from "@azure/core-auth";
import { expect } from "chai";
import { createPublicKey } from "node:crypto";
import tls from "node:tls";
import { startEmulator, type Emulator } from "../../../emulator/emulator.js";
import type { VaultDouble } from "../../../emulator/vault/vault-double.js";
import { selectVersions } from "../../../src/keyvault/history.js";
import { openVault, type RequestObservation } from "../../../src/keyvault/open-vault.js";
import type { VaultReader } from "../../../src/keyvault/vault-reader.js";
import { createHttpClient, type ClosableHttpClient } from "../../../src/network/http-client.js";
import { readProxySettings } from "../../../src/network/proxy-settings.js";
import type { KeyValue } from "../../../src/model/vault-value.js";
import { failureOf, never } from "./fake-vault.js";

const CLIENT_ID = "3f1c2b7a-1111-4222-8333-944445555666";

/** The SDK over TLS, by the real HTTP client, against a server that answers as the service does. */
describe("keyvault against the emulator", () => {
  let emulator: Emulator;
  let httpClient: ClosableHttpClient;
  let nowMs = Date.now();
  let vaultCount = 0;

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
    emulator.entra.tenant(emulator.entra.defaultTenantId).application({ clientId: CLIENT_ID });
    const context = tls.createSecureContext({ ca: [...tls.rootCertificates, emulator.caPem] });
    httpClient = createHttpClient({
      trust: () => Promise.resolve(context),
      proxy: readProxySettings({ HTTPS_PROXY: `http://127.0.0.1:${emulator.proxyPort}` }),
      tryTimeoutMs: 5_000,
    });
  });

  after(async () => {
    httpClient.close();
    await emulator.close();
  });

  beforeEach(() => {
    nowMs = Date.now();
  });

  afterEach(() => {
    emulator.faults.clear();
  });

  /** A credential that has signed in: each call gives a new, good token of this audience. */
  function signedIn(
    double: VaultDouble,
    audience = double.cloud.vaultAudience,
  ): TokenCredential & { asked: string[] } {
    const asked: string[] = [];
    return {
      asked,
      async getToken(scopes) {
        asked.push(String(scopes));
        const { token, expiresInSeconds } = await emulator.entra.issueAccessToken({
          principal: { tenantId: double.tenantId, clientId: CLIENT_ID, objectId: "o-1" },
          cloud: double.cloud,
          audience: String(scopes).includes("vault") ? audience : "https://other.example",
          appidacr: "2",
        });
        return { token, expiresOnTimestamp: nowMs + expiresInSeconds * 1_000 };
      },
    };
  }

  function newVault(): VaultDouble {
    vaultCount += 1;
    return emulator.vault(`unit-keyvault-${vaultCount}`).grantAll(CLIENT_ID);
  }

  function open(
    double: VaultDouble,
    credential: TokenCredential = signedIn(double),
    onRequest?: (observation: RequestObservation) => void,
  ): VaultReader {
    return openVault({
      vaultUrl: `${double.url}/`,
      credential,
      scope: `${double.cloud.vaultAudience}/.default`,
      httpClient,
      retry: { sleep: () => Promise.resolve() },
      ...(onRequest === undefined ? {} : { onRequest }),
    });
  }

  const asked = (double: VaultDouble) => emulator.requests.filter(({ host }) => host === double.host);

  it("reads secret, key and certificate with one request each and no challenge", async () => {
    const double = newVault();
    const versions = {
      secret: double.setSecret("plain", "välue"),
      key: double.createKey("ec", { kty: "EC", crv: "P-256K" }),
      cert: double.createCertificate("web"),
    };
    const vault = open(double);
    const secret = await vault.read({ type: "secret", name: "plain", version: "" }, never);
    const key = (await vault.read({ type: "key", name: "ec", version: "" }, never)) as KeyValue;
    const cert = await vault.read({ type: "cert", name: "web", version: versions.cert }, never);
    expect(secret.type === "secret" && secret.value.reveal()).to.equal("välue");
    expect([secret.version, key.version, cert.version]).to.deep.equal([
      versions.secret,
      versions.key,
      versions.cert,
    ]);
    const [x = "", y = ""] = [key.x, key.y].map((bytes) => Buffer.from(bytes ?? []).toString("base64url"));
    expect(() =>
      createPublicKey({ format: "jwk", key: { kty: "EC", crv: "secp256k1", x, y } }),
    ).to.not.throw();
    expect(cert.type === "cert" && cert.der[0]).to.equal(0x30);
    expect(
      asked(double).map(({ kind, status, apiVersion }) => `${kind} ${status} ${String(apiVersion)}`),
    ).to.deep.equal(["read 200 7.4", "read 200 7.4", "read 200 7.4"]);
  });

  it("sees that a certificate's secret backs one", async () => {
    const double = newVault();
    double.createCertificate("web");
    const secret = await open(double).read({ type: "secret", name: "web", version: "" }, never);
    expect(secret).to.include({ backsCertificate: true, contentType: "application/x-pkcs12" });
  });

  it("lists over several pages and selects a history of each type", async () => {
    const double = newVault();
    const made: string[] = [];
    for (let i = 0; i < 60; i += 1) {
      nowMs += 1_000;
      made.push(double.setSecret("many", `v${i}`));
    }
    double.setEnabled("secret", "many", made[58] ?? "", false);
    const listed = await open(double).listVersions({ type: "secret", name: "many" }, never);
    expect(listed).to.have.length(60);
    expect(selectVersions(listed, "", 2).map(({ version }) => version)).to.deep.equal([
      made[59],
      made[57],
      made[56],
    ]);
    expect(asked(double).map(({ kind }) => kind)).to.deep.equal(["list", "list", "list"]);
    double.createKey("k", { kty: "EC" });
    double.createCertificate("c");
    expect(await open(double).listVersions({ type: "key", name: "k" }, never)).to.have.length(1);
    expect(await open(double).listVersions({ type: "cert", name: "c" }, never)).to.have.length(1);
    expect(await open(double).listVersions({ type: "secret", name: "unknown" }, never)).to.deep.equal([]);
  });

  it("names the service's own code for what is missing, disabled and forbidden", async () => {
    const double = newVault();
    const version = double.setSecret("off", "x");
    double.setEnabled("secret", "off", version, false);
    const stranger = emulator.vault(`unit-keyvault-${vaultCount}-stranger`);
    stranger.setSecret("web", "x");
    const policies = emulator.vault(`unit-keyvault-${vaultCount}-old`);
    policies.authorization = "accessPolicy";
    const cases: { work: Promise<unknown>; code: string; words: string }[] = [
      {
        work: open(double).read({ type: "secret", name: "none", version: "" }, never),
        code: "VAULT_OBJECT_NOT_FOUND",
        words: "HTTP 404 SecretNotFound",
      },
      {
        work: open(double).read({ type: "secret", name: "off", version: "f".repeat(32) }, never),
        code: "VAULT_VERSION_NOT_FOUND",
        words: "HTTP 404 SecretNotFound",
      },
      {
        work: open(double).read({ type: "key", name: "none", version: "" }, never),
        code: "VAULT_OBJECT_NOT_FOUND",
        words: "HTTP 404 KeyNotFound",
      },
      {
        work: open(double).read({ type: "cert", name: "none", version: "" }, never),
        code: "VAULT_OBJECT_NOT_FOUND",
        words: "HTTP 404 CertificateNotFound",
      },
      {
        work: open(double).read({ type: "secret", name: "off", version: "" }, never),
        code: "VAULT_FORBIDDEN",
        words: "HTTP 403 Forbidden (SecretDisabled)",
      },
      {
        work: open(stranger).read({ type: "secret", name: "web", version: "" }, never),
        code: "VAULT_FORBIDDEN",
        words:
          'HTTP 403 Forbidden (ForbiddenByRbac): the identity may not get secrets; give it the role "Key Vault Secrets User"',
      },
      {
        work: open(stranger).listVersions({ type: "secret", name: "web" }, never),
        code: "VAULT_FORBIDDEN",
        words: "HTTP 403 Forbidden (ForbiddenByRbac): the identity may not list secrets",
      },
      {
        work: open(policies).read({ type: "key", name: "web", version: "" }, never),
        code: "VAULT_FORBIDDEN",
        words: "the get permission for keys in the vault's access policies",
      },
      {
        work: open(double).read({ type: "secret", name: "a_b", version: "" }, never),
        code: "VAULT_REQUEST_REJECTED",
        words: "HTTP 400 BadParameter",
      },
    ];
    for (const { work, code, words } of cases) {
      const error = await failureOf(work);
      expect(error.message).to.include(words);
      expect(error.code).to.equal(code);
    }
  });

  it("explains a vault that does not exist", async () => {
    const double = newVault();
    const vault = openVault({
      vaultUrl: "https://no-such-vault-here.vault.azure.net",
      credential: signedIn(double),
      scope: "https://vault.azure.net/.default",
      httpClient,
      retry: { maxRetries: 0 },
    });
    const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
    expect(error.code).to.equal("VAULT_UNREACHABLE");
    expect(error.message).to.include("no-such-vault-here.vault.azure.net");
  });

  it("answers a CAE challenge with a token for the claims", async () => {
    const double = newVault();
    double.setSecret("web", "x");
    emulator.faults.add({ kind: "claimsChallenge" }, { host: double.host, times: 1 });
    const credential = signedIn(double);
    await open(double, credential).read({ type: "secret", name: "web", version: "" }, never);
    expect(asked(double).map(({ status }) => status)).to.deep.equal([401, 200]);
    expect(credential.asked).to.have.length(2);
  });

  it("learns the resource from the challenge when the cloud's scope is another", async () => {
    const double = newVault();
    double.setSecret("web", "x");
    const credential = signedIn(double);
    const vault = openVault({
      vaultUrl: double.url,
      credential,
      scope: "https://wrong.example/.default",
      httpClient,
      retry: { maxRetries: 0 },
    });
    await vault.read({ type: "secret", name: "web", version: "" }, never);
    expect(credential.asked).to.deep.equal([
      "https://wrong.example/.default",
      `${double.cloud.vaultAudience}/.default`,
    ]);
    expect(asked(double).map(({ status }) => status)).to.deep.equal([401, 200]);
  });

  it("gives up an expired token in two requests", async () => {
    const double = newVault();
    double.setSecret("web", "x");
    const credential = signedIn(double);
    const expired = await credential.getToken(`${double.cloud.vaultAudience}/.default`, {});
    nowMs += 2 * 3_600_000;
    const vault = open(double, { getToken: () => Promise.resolve(expired) });
    const error = await failureOf(vault.read({ type: "secret", name: "web", version: "" }, never));
    expect(error.code).to.equal("VAULT_UNAUTHENTICATED");
    expect(error.message).to.include(`(the vault asks for tokens of tenant ${double.tenantId})`);
    expect(error.message).to.match(/; the vault says: \S/);
    expect(asked(double)).to.have.length(2);
  });

  it("tells a throttled read at once: the gate before the vault is where it is asked again", async () => {
    const double = newVault();
    double.setSecret("web", "x");
    emulator.faults.add({ kind: "throttled", retryAfterSeconds: 9 }, { host: double.host, times: 1 });
    const error = await failureOf(open(double).read({ type: "secret", name: "web", version: "" }, never));
    expect(error.code).to.equal("VAULT_THROTTLED");
    expect(asked(double).map(({ status }) => status)).to.deep.equal([429]);
  });

  const bombs = [
    { effect: { kind: "garbage" }, code: "VAULT_ANSWER_INVALID" },
    { effect: { kind: "hugeBody" }, code: "VAULT_ANSWER_TOO_LARGE" },
    { effect: { kind: "redirect", location: "https://evil.example/" }, code: "VAULT_REDIRECTED" },
    { effect: { kind: "redirect", location: "http://localhost/" }, code: "VAULT_REDIRECTED" },
    { effect: { kind: "truncate" }, code: "VAULT_UNREACHABLE" },
    { effect: { kind: "reset" }, code: "VAULT_UNREACHABLE" },
    { effect: { kind: "unavailable" }, code: "VAULT_FAILED" },
    { effect: { kind: "rewrite", change: () => null }, code: "VAULT_ANSWER_INVALID" },
    { effect: { kind: "rewrite", change: () => [] }, code: "VAULT_ANSWER_INVALID" },
    { effect: { kind: "rewrite", change: () => ({ id: 1 }) }, code: "VAULT_ANSWER_INVALID" },
  ] as const;
  for (const { effect, code } of bombs) {
    it(`makes of ${effect.kind} ${code}`, async () => {
      const double = newVault();
      double.setSecret("web", "hidden-value");
      emulator.faults.add(effect, { host: double.host });
      const error = await failureOf(open(double).read({ type: "secret", name: "web", version: "" }, never));
      expect(error.code).to.equal(code);
      expect(error.message).to.not.include("hidden-value");
    });
  }

  it("ends endless pages, and follows no nextLink to another vault", async () => {
    const double = newVault();
    double.setSecret("web", "x");
    const other = newVault();
    emulator.faults.add(
      { kind: "nextLink", url: `${other.url}/secrets/web/versions` },
      { host: double.host, times: 1 },
    );
    const redirected = await failureOf(open(double).listVersions({ type: "secret", name: "web" }, never));
    expect(redirected.code).to.equal("VAULT_REDIRECTED");
    expect(asked(other)).to.deep.equal([]);
    emulator.faults.add({ kind: "endlessPages" }, { host: double.host });
    const endless = await failureOf(open(double).listVersions({ type: "secret", name: "web" }, never));
    expect(endless.code).to.equal("VAULT_TOO_MANY_VERSIONS");
  });

  it("drops the connection of a read that is given up", async () => {
    const double = newVault();
    emulator.faults.add({ kind: "hang" }, { host: double.host });
    const caller = new AbortController();
    const observations: RequestObservation[] = [];
    const reading = open(double, signedIn(double), (seen) => observations.push(seen)).read(
      { type: "secret", name: "web", version: "" },
      caller.signal,
    );
    while (emulator.requests.inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    caller.abort();
    expect((await failureOf(reading)).code).to.equal("CALL_CANCELLED");
    expect(observations[0]?.errorCode).to.equal("CALL_CANCELLED");
    while (emulator.requests.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("reads twenty objects at once with twenty requests", async () => {
    const double = newVault();
    for (let i = 0; i < 20; i += 1) double.setSecret(`s${i}`, `v${i}`);
    const vault = open(double);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => vault.read({ type: "secret", name: `s${i}`, version: "" }, never)),
    );
    expect(asked(double).map(({ status }) => status)).to.deep.equal(Array.from({ length: 20 }, () => 200));
  });
});
