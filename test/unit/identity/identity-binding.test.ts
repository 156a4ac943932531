import { expect } from "chai";
import { lookup as systemLookup } from "node:dns";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type LookupFunction, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { startEmulator, type Emulator } from "../../../emulator/emulator.js";
import { KNOWN_CLOUDS } from "../../../emulator/clouds.js";
import type { Application } from "../../../emulator/entra/application.js";
import type { Effect } from "../../../emulator/faults/effect.js";
import { startTokenProxy, type TokenProxyDouble } from "../../../emulator/token-proxy/token-proxy-double.js";
import { resolveCloud } from "../../../src/cloud/resolve-cloud.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import { createLocalIdentities, type LocalIdentities } from "../../../src/identity/local-identities.js";
import { signIn, type SignedIn } from "../../../src/identity/sign-in.js";
import type { CloudName } from "../../../src/model/cloud.js";
import { Sensitive } from "../../../src/model/sensitive.js";
import { SignInError } from "../../../src/identity/sign-in-error.js";
import { failureOf, NO_WAY_OUT, TOKEN_IN_TEXT } from "./support.js";

const TENANT = "6f1b4f0a-0000-4000-8000-000000000031";
const CLIENT = "44444444-0000-4000-8000-000000000031";
const UNBOUND = "44444444-0000-4000-8000-000000000032";
const ISSUER = "https://oidc.cluster.example/binding/";
const ACCOUNT = { namespace: "shop", serviceAccount: "web" };
const POD = { name: "web-0", namespace: "shop", uid: "u-1", serviceAccountName: "web" };

