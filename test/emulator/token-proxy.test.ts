import { expect } from "chai";
import https from "node:https";
import tls from "node:tls";
import type { Application } from "../../emulator/entra/application.js";
import { startEmulator, type Emulator } from "../../emulator/emulator.js";
import type { EntraDirectory } from "../../emulator/entra/directory.js";
import { KNOWN_CLOUDS } from "../../emulator/clouds.js";
import { tokenProxyServerName } from "../../emulator/token-proxy/server-name.js";
import { startTokenProxy, type TokenProxyDouble } from "../../emulator/token-proxy/token-proxy-double.js";
import { checkAccessToken } from "../../emulator/vault/token-check.js";

const TENANT = "6f1b4f0a-0000-4000-8000-000000000003";
const CLIENT = "44444444-0000-4000-8000-000000000001";
const ISSUER = "https://oidc.cluster.example/a/";
const AUDIENCE = "api://AKSIdentityBinding";
const ACCOUNT = { namespace: "shop", serviceAccount: "web" };

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

describe("emulator/token-proxy startTokenProxy", () => {
  let emulator: Emulator;
  let directory: EntraDirectory;
  let identity: Application;
  let proxy: TokenProxyDouble;

  before(async () => {
    emulator = await startEmulator();
    directory = emulator.entra;
    identity = directory.tenant(TENANT).application({ clientId: CLIENT });
    proxy = await startTokenProxy({ directory, issuerUrl: ISSUER });
    proxy.bind(identity, ACCOUNT);
  });
  after(async () => {
    await proxy.close();
    await emulator.close();
  });

  const podToken = (changes = {}): string =>
    directory.issuer(ISSUER).serviceAccountToken({ ...ACCOUNT, audience: AUDIENCE, ...changes });
  const form = (changes: Record<string, string> = {}): string =>
    new URLSearchParams({
      grant_type: "client_credentials",
      scope: "https://vault.azure.net/.default",
      client_id: CLIENT,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: podToken(),
      ...changes,
    }).toString();
  const post = (
    body: string,
    servername = proxy.serverName(),
    path = `/${TENANT}/oauth2/v2.0/token`,
    method = "POST",
  ): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const request = https.request(
        {
          host: "127.0.0.1",
          port: proxy.port,
          servername,
          ca: proxy.clusterCaPem,
          path,
          method,
          agent: false,
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () => {
            resolve({
              status: response.statusCode ?? 0,
              body: JSON.parse(text) as Record<string, unknown>,
            });
          });
        },
      );
      request.on("error", reject);
      request.end(method === "GET" ? undefined : body);
    });

  it("derives the server name from the cluster id", () => {
    // sha256 of "identity-binding696995ccb303450001b31a18", checked with coreutils: `sha256sum`, `basenc --base32hex`
    expect(tokenProxyServerName("696995ccb303450001b31a18")).to.equal(
      "aeaf29ip1hi5q38ebc3u4daum81u0unk52t5bg50j25234fmuj78g.ests.aks",
    );
  });

  it("exchanges the token of a bound service account for one that a vault accepts", async () => {
    const { status, body } = await post(form());
    expect(status).to.equal(200);
    const [cloud] = KNOWN_CLOUDS;
    if (cloud === undefined) throw new Error("no cloud");
    const verdict = await checkAccessToken(
      String(body["access_token"]),
      { cloud, tenantId: TENANT },
      directory,
      Date.now(),
    );
    expect(verdict).to.have.nested.property("principal.clientId", CLIENT);
  });

  it("does not look at the path", async () => {
    expect((await post(form(), proxy.serverName(), "/")).status).to.equal(200);
  });

  it("answers as the API server under any other name", async () => {
    const { status, body } = await post(form(), "kubernetes.default.svc.cluster.local");
    expect(status).to.equal(401);
    expect(body).to.deep.include({ kind: "Status", reason: "Unauthorized" });
    expect(proxy.serverNames.at(-1)).to.equal("kubernetes.default.svc.cluster.local");
  });

  const refusals: { name: string; body: () => string; status: number; description: RegExp }[] = [
    {
      name: "a service account that may not use the identity",
      body: () => form({ client_assertion: podToken({ serviceAccount: "other" }) }),
      status: 403,
      description: /system:serviceaccount:shop:other may not use-managed-identity/,
    },
    {
      name: "an identity that is not bound",
      body: () => form({ client_id: "55555555-0000-4000-8000-000000000001" }),
      status: 403,
      description: /no identity binding/,
    },
    {
      name: "a token for another audience",
      body: () => form({ client_assertion: podToken({ audience: "api://AzureADTokenExchange" }) }),
      status: 401,
      description: /audience api:\/\/AKSIdentityBinding/,
    },
    {
      name: "an expired token",
      body: () => form({ client_assertion: podToken({ expiresInSeconds: -1 }) }),
      status: 401,
      description: /expired/,
    },
    {
      name: "a token of another cluster",
      body: () =>
        form({
          client_assertion: directory
            .issuer("https://oidc.cluster.example/b/")
            .serviceAccountToken({ ...ACCOUNT, audience: AUDIENCE }),
        }),
      status: 401,
      description: /not a token of this cluster/,
    },
    {
      name: "what is no token",
      body: () => form({ client_assertion: "hello" }),
      status: 401,
      description: /not a JSON Web Token/,
    },
    {
      name: "a resource that Entra ID does not know",
      body: () => form({ scope: "https://vault.azure.cn/.default" }),
      status: 400,
      description: /^AADSTS500011/,
    },
  ];
  for (const { name, body, status, description } of refusals) {
    it(`refuses ${name}`, async () => {
      const answered = await post(body());
      expect(answered.status).to.equal(status);
      expect(answered.body["error_description"]).to.match(description);
    });
  }

  it("refuses once the binding is taken back, and anything but POST", async () => {
    expect((await post("", proxy.serverName(), "/", "GET")).status).to.equal(404);
    proxy.unbind(identity, ACCOUNT);
    expect((await post(form())).status).to.equal(403);
    proxy.bind(identity, ACCOUNT);
    expect((await post(form())).status).to.equal(200);
  });

  it("shows the cluster id in the API server's certificate, until it moves", async () => {
    const alternativeNames = (servername: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = tls.connect(
          { host: "127.0.0.1", port: proxy.port, servername, ca: proxy.clusterCaPem },
          () => {
            resolve(socket.getPeerCertificate().subjectaltname ?? "");
            socket.destroy();
          },
        );
        socket.on("error", reject);
      });
    const name = "kubernetes.default.svc.cluster.local";
    const before = proxy.serverName();
    expect(await alternativeNames(name)).to.contain(
      "DNS:hcp-kubernetes.696995ccb303450001b31a18.svc.cluster.local",
    );
    expect(await alternativeNames(proxy.serverName())).to.equal(`DNS:${proxy.serverName()}`);
    proxy.moveTo("abc123");
    expect(await alternativeNames(name)).to.contain("DNS:hcp-kubernetes.abc123.svc.cluster.local");
    expect(proxy.serverName()).to.equal(tokenProxyServerName("abc123"));
    const failure = await alternativeNames(before).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "ERR_TLS_CERT_ALTNAME_INVALID");
    proxy.moveTo("696995ccb303450001b31a18");
  });
});
