import { expect } from "chai";
import { playCustomCloud } from "../../emulator/clouds.js";
import { openControlPort } from "../../emulator/control/control-port.js";
import type { ControlPort } from "../../emulator/control/control-port.js";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator } from "../../emulator/emulator.js";
import { startImds } from "../../emulator/imds/imds-double.js";
import { ask, signIn } from "./ask.js";
import type { Reply } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const AUTHORITY = "login.stack.example";
const SUFFIX = "vault.stack.example";
const SEED = {
  tenants: [
    {
      id: TENANT,
      applications: [
        {
          clientId: CLIENT,
          secrets: ["open sesame"],
          federated: [{ issuer: "cluster", subject: "system:serviceaccount:shop:web" }],
        },
      ],
    },
  ],
  vaults: [{ name: "contoso", suffix: SUFFIX, tenantId: TENANT }],
};

describe("emulator/control", () => {
  let emulator: Emulator;
  let control: ControlPort;

  beforeEach(async () => {
    emulator = await startEmulator({ clouds: [{ authorityHosts: [AUTHORITY], vaultSuffix: SUFFIX }] });
    control = await openControlPort(emulator, { suffix: SUFFIX, clusterIssuer: "https://cluster.example/" });
    expect(await say("POST", "/seed", SEED)).to.deep.equal({ status: 200, json: {} });
  });
  afterEach(async () => {
    await control.close();
    await emulator.close();
  });

  async function say(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const response = await fetch(`http://127.0.0.1:${control.port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  }

  async function read(objectPath: string): Promise<Reply> {
    const who = { tenantId: TENANT, clientId: CLIENT, secret: "open sesame" };
    const token = await signIn(emulator, who, `https://${SUFFIX}/.default`, AUTHORITY);
    return ask(emulator, {
      host: `contoso.${SUFFIX}`,
      path: `${objectPath}?api-version=7.4`,
      headers: { Authorization: `Bearer ${token}` },
    });
  }

  it("sets and rotates secrets, switches versions off, deletes", async () => {
    await say("POST", `/vaults/contoso/grants/${CLIENT}`, { secrets: ["get"] });
    const first = await say("POST", "/vaults/contoso/secrets/db", {
      value: "one",
      contentType: "text/plain",
    });
    const second = await say("POST", "/vaults/contoso/secrets/db", { value: "two" });
    expect((await read("/secrets/db")).json).to.include({ value: "two" });
    const listed = await say("GET", "/vaults/contoso/secrets/db");
    expect(listed.json["versions"]).to.have.lengthOf(2);
    expect(JSON.stringify(listed.json)).to.not.contain("two");
    const version = String(second.json["version"]);
    await say("POST", `/vaults/contoso/secrets/db/${version}`, { enabled: false });
    expect((await read("/secrets/db")).status).to.equal(403);
    expect((await read(`/secrets/db/${String(first.json["version"])}`)).json).to.include({ value: "one" });
    expect((await say("DELETE", "/vaults/contoso/secrets/db")).status).to.equal(200);
    expect((await read("/secrets/db")).status).to.equal(404);
  });

  it("makes keys and certificates, each a new version", async () => {
    await say("POST", `/vaults/contoso/grants/${CLIENT}`, { keys: ["get"], certificates: ["get"] });
    await say("POST", "/vaults/contoso/keys/signing", { kty: "EC-HSM", crv: "P-384" });
    expect((await read("/keys/signing")).json).to.have.nested.property("key.kty", "EC-HSM");
    const certificate = { keyType: "EC", subject: "CN=web.example" };
    const made = await say("POST", "/vaults/contoso/certificates/web", certificate);
    const renewed = await say("POST", "/vaults/contoso/certificates/web", certificate);
    expect(made.json["version"]).to.not.equal(renewed.json["version"]);
    expect((await read("/certificates/web")).status).to.equal(200);
  });

  it("grants in the place of what was granted, and revokes", async () => {
    await say("POST", "/vaults/contoso/secrets/db", { value: "one" });
    await say("POST", `/vaults/contoso/grants/${CLIENT}`, { secrets: ["get"] });
    expect((await read("/secrets/db")).status).to.equal(200);
    await say("POST", `/vaults/contoso/grants/${CLIENT}`, { keys: ["get"] });
    expect((await read("/secrets/db")).status).to.equal(403);
    await say("POST", `/vaults/contoso/grants/${CLIENT}`, { secrets: ["get"], names: ["db"] });
    expect((await read("/secrets/db")).status).to.equal(200);
    await say("DELETE", `/vaults/contoso/grants/${CLIENT}`);
    expect((await read("/secrets/db")).status).to.equal(403);
  });

  it("plays faults until they are removed, and says how often", async () => {
    await say("POST", "/vaults/contoso/secrets/db", { value: "one" });
    await say("POST", `/vaults/contoso/grants/${CLIENT}`, { secrets: ["get"] });
    const { json } = await say("POST", "/faults", {
      kind: "throttled",
      for: { host: "contoso.*", kind: "read" },
    });
    const path = `/faults/${String(json["id"])}`;
    expect((await read("/secrets/db")).status).to.equal(429);
    expect((await say("GET", path)).json).to.deep.equal({ hits: 1 });
    expect((await say("DELETE", path)).json).to.deep.equal({ hits: 1 });
    expect((await read("/secrets/db")).status).to.equal(200);
    expect((await say("GET", path)).status).to.equal(404);
    await say("POST", "/faults", { kind: "unavailable", for: { kind: "read" } });
    await say("DELETE", "/faults");
    expect((await read("/secrets/db")).status).to.equal(200);
  });

  it("counts what was asked, and forgets it", async () => {
    await say("POST", "/vaults/contoso/secrets/db", { value: "one" });
    await say("POST", `/vaults/contoso/grants/${CLIENT}`, { secrets: ["get"] });
    await read("/secrets/db");
    await read("/secrets/other");
    const counts = await say("GET", "/requests/counts?vault=contoso");
    expect(counts.json).to.include({ read: 2, token: 0, total: 2 });
    expect((await say("GET", "/requests/count-by/objectName?status=200")).json).to.deep.equal({ db: 1 });
    expect((await say("GET", `/requests/count-by/status?clientId=${CLIENT}`)).json).to.deep.include({
      404: 1,
    });
    const { requests } = (await say("GET", "/requests?kind=read")).json as { requests: { path: string }[] };
    expect(requests.map(({ path }) => path)).to.deep.equal(["/secrets/db", "/secrets/other"]);
    await say("DELETE", "/requests");
    expect((await say("GET", "/requests/counts")).json).to.include({ total: 0 });
  });

  it("takes the cluster's issuer for the one that a posted seed calls so", () => {
    const [credential] = emulator.entra.tenant(TENANT).application({ clientId: CLIENT }).federatedCredentials;
    expect(credential?.issuer).to.equal("https://cluster.example/");
  });

  it("deletes a vault", async () => {
    await say("DELETE", "/vaults/contoso");
    expect(emulator.findVault("contoso", { suffix: SUFFIX })).to.equal(undefined);
  });

  const refused = [
    {
      name: "an unknown path",
      method: "GET",
      path: "/x",
      status: 404,
      says: "no such path; known are POST /seed",
    },
    {
      name: "an unknown vault",
      method: "DELETE",
      path: "/vaults/nobody",
      status: 404,
      says: "POST /seed makes one",
    },
    {
      name: "an unknown object",
      method: "GET",
      path: "/vaults/contoso/keys/k",
      status: 404,
      says: "no such object",
    },
    {
      name: "an unknown collection",
      method: "GET",
      path: "/vaults/contoso/things/k",
      status: 404,
      says: "a vault has secrets, keys, certificates",
    },
    {
      name: "a field that is not known",
      method: "POST",
      path: "/vaults/contoso/secrets/s",
      body: { value: "hunter2", contenttype: "x" },
      status: 400,
      says: "contenttype is not known; known are value, contentType, enabled",
    },
    {
      name: "a body that is no JSON",
      method: "POST",
      path: "/vaults/contoso/secrets/s",
      body: '{ "value": "hunter2',
      status: 400,
      says: "the body is not well-formed JSON or YAML",
    },
    {
      name: "a bad seed",
      method: "POST",
      path: "/seed",
      body: { vault: [] },
      status: 400,
      says: "vault is not known",
    },
    {
      name: "an unknown effect",
      method: "POST",
      path: "/faults",
      body: { kind: "fire" },
      status: 400,
      says: "kind must be one of delay, throttled",
    },
    {
      name: "an effect without what it needs",
      method: "POST",
      path: "/faults",
      body: { kind: "delay" },
      status: 400,
      says: "delayMs is missing",
    },
    {
      name: "an unknown property",
      method: "GET",
      path: "/requests?token=x",
      status: 400,
      says: "requests are told apart by kind, host",
    },
    {
      name: "a version that is not there",
      method: "POST",
      path: "/vaults/contoso/secrets/s/1",
      body: { enabled: false },
      status: 400,
      says: "has no secret s/1",
    },
    {
      name: "a path that is not well-formed",
      method: "DELETE",
      path: "/vaults/%",
      status: 400,
      says: "well-formed",
    },
    {
      name: "a body past the cap",
      method: "POST",
      path: "/seed",
      body: " ".repeat(70_000),
      status: 413,
      says: "larger than",
    },
  ];
  for (const { name, method, path, body, status, says } of refused) {
    it(`refuses ${name}`, async () => {
      const reply = await say(method, path, body);
      expect(reply.status).to.equal(status);
      expect(reply.json["error"]).to.contain(says).and.not.contain("hunter2");
    });
  }

  it("gives the node managed identities, and takes them away", async () => {
    const imds = await startImds({
      directory: emulator.entra,
      cloud: playCustomCloud({ authorityHosts: [AUTHORITY], vaultSuffix: SUFFIX }),
    });
    const withImds = await openControlPort(emulator, { suffix: SUFFIX, imds });
    const change = async (method: string, clientId: string, body?: unknown): Promise<number> => {
      const options = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`http://127.0.0.1:${withImds.port}/imds/${clientId}`, {
        method,
        ...options,
      });
      await response.arrayBuffer();
      return response.status;
    };
    const tokenOf = async (clientId?: string): Promise<number> => {
      const query = new URLSearchParams({ "api-version": "2018-02-01", resource: `https://${SUFFIX}` });
      if (clientId !== undefined) query.set("client_id", clientId);
      const url = `${imds.origin}/metadata/identity/oauth2/token?${query.toString()}`;
      const response = await fetch(url, { headers: { Metadata: "true" } });
      await response.arrayBuffer();
      return response.status;
    };
    const OTHER = "33333333-3333-4333-8333-333333333333";
    try {
      expect(await tokenOf()).to.equal(400);
      expect(await change("POST", CLIENT, { tenantId: TENANT, kind: "system" })).to.equal(200);
      expect(await change("POST", OTHER, { tenantId: TENANT, kind: "user" })).to.equal(200);
      expect(await change("POST", OTHER, { tenantId: TENANT, kind: "other" })).to.equal(400);
      expect([await tokenOf(), await tokenOf(CLIENT), await tokenOf(OTHER)]).to.deep.equal([200, 200, 200]);
      expect(await change("DELETE", OTHER)).to.equal(200);
      expect([await tokenOf(), await tokenOf(OTHER)]).to.deep.equal([200, 400]);
      expect(await change("DELETE", CLIENT)).to.equal(200);
      expect([await tokenOf(), await tokenOf(CLIENT)]).to.deep.equal([400, 400]);
      expect((await say("POST", `/imds/${CLIENT}`, { tenantId: TENANT, kind: "system" })).status).to.equal(
        404,
      );
    } finally {
      await withImds.close();
      await imds.close();
    }
  });
});