describe("identity/sign-in signIn by identity binding", () => {
  let emulator: Emulator;
  let identity: Application;
  let proxy: TokenProxyDouble;
  let folder: string;
  let local: LocalIdentities;
  let lookedUp: string[] = [];

  const toLoopback: LookupFunction = (name, options, callback) => {
    lookedUp.push(name);
    systemLookup("127.0.0.1", options, callback);
  };

  before(async () => {
    emulator = await startEmulator();
    identity = emulator.entra.tenant(TENANT).application({ clientId: CLIENT });
    folder = await mkdtemp(path.join(os.tmpdir(), "identity-binding-"));
    proxy = await startTokenProxy({ directory: emulator.entra, issuerUrl: ISSUER });
    proxy.bind(identity, ACCOUNT);
    await writeFile(path.join(folder, "ca.crt"), proxy.clusterCaPem);
  });
  after(async () => {
    await proxy.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    lookedUp = [];
    local = createLocalIdentities({
      tokenProxyUrl: `https://kubernetes.default.svc.cluster.local:${proxy.port}`,
      sniName: "",
      apiServerPort: String(proxy.port),
      trust: () => Promise.resolve(tls.createSecureContext()),
      lookup: toLoopback,
      addresses: { clusterCaFile: path.join(folder, "ca.crt") },
    });
  });
  afterEach(() => {
    proxy.faults.clear();
    local.close();
  });

  const podToken = (changes = {}): string =>
    emulator.entra
      .issuer(ISSUER)
      .serviceAccountToken({ ...ACCOUNT, audience: "api://AKSIdentityBinding", ...changes });
  interface Setting {
    readonly clientId?: string;
    readonly cloud?: CloudName;
    readonly signal?: AbortSignal;
  }
  const enter = async (token = podToken(), setting: Setting = {}): Promise<SignedIn> =>
    signIn(
      {
        identity: {
          mode: "identity-binding",
          clientId: setting.clientId ?? CLIENT,
          federatedToken: new Sensitive(token),
        },
        tenantId: TENANT,
        pod: POD,
        cloud: await resolveCloud(
          { name: setting.cloud ?? "AzurePublicCloud", environmentFile: "" },
          undefined,
        ),
      },
      // The process's own client must not be asked at all.
      { httpClient: NO_WAY_OUT, local, retry: { sleep: () => Promise.resolve() } },
      setting.signal ?? new AbortController().signal,
    );
  const refusal = (token?: string, clientId = CLIENT): Promise<SignInError> =>
    failureOf(enter(token, { clientId }), SignInError);

  it("signs in by the cluster's proxy, and asks nobody else", async () => {
    const count = proxy.requests.length;
    const { mode, principal, credential, expiresAtMs } = await enter();
    expect(mode).to.equal("identity-binding");
    expect(principal).to.equal(
      JSON.stringify(["identity-binding", `https://login.microsoftonline.com/${TENANT}`, TENANT, CLIENT]),
    );
    expect(expiresAtMs).to.be.above(Date.now() + 3_000_000);
    expect(new Set(lookedUp)).to.deep.equal(new Set(["kubernetes.default.svc.cluster.local"]));
    expect(proxy.requests.slice(count).map(({ method, path: at }) => `${method} ${at}`)).to.deep.equal([
      `POST /${TENANT}/oauth2/v2.0/token`,
    ]);
    const claims = (await credential.getToken("https://vault.azure.net/.default"))?.token.split(".")[1] ?? "";
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).to.deep.include({
      aud: "https://vault.azure.net",
      appid: CLIENT,
      tid: TENANT,
    });
    expect(proxy.requests).to.have.length(count + 1);
  });

  it("asks again by the same way when the vault wants other claims", async () => {
    const { credential } = await enter();
    const count = proxy.requests.length;
    await credential.getToken("https://vault.azure.net/.default", { claims: '{"access_token":{}}' });
    expect(proxy.requests).to.have.length(count + 1);
  });

  for (const cloud of ["AzureUSGovernmentCloud", "AzureChinaCloud", "AzureGermanCloud"] as const) {
    it(`asks no discovery in ${cloud} either`, async () => {
      const other = await startTokenProxy({
        directory: emulator.entra,
        issuerUrl: ISSUER,
        cloud: KNOWN_CLOUDS.find(({ name }) => name === cloud) ?? raise(cloud),
      });
      await writeFile(path.join(folder, `${cloud}.crt`), other.clusterCaPem);
      other.bind(identity, ACCOUNT);
      local = createLocalIdentities({
        tokenProxyUrl: other.origin,
        sniName: other.serverName(),
        apiServerPort: undefined,
        trust: () => Promise.reject(new Error("not asked")),
        addresses: { clusterCaFile: path.join(folder, `${cloud}.crt`) },
      });
      try {
        await enter(podToken(), { cloud });
        expect(other.requests.map(({ method, path: at }) => `${method} ${at}`)).to.deep.equal([
          `POST /${TENANT}/oauth2/v2.0/token`,
        ]);
      } finally {
        await other.close();
      }
    });
  }

  describe("refusals", () => {
    it("says what an administrator must do when the service account may not use the identity", async () => {
      const error = await refusal(podToken({ serviceAccount: "other" }));
      expect(error.code).to.equal("SIGN_IN_REJECTED");
      expect([error.httpStatus, error.serviceCode]).to.deep.equal([403, "unauthorized_client"]);
      expect(error.message).to.equal(
        `sign-in of client ${CLIENT} in tenant ${TENANT} was refused by the cluster's token proxy kubernetes.default.svc.cluster.local:${proxy.port} ` +
          "with HTTP 403 unauthorized_client: check that the identity of clientID is bound to this cluster (az aks identity-binding list), and that a " +
          `ClusterRole lets the pod's service account (system:serviceaccount:shop:other) use it (verb use-managed-identity, apiGroup cid.wi.aks.azure.com, resource ${CLIENT}); ` +
          `the authority says: system:serviceaccount:shop:other may not use-managed-identity ${CLIENT} in API group cid.wi.aks.azure.com`,
      );
    });

    const tokens: { name: string; token: () => string; clientId?: string; status: number; says: RegExp }[] = [
      {
        name: "an identity that is not bound",
        token: podToken,
        clientId: UNBOUND,
        status: 403,
        says: /no identity binding/,
      },
      {
        name: "a token for workload identity",
        token: () => podToken({ audience: "api://AzureADTokenExchange" }),
        status: 401,
        says: /is not for audience api:\/\/AKSIdentityBinding/,
      },
      {
        name: "an expired token",
        token: () => podToken({ expiresInSeconds: -1 }),
        status: 401,
        says: /has expired/,
      },
      {
        name: "a token whose subject was changed",
        token: () => {
          const [header = "", , signature = ""] = podToken({ serviceAccount: "other" }).split(".");
          return [header, podToken().split(".")[1], signature].join(".");
        },
        status: 401,
        says: /not a token of this cluster/,
      },
      { name: "what is no token", token: () => "hush", status: 401, says: /not a JSON Web Token/ },
    ];
    for (const { name, token, clientId = CLIENT, status, says } of tokens) {
      it(`passes on the proxy's words for ${name}`, async () => {
        const error = await refusal(token(), clientId);
        expect(error.code).to.equal("SIGN_IN_REJECTED");
        expect(error.httpStatus).to.equal(status);
        expect(error.message).to.match(says);
        expect(error.message).to.not.match(TOKEN_IN_TEXT);
      });
    }

    it("answers no forged token from what a right one got", async () => {
      await enter();
      const [header = "", claims = ""] = podToken().split(".");
      const error = await refusal(`${header}.${claims}.${Buffer.alloc(256).toString("base64url")}`);
      expect(error.httpStatus).to.equal(401);
    });

    it("names AKS's own credential when Entra ID does not know it", async () => {
      const [credential] = identity.federatedCredentials;
      if (credential === undefined) throw new Error("not bound");
      identity.removeFederatedCredential(credential);
      try {
        const error = await refusal();
        expect(error.serviceCode).to.equal("AADSTS70021");
        expect(error.message).to.contain(
          "(aks-identity-binding) is gone or was changed; make the identity binding anew",
        );
      } finally {
        identity.addFederatedCredential(credential);
      }
    });

    const effects: { name: string; effect: Effect; code: string; message: RegExp }[] = [
      {
        name: "429",
        effect: { kind: "throttled" },
        code: "SIGN_IN_THROTTLED",
        message: /with HTTP 429 temporarily_unavailable: too many sign-ins/,
      },
      {
        name: "503",
        effect: { kind: "unavailable" },
        code: "SIGN_IN_FAILED",
        message: /token proxy .* with HTTP 503/,
      },
      {
        name: "the API server's own 403",
        effect: { kind: "answer", status: 403, body: { kind: "Status", message: "forbidden", code: 403 } },
        code: "SIGN_IN_REJECTED",
        message:
          /with HTTP 403 \(not the authority's own words.*check that the identity of clientID is bound/,
      },
      { name: "garbage", effect: { kind: "garbage" }, code: "SIGN_IN_FAILED", message: /not JSON/ },
      {
        name: "no token",
        effect: { kind: "rewrite", change: () => ({ token_type: "Bearer" }) },
        code: "SIGN_IN_FAILED",
        message: /the cluster's token proxy .* answered HTTP 200 with no access token/,
      },
      {
        name: "an answer without end",
        effect: { kind: "hugeBody" },
        code: "SIGN_IN_FAILED",
        message: /larger than 262144 bytes/,
      },
      {
        name: "a redirect",
        effect: { kind: "redirect", location: "https://attacker.example/" },
        code: "SIGN_IN_FAILED",
        message: /the cluster's token proxy .* a redirect to attacker\.example; redirects are not followed/,
      },
      {
        name: "a closed connection",
        effect: { kind: "reset" },
        code: "SIGN_IN_UNREACHABLE",
        message: /the cluster's token proxy .* closed the connection/,
      },
    ];
    for (const { name, effect, code, message } of effects) {
      it(`explains ${name}`, async () => {
        proxy.faults.add(effect);
        const error = await refusal();
        expect(error.code).to.equal(code);
        expect(error.message).to.match(message);
        expect(error.message).to.not.match(TOKEN_IN_TEXT);
      });
    }

    it("goes on after a passing failure", async () => {
      proxy.faults.add({ kind: "unavailable" }, { times: 2 });
      await enter();
    });
  });

  describe("giving up", () => {
    it("ends with its caller while the cluster's id is being looked for, which goes on for the others", async () => {
      const caller = new AbortController();
      const first = enter(podToken(), { signal: caller.signal });
      const second = enter();
      caller.abort();
      expect((await failureOf(first, ProviderError)).code).to.equal("CALL_CANCELLED");
      expect((await second).mode).to.equal("identity-binding");
    });

    it("ends with its caller while the API server keeps silent", async () => {
      const sockets: Socket[] = [];
      const silent = createServer((socket) => sockets.push(socket));
      silent.listen(0, "127.0.0.1");
      await once(silent, "listening");
      local = createLocalIdentities({
        tokenProxyUrl: "",
        sniName: "",
        apiServerPort: String((silent.address() as AddressInfo).port),
        trust: () => Promise.reject(new Error("not asked")),
        addresses: { clusterCaFile: path.join(folder, "ca.crt"), apiServerHost: "127.0.0.1" },
      });
      const startMs = performance.now();
      const error = await failureOf(enter(podToken(), { signal: AbortSignal.timeout(50) }), ProviderError);
      expect(error.code).to.equal("CALL_DEADLINE_EXCEEDED");
      expect(performance.now() - startMs).to.be.below(5_000); // the handshake alone may take 10 s
      for (const socket of sockets) socket.destroy();
      silent.close();
    });

    it("ends with its caller while the proxy keeps silent", async () => {
      proxy.faults.add({ kind: "hang" });
      const error = await failureOf(enter(podToken(), { signal: AbortSignal.timeout(150) }), ProviderError);
      expect(error.code).to.equal("CALL_DEADLINE_EXCEEDED");
    });
  });
});

function raise(what: string): never {
  throw new Error(`no ${what}`);
}
