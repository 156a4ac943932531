import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Application, Emulator, VaultDouble } from "../../emulator/emulator.js";
import { errorOf, readWithSdk } from "./sdk-client.js";
import type { SdkFindings, SdkSetting } from "./sdk-client.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const CLUSTER = "https://oidc.example/cluster/";
const CHILD = fileURLToPath(new URL("sdk-child.ts", import.meta.url));

describe("emulator with the Azure SDK", () => {
  let emulator: Emulator;
  let application: Application;
  let vault: VaultDouble;
  let folder: string;
  let expected: SdkFindings;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "emulator-sdk-"));
    emulator = await startEmulator({
      clouds: [{ authorityHosts: ["login.stack.localtest"], vaultSuffix: "vault.stack.localtest" }],
    });
    await writeFile(path.join(folder, "ca.pem"), emulator.caPem);
    application = emulator.entra.tenant(TENANT).application({
      clientId: CLIENT,
      secrets: ["open sesame"],
      federated: [{ issuer: CLUSTER, subject: "system:serviceaccount:shop:web" }],
    });
    vault = emulator.vault("contoso-vault");
    expected = seed(vault);
  });
  after(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    emulator.requests.reset();
  });
  afterEach(() => {
    emulator.faults.clear();
  });

  function seed(target: VaultDouble): SdkFindings {
    target.grantAll(CLIENT);
    for (let count = 1; count < 60; count++) target.setSecret("db", `value ${count}`);
    const version = target.setSecret("db", "newest", { contentType: "text/plain" });
    target.setSecret("off", "v", { enabled: false });
    target.createKey("signing", { kty: "EC", crv: "P-384" });
    target.createCertificate("web", { keyType: "EC", subject: "CN=web.example" });
    const certificate = target.certificates.find("web")?.versions[0]?.content;
    return {
      secret: { value: "newest", version, type: "text/plain" },
      key: { type: "EC", crv: "P-384" },
      certificate: { name: "web", subject: "CN=web.example", size: certificate?.der.length },
      versions: 60,
      notFound: {
        code: "SecretNotFound",
        statusCode: 404,
        message:
          "A secret with (name/id) none was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
      },
      disabled: {
        code: "Forbidden",
        statusCode: 403,
        message: "Operation get is not allowed on a disabled secret.",
      },
    };
  }

  const withSecret = (): SdkSetting => ({
    tenantId: TENANT,
    clientId: CLIENT,
    secret: "open sesame",
    vaultUrl: vault.url,
  });

  /** Sends every request to the emulator's own port: what a name server that points all names there would do. */
  function dialEmulator(): { additionalPolicies: { policy: PipelinePolicy; position: "perRetry" }[] } {
    const agent = new https.Agent({ ca: emulator.caPem });
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) =>
      connect({ ...options, host: "127.0.0.1", port: emulator.port }, callback);
    const policy: PipelinePolicy = {
      name: "dialEmulator",
      sendRequest: (request, next) => {
        request.agent = agent;
        return next(request);
      },
    };
    return { additionalPolicies: [{ policy, position: "perRetry" }] };
  }

  async function inChild(setting: SdkSetting): Promise<SdkFindings> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import=tsx", CHILD, JSON.stringify(setting)],
      {
        env: {
          ...process.env,
          NO_PROXY: "",
          no_proxy: "",
          NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
          HTTPS_PROXY: `http://127.0.0.1:${emulator.proxyPort}`,
        },
      },
    );
    return JSON.parse(stdout) as SdkFindings;
  }

  it("is read through the proxy by an SDK that knows nothing of it, with a secret", async () => {
    expect(await inChild(withSecret())).to.deep.equal(expected);
    expect(emulator.requests.hosts()).to.have.members([vault.host, "login.microsoftonline.com"]);
    expect(emulator.requests.all.every(({ via }) => via === "proxy")).to.equal(true);
    // 60 versions are three pages, and the clients of the three kinds are challenged once each.
    expect(emulator.requests.counts()).to.include({ challenge: 3, token: 1, read: 5, list: 3, unknown: 0 });
  });

  it("is read through the proxy with a service account's token", async () => {
    const assertion = emulator.entra
      .issuer(CLUSTER)
      .serviceAccountToken({ namespace: "shop", serviceAccount: "web" });
    const setting = { tenantId: TENANT, clientId: CLIENT, vaultUrl: vault.url, assertion };
    expect(await inChild(setting)).to.deep.equal(expected);
  });

  it("is read directly, by its port", async () => {
    expect(await readWithSdk(withSecret(), dialEmulator())).to.deep.equal(expected);
    expect(emulator.requests.all.every(({ via }) => via === "direct")).to.equal(true);
  });

  it("is read as an Azure Stack Hub, under hosts of its own", async () => {
    const stack = emulator.vault("stack-vault", { suffix: "vault.stack.localtest" });
    const findings = seed(stack);
    const options = {
      ...dialEmulator(),
      authorityHost: "https://login.stack.localtest",
      disableInstanceDiscovery: true,
    };
    expect(await readWithSdk({ ...withSecret(), vaultUrl: `https://${stack.host}` }, options)).to.deep.equal(
      findings,
    );
    expect(emulator.requests.hosts()).to.have.members([stack.host, "login.stack.localtest"]);
  });

  it("is read as an Azure Stack Hub with AD FS, where there are no tenants", async () => {
    emulator.entra.tenant("adfs").application({ clientId: CLIENT, secrets: ["open sesame"] });
    const stack = emulator.vault("adfs-vault", { suffix: "vault.stack.localtest", tenantId: "adfs" });
    const findings = seed(stack);
    const options = { ...dialEmulator(), authorityHost: "https://login.stack.localtest" };
    const setting = { ...withSecret(), tenantId: "adfs", vaultUrl: `https://${stack.host}` };
    expect(await readWithSdk(setting, options)).to.deep.equal(findings);
    expect(emulator.requests.hosts()).to.have.members([stack.host, "login.stack.localtest"]);
  });

  describe("shows an error", () => {
    const client = (retries = 0): SecretClient =>
      new SecretClient(vault.url, new ClientSecretCredential(TENANT, CLIENT, "open sesame", dialEmulator()), {
        ...dialEmulator(),
        retryOptions: { maxRetries: retries, retryDelayInMs: 1 },
      });

    const throttled = [
      { name: "which the SDK does not retry without Retry-After", retryAfterSeconds: undefined, reads: 1 },
      { name: "after the SDK's own retries with Retry-After", retryAfterSeconds: 0, reads: 3 },
    ];
    for (const { name, retryAfterSeconds, reads } of throttled) {
      it(`of a throttled vault, ${name}`, async () => {
        emulator.faults.add(
          { kind: "throttled", ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
          { host: vault.host, kind: "read" },
        );
        expect(await errorOf(client(2).getSecret("db"))).to.deep.equal({
          code: "Throttled",
          statusCode: 429,
          message:
            "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
        });
        expect(emulator.requests.counts()).to.include({ read: reads });
      });
    }

    it("of a principal without a permission", async () => {
      vault.revoke({ clientId: CLIENT });
      const { code, statusCode, message } = await errorOf(client().getSecret("db"));
      vault.grantAll(CLIENT);
      expect({ code, statusCode }).to.deep.equal({ code: "Forbidden", statusCode: 403 });
      expect(message).to.contain(`Caller: appid=${CLIENT};oid=${application.objectId};`);
    });

    it("of a sign-in that is refused", async () => {
      const credential = new ClientSecretCredential(TENANT, CLIENT, "wrong", dialEmulator());
      const { message } = await errorOf(credential.getToken("https://vault.azure.net/.default"));
      expect(message).to.match(/invalid_client.*AADSTS7000215: Invalid client secret provided\./);
    });

    it("but not of a claims challenge, which it answers with a new sign-in", async () => {
      const secrets = client();
      await secrets.getSecret("db");
      emulator.faults.add({ kind: "claimsChallenge" }, { host: vault.host, kind: "read", times: 1 });
      emulator.requests.reset();
      expect((await secrets.getSecret("db")).value).to.equal("newest");
      expect(emulator.requests.counts()).to.include({ token: 1, read: 2 });
    });

    it("of a certificate that nobody signed", async () => {
      emulator.faults.add({ kind: "tls", fault: "unknownAuthority" }, { host: vault.host });
      const { message } = await errorOf(client().getSecret("db"));
      expect(message).to.contain("unable to verify the first certificate");
    });
  });
});
