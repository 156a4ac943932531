import { expect } from "chai";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator, VaultDouble } from "../../emulator/emulator.js";
import { ask, signIn } from "./ask.js";
import type { Reply } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const OBJECT = "33333333-3333-4333-8333-333333333333";
const STRANGER = "44444444-4444-4444-8444-444444444444";
const HOST = "contoso-vault.vault.azure.net";
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const NOW_SECONDS = NOW / 1000;

describe("emulator/vault data plane", () => {
  let emulator: Emulator;
  let vault: VaultDouble;
  let token: string;
  let nowMs = NOW;

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
    const tenant = emulator.entra.tenant(TENANT);
    tenant.application({ clientId: CLIENT, objectId: OBJECT, secrets: ["open sesame"] });
    tenant.application({ clientId: STRANGER, objectId: STRANGER, secrets: ["let me in"] });
    vault = emulator.vault("Contoso-Vault").grantAll(CLIENT);
    token = await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "open sesame" });
  });
  after(() => emulator.close());
  afterEach(() => {
    vault.authorization = "rbac";
    vault.latestApiVersion = "2025-07-01";
    nowMs = NOW;
  });

  const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
    ask(emulator, { host: HOST, path, headers: { Authorization: `Bearer ${token}`, ...headers } });

  describe("a secret", () => {
    it("shows value, id and attributes, and nothing that was not set", async () => {
      const version = vault.setSecret("plain", "value");
      const reply = await get("/secrets/plain/?api-version=7.4");
      expect(reply.status).to.equal(200);
      expect(reply.json).to.deep.equal({
        value: "value",
        id: `https://${HOST}/secrets/plain/${version}`,
        attributes: {
          enabled: true,
          created: NOW_SECONDS,
          updated: NOW_SECONDS,
          recoveryLevel: "CustomizedRecoverable+Purgeable",
          recoverableDays: 7,
        },
      });
    });

    it("shows content type, validity and tags that were set", async () => {
      const version = vault.setSecret("dressed", "v", {
        contentType: "text/plain",
        notBefore: 10,
        expires: new Date(20_000),
        created: 5,
        tags: { team: "payments" },
        version: "0123456789abcdef0123456789abcdef",
      });
      const reply = await get(`/secrets/dressed/${version}?api-version=7.4`);
      expect(reply.json).to.deep.equal({
        value: "v",
        contentType: "text/plain",
        id: `https://${HOST}/secrets/dressed/0123456789abcdef0123456789abcdef`,
        attributes: {
          enabled: true,
          nbf: 10,
          exp: 20,
          created: 5,
          updated: 5,
          recoveryLevel: "CustomizedRecoverable+Purgeable",
          recoverableDays: 7,
        },
        tags: { team: "payments" },
      });
    });

    it("is read before and after its time as well", async () => {
      vault.setSecret("expired", "old", { expires: NOW_SECONDS - 1 });
      vault.setSecret("early", "new", { notBefore: NOW_SECONDS + 1 });
      expect((await get("/secrets/expired?api-version=7.4")).json).to.include({ value: "old" });
      expect((await get("/secrets/early?api-version=7.4")).json).to.include({ value: "new" });
    });

    it("is read by version, and without one the newest created", async () => {
      const first = vault.setSecret("many", "first", { created: 100 });
      vault.setSecret("many", "third", { created: 300 });
      vault.setSecret("many", "second", { created: 200 });
      expect((await get(`/secrets/many/${first}?api-version=7.4`)).json).to.have.property("value", "first");
      expect((await get("/secrets/MANY?api-version=7.4")).json).to.have.property("value", "third");
    });

    it("is found in any case, and shown as it was first spelt", async () => {
      vault.setSecret("MixedCase", "v");
      const reply = await get("/secrets/mixedcase?api-version=7.4");
      expect(String(reply.json?.["id"])).to.contain("/secrets/MixedCase/");
    });

    it("keeps the port of the client in its id", async () => {
      vault.setSecret("ported", "v");
      const reply = await ask(emulator, {
        host: `${HOST}:8443`,
        path: "/secrets/ported?api-version=7.4",
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(String(reply.json?.["id"])).to.match(
        /^https:\/\/contoso-vault\.vault\.azure\.net:8443\/secrets\//,
      );
    });
  });

  it("answers with the service's headers, and the client's request id", async () => {
    vault.setSecret("headed", "v");
    const reply = await get("/secrets/headed?api-version=7.4", { "x-ms-client-request-id": "abc" });
    expect(reply.headers).to.include({
      "cache-control": "no-cache",
      pragma: "no-cache",
      expires: "-1",
      "content-type": "application/json; charset=utf-8",
      "strict-transport-security": "max-age=31536000;includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-ms-client-request-id": "abc",
      "x-ms-keyvault-region": "westeurope",
      "x-ms-keyvault-network-info": "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;",
    });
    expect(reply.headers["x-ms-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    expect(reply.headers["x-ms-keyvault-service-version"]).to.match(/^1\.9\.\d+\.\d+$/);
    expect(reply.headers).to.have.property("x-ms-keyvault-rbac-assignment-id");
    vault.authorization = "accessPolicy";
    expect((await get("/secrets/headed?api-version=7.4")).headers).not.to.have.property(
      "x-ms-keyvault-rbac-assignment-id",
    );
  });

  describe("a key", () => {
    const RSA_OPERATIONS = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];
    const cases = [
      { kty: "RSA", operations: RSA_OPERATIONS, public: ["n", "e"], e: "AQAB" },
      { kty: "RSA-HSM", operations: RSA_OPERATIONS, public: ["n", "e"], e: "AAEAAQ" },
      { kty: "EC", operations: ["sign", "verify"], public: ["crv", "x", "y"], crv: "P-256" },
      { kty: "EC-HSM", operations: ["sign", "verify"], public: ["crv", "x", "y"], crv: "P-256" },
      { kty: "oct-HSM", operations: ["encrypt", "decrypt", "wrapKey", "unwrapKey"], public: [] },
    ] as const;
    for (const { kty, operations, public: names, ...exact } of cases) {
      it(`of type ${kty} shows its public part only`, async () => {
        const version = vault.createKey(`key-${kty}`, { kty });
        const { json } = await get(`/keys/key-${kty}?api-version=7.4`);
        const key = json?.["key"] as Record<string, unknown>;
        expect(Object.keys(key)).to.have.members(["kid", "kty", "key_ops", ...names]);
        expect(key).to.deep.include({ kty, key_ops: operations, ...exact });
        expect(key["kid"]).to.equal(`https://${HOST}/keys/key-${kty}/${version}`);
        expect(json?.["attributes"]).to.deep.equal({
          enabled: true,
          created: NOW_SECONDS,
          updated: NOW_SECONDS,
          recoveryLevel: "CustomizedRecoverable+Purgeable",
          recoverableDays: 7,
          exportable: false,
        });
        expect(json).not.to.have.property("managed");
      });
    }

    const curves = [
      { crv: "P-256", bytes: 32 },
      { crv: "P-384", bytes: 48 },
      { crv: "P-521", bytes: 66 },
      { crv: "P-256K", bytes: 32 },
    ] as const;
    for (const { crv, bytes } of curves) {
      it(`on curve ${crv} has coordinates of ${bytes} bytes`, async () => {
        vault.createKey(`curve-${crv}`, { kty: "EC", crv });
        const { json } = await get(`/keys/curve-${crv}?api-version=7.4`);
        const key = json?.["key"] as Record<string, string>;
        expect(key["crv"]).to.equal(crv);
        for (const name of ["x", "y"]) {
          expect(Buffer.from(key[name] ?? "", "base64url")).to.have.length(bytes);
        }
      });
    }

    it("tells of exportable from 7.3 on", async () => {
      vault.createKey("old-style", { kty: "EC" });
      expect((await get("/keys/old-style?api-version=7.2")).json?.["attributes"]).not.to.have.property(
        "exportable",
      );
      expect((await get("/keys/old-style?api-version=7.3")).json?.["attributes"]).to.have.property(
        "exportable",
      );
    });
  });

  describe("something disabled", () => {
    it("is a 403 for a secret", async () => {
      const version = vault.setSecret("off", "v", { enabled: false });
      for (const path of ["/secrets/off", `/secrets/off/${version}`]) {
        const reply = await get(`${path}?api-version=7.4`);
        expect(reply.status, path).to.equal(403);
        expect(reply.json).to.deep.equal({
          error: {
            code: "Forbidden",
            message: "Operation get is not allowed on a disabled secret.",
            innererror: { code: "SecretDisabled" },
          },
        });
      }
    });

    it("can be read of a key and of a certificate, and says so", async () => {
      const version = vault.createCertificate("cert-off", { keyType: "EC" });
      nowMs = NOW + 5000;
      vault.setEnabled("cert", "cert-off", version, false);
      for (const path of ["/keys/cert-off", "/certificates/cert-off"]) {
        const reply = await get(`${path}?api-version=7.4`);
        expect(reply.status, path).to.equal(200);
        expect(reply.json?.["attributes"]).to.include({ enabled: false, updated: NOW_SECONDS + 5 });
      }
      expect((await get("/secrets/cert-off?api-version=7.4")).status).to.equal(403);
    });

    it("can be switched on again", async () => {
      const version = vault.setSecret("on-off", "v", { enabled: false });
      vault.setEnabled("secret", "on-off", version, true);
      expect((await get("/secrets/on-off?api-version=7.4")).status).to.equal(200);
    });
  });

  describe("something that is not there", () => {
    const ID = "ffffffffffffffffffffffffffffffff";
    const cases = [
      { path: "/secrets/none", code: "SecretNotFound", word: "secret", id: "none" },
      { path: "/keys/none", code: "KeyNotFound", word: "key", id: "none" },
      { path: "/certificates/none", code: "CertificateNotFound", word: "certificate", id: "none" },
      { path: `/secrets/there/${ID}`, code: "SecretNotFound", word: "secret", id: `there/${ID}` },
    ];
    for (const { path, code, word, id } of cases) {
      it(`is a 404 ${code} at ${path}`, async () => {
        if (id.startsWith("there")) vault.setSecret("there", "v");
        const reply = await get(`${path}?api-version=7.4`);
        expect(reply.status).to.equal(404);
        expect(reply.json).to.deep.equal({
          error: {
            code,
            message: `A ${word} with (name/id) ${id} was not found in this key vault. If you recently deleted this ${word} you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
          },
        });
      });
    }

    it("is so after a deletion, of a certificate with key and secret", async () => {
      vault.createCertificate("gone", { keyType: "EC" });
      vault.deleteObject("cert", "gone");
      for (const kind of ["secrets", "keys", "certificates"]) {
        expect((await get(`/${kind}/gone?api-version=7.4`)).status, kind).to.equal(404);
      }
      expect(() => {
        vault.deleteObject("cert", "gone");
      }).to.throw(RangeError, "vault Contoso-Vault has no cert gone");
    });
  });

  describe("a request that is wrong", () => {
    const cases = [
      {
        name: "has no api-version",
        path: "/secrets/x",
        status: 400,
        code: "BadParameter",
        message: "The request is missing the api-version parameter.",
      },
      {
        name: "has an api-version that nobody knows",
        path: "/secrets/x?api-version=99.9",
        status: 400,
        code: "BadParameter",
        message:
          "The specified version (99.9) is not recognized. Consider using the latest supported version (2025-07-01).",
      },
      {
        name: "has a name that no object can have",
        path: "/secrets/a_b?api-version=7.4",
        status: 400,
        code: "BadParameter",
        message: "The request URI contains an invalid name: a_b",
      },
      {
        name: "has a name of 128 characters",
        path: `/secrets/${"n".repeat(128)}?api-version=7.4`,
        status: 400,
        code: "BadParameter",
        message: `The request URI contains an invalid name: ${"n".repeat(128)}`,
      },
      {
        name: "asks for something that a vault does not have",
        path: "/passwords/x?api-version=7.4",
        status: 404,
        code: "NotFound",
        message: "The requested resource was not found.",
      },
    ];
    for (const { name, path, status, code, message } of cases) {
      it(`${name}: ${status} ${code}`, async () => {
        const reply = await get(path);
        expect(reply.status).to.equal(status);
        expect(reply.json).to.deep.equal({ error: { code, message } });
      });
    }

    it("asks for more than an Azure Stack Hub knows: BadParameter with the version that it does know", async () => {
      vault.latestApiVersion = "7.1";
      const reply = await get("/secrets/x?api-version=7.3");
      expect(reply.json).to.have.nested.property(
        "error.message",
        "The specified version (7.3) is not recognized. Consider using the latest supported version (7.1).",
      );
    });

    it("wants to write: 405", async () => {
      const reply = await ask(emulator, {
        host: HOST,
        path: "/secrets/x?api-version=7.4",
        method: "PUT",
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(reply.status).to.equal(405);
    });
  });

  describe("a caller without a permission", () => {
    let stranger: string;
    before(async () => {
      stranger = await signIn(emulator, { tenantId: TENANT, clientId: STRANGER, secret: "let me in" });
    });
    const asStranger = (path: string): Promise<Reply> => get(path, { Authorization: `Bearer ${stranger}` });

    const actions = [
      { path: "/secrets/s", action: "secrets/getSecret/action", resource: "/secrets/s" },
      { path: "/secrets", action: "secrets/readMetadata/action", resource: "" },
      { path: "/secrets/s/versions", action: "secrets/readMetadata/action", resource: "/secrets/s" },
      { path: "/keys/k", action: "keys/read", resource: "/keys/k" },
      { path: "/certificates/c", action: "certificates/read", resource: "/certificates/c" },
    ];
    for (const { path, action, resource } of actions) {
      it(`is told of the action ${action} at ${path}`, async () => {
        const reply = await asStranger(`${path}?api-version=7.4`);
        expect(reply.status).to.equal(403);
        expect(reply.json).to.deep.equal({
          error: {
            code: "Forbidden",
            message: [
              "Caller is not authorized to perform action on resource.",
              "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
              `Caller: appid=${STRANGER};oid=${STRANGER};iss=https://sts.windows.net/${TENANT}/`,
              `Action: 'Microsoft.KeyVault/vaults/${action}'`,
              `Resource: '/subscriptions/5d1f0e3a-3a4e-4b8e-9d65-2b1f7c0a9e77/resourcegroups/emulated/providers/microsoft.keyvault/vaults/contoso-vault${resource}'`,
              "Assignment: (not found)",
              "DenyAssignmentId: null",
              "DecisionReason: 'DeniedWithNoValidRBAC' ",
              "Vault: Contoso-Vault;location=westeurope",
              "",
            ].join("\r\n"),
            innererror: { code: "ForbiddenByRbac" },
          },
        });
      });
    }

    it("is told of the policy where the vault has access policies", async () => {
      vault.authorization = "accessPolicy";
      const reply = await asStranger("/secrets/s?api-version=7.4");
      expect(reply.json).to.deep.equal({
        error: {
          code: "Forbidden",
          message: `The user, group or application 'appid=${STRANGER};oid=${STRANGER};iss=https://sts.windows.net/${TENANT}/' does not have secrets get permission on key vault 'Contoso-Vault;location=westeurope'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
          innererror: { code: "AccessDenied" },
        },
      });
    });

    it("may do what is granted, by client or by object id, per kind and per name, until it is revoked", async () => {
      vault.setSecret("granted", "v");
      vault.setSecret("not-granted", "v");
      vault.createKey("granted", { kty: "EC" });
      vault.grant({ objectId: STRANGER.toUpperCase() }, { secrets: ["get"], names: ["Granted"] });
      expect((await asStranger("/secrets/granted?api-version=7.4")).status).to.equal(200);
      expect((await asStranger("/secrets/not-granted?api-version=7.4")).status).to.equal(403);
      expect((await asStranger("/secrets/granted/versions?api-version=7.4")).status).to.equal(403);
      expect((await asStranger("/secrets?api-version=7.4")).status).to.equal(403);
      expect((await asStranger("/keys/granted?api-version=7.4")).status).to.equal(403);
      vault.grant({ clientId: STRANGER }, { keys: ["get"] });
      expect((await asStranger("/keys/granted?api-version=7.4")).status).to.equal(200);
      vault.revoke({ objectId: STRANGER });
      expect((await asStranger("/secrets/granted?api-version=7.4")).status).to.equal(403);
      expect((await asStranger("/keys/granted?api-version=7.4")).status).to.equal(200);
    });

    it("does not learn whether the object exists", async () => {
      vault.revoke({ clientId: STRANGER });
      expect((await asStranger("/secrets/none?api-version=7.4")).status).to.equal(403);
    });
  });

  describe("what an owner may not store", () => {
    const cases: { name: string; act: () => void; message: string }[] = [
      {
        name: "a name with a dot",
        act: () => vault.setSecret("a.b", "v"),
        message: 'object name "a.b" is not 1 to 127 letters, digits and dashes',
      },
      {
        name: "a name of 128 characters",
        act: () => vault.setSecret("n".repeat(128), "v"),
        message: `object name "${"n".repeat(128)}" is not 1 to 127 letters, digits and dashes`,
      },
      {
        name: "a value of 25,601 characters",
        act: () => vault.setSecret("big", "x".repeat(25_601)),
        message: "a secret holds at most 25600 characters",
      },
      {
        name: "a version id of its own making",
        act: () => vault.setSecret("v", "v", { version: "1" }),
        message: "a version id is 32 lower-case hex digits",
      },
      {
        name: "an RSA key of 1024 bits",
        act: () => vault.createKey("small", { kty: "RSA", size: 1024 as 2048 }),
        message: "RSA keys have 2048, 3072 or 4096 bits, not 1024",
      },
      {
        name: "a key on another curve",
        act: () => vault.createKey("odd", { kty: "EC", crv: "P-192" as "P-256" }),
        message: "curve P-192 is none of P-256, P-384, P-521, P-256K",
      },
      {
        name: "a certificate with a strange subject",
        act: () => vault.createCertificate("odd", { keyType: "EC", subject: "contoso" }),
        message: 'subject "contoso" is not of the form CN=name, O=organisation',
      },
      {
        name: "an import of nothing",
        act: () => vault.importCertificate("nothing", {}),
        message: "importCertificate needs pfx or pem",
      },
      {
        name: "an import of a PFX that is none",
        act: () => vault.importCertificate("bad", { pfx: Buffer.from("no pfx") }),
        message: "no certificate can be read from the PFX; give its leaf in the option certificate",
      },
    ];
    for (const { name, act, message } of cases) {
      it(name, () => {
        expect(act).to.throw(RangeError, message);
      });
    }

    it("but the longest name and value", async () => {
      vault.setSecret("n".repeat(127), "x".repeat(25_600));
      const reply = await get(`/secrets/${"n".repeat(127)}?api-version=7.4`);
      expect(reply.json?.["value"]).to.have.length(25_600);
    });
  });
});
