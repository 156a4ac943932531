import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator } from "../../emulator/emulator.js";
import { MAX_SEED_CHARS, readSeed } from "../../emulator/seed/seed.js";
import { SeedError } from "../../emulator/seed/shape.js";
import { ask, signIn } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const WHO = { tenantId: TENANT, clientId: CLIENT, secret: "open sesame" };

const SEED = `
tenants:
  - id: ${TENANT}
    applications:
      - clientId: ${CLIENT}
        secrets: [open sesame]
        federated:
          - issuer: https://oidc.example/
            subject: system:serviceaccount:shop:web
vaults:
  - name: contoso-vault
    secrets:
      - name: db
        value: first
        contentType: text/plain
      - name: "off"
        value: v
        enabled: false
    keys:
      - name: signing
        kty: EC
        crv: P-384
    certificates:
      - name: web
        keyType: EC
        contentType: application/x-pem-file
        subject: CN=web.example
        dnsNames: [web.example]
    grants:
      - clientId: ${CLIENT}
        secrets: [get, list]
        keys: [get]
        certificates: [get]
`;

describe("emulator/seed", () => {
  let emulator: Emulator;
  afterEach(() => emulator.close());

  async function sown(seed: string): Promise<Emulator> {
    const { options, sow } = readSeed(seed);
    emulator = await startEmulator(options);
    sow(emulator);
    return emulator;
  }

  async function statusOf(objectPath: string, host = "contoso-vault.vault.azure.net"): Promise<number> {
    const token = await signIn(emulator, WHO);
    const { status } = await ask(emulator, {
      host,
      path: `${objectPath}?api-version=7.4`,
      headers: { Authorization: `Bearer ${token}` },
    });
    return status;
  }

  it("fills tenants and vaults", async () => {
    await sown(SEED);
    expect(await statusOf("/secrets/db")).to.equal(200);
    expect(await statusOf("/secrets/off")).to.equal(403);
    expect(await statusOf("/keys/signing")).to.equal(200);
    expect(await statusOf("/certificates/web")).to.equal(200);
    expect(await statusOf("/keys")).to.equal(403);
  });

  it("takes JSON", async () => {
    await sown(JSON.stringify({ tenants: [{ id: TENANT, applications: [{ clientId: CLIENT }] }] }));
    expect(emulator.entra.defaultTenantId).to.equal(TENANT);
  });

  it("sown again, changes what has changed and nothing else", async () => {
    await sown(SEED);
    const vault = emulator.vault("contoso-vault");
    const versions = (): number[] =>
      [vault.secrets.find("db"), vault.keys.find("signing"), vault.certificates.find("web")].map(
        (object) => object?.versions.length ?? 0,
      );
    readSeed(SEED).sow(emulator);
    expect(versions()).to.deep.equal([1, 1, 1]);
    const changed = SEED.replace("value: first", "value: second")
      .replace("open sesame", "open barley")
      .replace("secrets: [get, list]", "secrets: []");
    readSeed(changed).sow(emulator);
    expect(versions()).to.deep.equal([2, 1, 1]);
    const refused = await signIn(emulator, WHO).catch((error: unknown) => String(error));
    expect(refused).to.contain("AADSTS7000215");
    const token = await signIn(emulator, { ...WHO, secret: "open barley" });
    const reply = await ask(emulator, {
      host: "contoso-vault.vault.azure.net",
      path: "/secrets/db?api-version=7.4",
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(reply.status).to.equal(403);
  });

  it("plays a cloud of one's own", async () => {
    await sown(`
clouds: [{ authorityHosts: [login.stack.example], vaultSuffix: vault.stack.example }]
tenants: [{ id: ${TENANT}, applications: [{ clientId: ${CLIENT}, secrets: [open sesame] }] }]
vaults: [{ name: stack, suffix: vault.stack.example, tenantId: ${TENANT}, authorization: accessPolicy }]
`);
    const token = await signIn(emulator, WHO, "https://vault.stack.example/.default", "login.stack.example");
    const reply = await ask(emulator, {
      host: "stack.vault.stack.example",
      path: "/secrets/x?api-version=7.4",
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(reply.json).to.have.nested.property("error.innererror.code", "AccessDenied");
  });

  it("trusts the keys of a real cluster", async () => {
    const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = { ...keys.publicKey.export({ format: "jwk" }), kid: "cluster-key", use: "sig", alg: "RS256" };
    const issuers = JSON.stringify([
      { url: "https://oidc.example/", jwks: { keys: [jwk, { kty: "EC", kid: "other" }, null] } },
    ]);
    await sown(`${SEED}\nissuers: ${issuers}\n`);
    const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
    const claims = {
      iss: "https://oidc.example/",
      sub: "system:serviceaccount:shop:web",
      aud: ["api://AzureADTokenExchange"],
      exp: Date.now() / 1000 + 60,
    };
    const signed = `${encode({ alg: "RS256", kid: "cluster-key" })}.${encode(claims)}`;
    const assertion = `${signed}.${sign("sha256", Buffer.from(signed), keys.privateKey).toString("base64url")}`;
    const { status, text } = await ask(emulator, {
      host: "login.microsoftonline.com",
      path: `/${TENANT}/oauth2/v2.0/token`,
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: CLIENT,
        client_assertion: assertion,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        scope: "https://vault.azure.net/.default",
      }).toString(),
    });
    expect(status, text).to.equal(200);
  });
});

describe("emulator/seed refuses", () => {
  const vault = (fields: string): string => `vaults: [{ name: contoso-vault, ${fields} }]`;
  const cases = [
    { seed: "a: [", message: "the seed is not well-formed YAML or JSON (aliases are not taken)" },
    { seed: "a: &a [x]\nb: *a", message: "the seed is not well-formed YAML or JSON (aliases are not taken)" },
    { seed: "[]", message: " must be a mapping" },
    {
      seed: "vault: []",
      message:
        "vault is not known; known are port, proxyPort, listenOn, clouds, caFile, authority, issuers, tenants, vaults",
    },
    { seed: "__proto__: {}", message: "__proto__ is not known; known are" },
    { seed: "port: high", message: "port must be a number" },
    { seed: "vaults: {}", message: "vaults must be a list" },
    { seed: "vaults: [x]", message: "vaults[0] must be a mapping" },
    { seed: "vaults: [{}]", message: "vaults[0].name is missing" },
    { seed: "vaults: [{ name: 5 }]", message: "vaults[0].name must be a text" },
    {
      seed: vault("authorization: none"),
      message: "vaults[0].authorization must be one of rbac, accessPolicy",
    },
    { seed: vault("secrets: [{ name: s, value: 5 }]"), message: "vaults[0].secrets[0].value must be a text" },
    {
      seed: vault('secrets: [{ name: s, value: v, enabled: "no" }]'),
      message: "vaults[0].secrets[0].enabled must be true or false",
    },
    {
      seed: vault("secrets: [{ name: s, value: v, contenttype: x }]"),
      message:
        "vaults[0].secrets[0].contenttype is not known; known are name, value, contentType, enabled, version",
    },
    {
      seed: vault("keys: [{ name: k, kty: DSA }]"),
      message: "vaults[0].keys[0].kty must be one of RSA, RSA-HSM, EC, EC-HSM, oct-HSM",
    },
    {
      seed: vault("keys: [{ name: k, size: 1024 }]"),
      message: "vaults[0].keys[0].size must be one of 2048, 3072, 4096",
    },
    {
      seed: vault("certificates: [{ name: c, curve: P-1 }]"),
      message: "vaults[0].certificates[0].curve must be one of P-256, P-384, P-521, P-256K",
    },
    {
      seed: vault("grants: [{ secrets: [get] }]"),
      message: "vaults[0].grants[0] needs clientId or objectId",
    },
    {
      seed: vault("grants: [{ clientId: c, secrets: [set] }]"),
      message: "vaults[0].grants[0].secrets may have get and list",
    },
    {
      seed: vault("grants: [{ clientId: c, secrets: [[]] }]"),
      message: "vaults[0].grants[0].secrets[0] must be a text",
    },
    {
      seed: "issuers: [{ url: https://x/, jwks: {} }]",
      message: "issuers[0].jwks must be a JSON Web Key Set: what the cluster's /openid/v1/jwks says",
    },
    {
      seed: `tenants: [${"{},".repeat(10_001)}]`,
      message: "tenants has more than 10000 entries",
    },
    { seed: " ".repeat(MAX_SEED_CHARS + 1), message: `a seed has at most ${MAX_SEED_CHARS} characters` },
  ];
  for (const { seed, message } of cases) {
    it(message, () => {
      expect(() => readSeed(seed)).to.throw(SeedError, message);
    });
  }

  it("quotes no value of the file", () => {
    expect(() => readSeed("vaults: [{ name: v, secrets: [{ name: s, value: hunter2"))
      .to.throw(SeedError)
      .that.satisfies((error: Error) => !error.message.includes("hunter2") && error.cause === undefined);
  });
});

describe("emulator/main", () => {
  const MAIN = fileURLToPath(new URL("../../emulator/main.ts", import.meta.url));
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "emulator-main-"));
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  function start(...args: string[]): { lines: AsyncIterator<string>; child: ChildProcess } {
    const started = spawn(process.execPath, ["--import=tsx", MAIN, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    return { child: started, lines: createInterface(started.stdout)[Symbol.asyncIterator]() };
  }

  async function nextLine(lines: AsyncIterator<string>): Promise<Record<string, unknown>> {
    const { value } = (await lines.next()) as { value: string };
    return JSON.parse(value) as Record<string, unknown>;
  }

  it("serves its seed, shows requests, reads the file again on SIGHUP, ends with 0 on SIGTERM", async () => {
    const config = path.join(folder, "seed.yaml");
    const caFile = path.join(folder, "ca.pem");
    await writeFile(config, `caFile: ${caFile}\n${SEED}`);
    const { lines, child: running } = start("--config", config, "--log");
    const served = (await nextLine(lines)) as { port: number; caFile: string };
    expect(served.caFile).to.equal(caFile);
    const target = { port: served.port, caPem: await readFile(caFile, "utf8") };
    const read = async (): Promise<unknown> => {
      const token = await signIn(target as Emulator, WHO);
      const reply = await ask(target, {
        host: "contoso-vault.vault.azure.net",
        path: "/secrets/db?api-version=7.4",
        headers: { Authorization: `Bearer ${token}` },
      });
      return reply.json?.["value"];
    };
    expect(await read()).to.equal("first");
    expect(await nextLine(lines)).to.have.nested.property("request.kind", "token");
    expect(await nextLine(lines)).to.have.nested.property("request.objectName", "db");
    await writeFile(config, SEED.replace("value: first", "value: second"));
    running.kill("SIGHUP");
    expect(await nextLine(lines)).to.deep.equal({ reloaded: true });
    expect(await read()).to.equal("second");
    running.kill("SIGTERM");
    const [code] = (await once(running, "exit")) as [number | null];
    expect(code).to.equal(0);
  });

  const refused = [
    {
      name: "without a file",
      args: [] as string[],
      message:
        "usage: emulator/main.ts --config seed.yaml [--log] [--cluster] [--control-port N] [--imds-port N]",
    },
    { name: "with a bad file", args: ["--config", "bad.yaml"], message: "port must be a number" },
  ];
  for (const { name, args, message } of refused) {
    it(`ends with 1 and a word ${name}`, async () => {
      await writeFile(path.join(folder, "bad.yaml"), "port: high");
      const { child: running } = start(
        ...args.map((arg) => (arg === "bad.yaml" ? path.join(folder, arg) : arg)),
      );
      let said = "";
      running.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
      const [code] = (await once(running, "close")) as [number | null];
      expect(code).to.equal(1);
      expect(said.trim()).to.equal(message);
    });
  }
});
