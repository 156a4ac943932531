import { createPipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { lookup as systemLookup } from "node:dns";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net, { type AddressInfo, type LookupFunction } from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { startEmulator, type Emulator } from "../../../emulator/emulator.js";
import type { Effect } from "../../../emulator/faults/effect.js";
import { CertificateAuthority } from "../../../emulator/tls/certificate-authority.js";
import { startTokenProxy, type TokenProxyDouble } from "../../../emulator/token-proxy/token-proxy-double.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import {
  API_SERVER_HOST,
  CLUSTER_CA_FILE,
  DEFAULT_TOKEN_PROXY_URL,
  parseTokenProxyUrl,
  TokenProxy,
  type TokenProxySettings,
} from "../../../src/identity/credentials/token-proxy.js";
import { createLocalIdentities } from "../../../src/identity/local-identities.js";
import { NetworkError } from "../../../src/network/network-error.js";
import { failureOf, freePort } from "./support.js";

const TOKEN_URL = "https://login.microsoftonline.com/some-tenant/oauth2/v2.0/token?x=1";

describe("identity/credentials/token-proxy", () => {
  describe("parseTokenProxyUrl", () => {
    for (const url of [DEFAULT_TOKEN_PROXY_URL, "https://10.0.0.1:6443", "https://[fd00::1]/proxy/path/"]) {
      it(`takes ${url}`, () => {
        expect(parseTokenProxyUrl(url).protocol).to.equal("https:");
      });
    }
    for (const url of [
      "",
      "kubernetes.default",
      "http://kubernetes.default.svc",
      "https://user:hush@kubernetes.default.svc",
      "https://hush@kubernetes.default.svc",
      "https://kubernetes.default.svc/?token=hush",
      "https://kubernetes.default.svc/#hush",
      "https://",
      "file:///etc/passwd",
    ]) {
      it(`refuses ${url === "" ? "nothing" : url}`, () => {
        expect(() => parseTokenProxyUrl(url))
          .to.throw(RangeError, /^--token-proxy-url must be an https address/)
          .with.property("message")
          .that.does.not.contain("hush");
      });
    }
  });

  describe("TokenProxy", () => {
    let emulator: Emulator;
    let proxy: TokenProxyDouble;
    let folder: string;
    let caFile: string;
    let lookedUp: string[] = [];
    const opened: TokenProxy[] = [];

    const toLoopback: LookupFunction = (name, options, callback) => {
      lookedUp.push(name);
      systemLookup("127.0.0.1", options, callback);
    };
    const make = (changes: Partial<TokenProxySettings> = {}): TokenProxy => {
      const made = new TokenProxy({
        url: `https://kubernetes.default.svc.cluster.local:${proxy.port}`,
        serverName: "",
        caFile,
        apiServer: { host: API_SERVER_HOST, port: proxy.port },
        processTrust: () => Promise.resolve(tls.createSecureContext()),
        lookup: toLoopback,
        ...changes,
      });
      opened.push(made);
      return made;
    };
    const post = async (way: TokenProxy, url = TOKEN_URL): Promise<PipelineResponse> =>
      (await way.open()).sendRequest(createPipelineRequest({ url, method: "POST", body: "client_id=x" }));

    before(async () => {
      emulator = await startEmulator();
      folder = await mkdtemp(path.join(os.tmpdir(), "token-proxy-"));
    });
    after(async () => {
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      lookedUp = [];
      proxy = await startTokenProxy({ directory: emulator.entra, issuerUrl: "https://oidc.example/" });
      caFile = path.join(folder, "ca.crt");
      await writeFile(caFile, proxy.clusterCaPem);
    });
    afterEach(async () => {
      for (const made of opened.splice(0)) made.close();
      await proxy.close();
    });

    it("finds the name in the API server's certificate and takes the request to the proxy, path and query kept", async () => {
      const response = await post(make());
      expect(response.status).to.equal(401);
      expect(response.bodyAsText).to.contain("client_assertion is not a JSON Web Token");
      expect(proxy.serverNames).to.deep.equal([API_SERVER_HOST, proxy.serverName()]);
      expect(lookedUp).to.deep.equal([API_SERVER_HOST, API_SERVER_HOST]);
      expect(proxy.requests).to.have.length(1);
      expect(proxy.requests[0]).to.deep.include({
        method: "POST",
        path: "/some-tenant/oauth2/v2.0/token",
        query: { x: "1" },
        host: `${proxy.serverName()}:${proxy.port}`,
      });
    });

    it("puts the path of --token-proxy-url before that of the authority", async () => {
      await post(make({ url: `https://k.example:${proxy.port}/a/b/` }));
      expect(proxy.requests[0]?.path).to.equal("/a/b/some-tenant/oauth2/v2.0/token");
    });

    it("asks the certificate once for all, however many begin at the same time, and keeps connections", async () => {
      const way = make();
      await Promise.all(Array.from({ length: 10 }, () => way.open()));
      for (let i = 0; i < 5; i += 1) await post(way);
      expect(proxy.serverNames.filter((name) => name === API_SERVER_HOST)).to.have.length(1);
      expect(proxy.connectionCount).to.equal(2);
    });

    it("looks at no certificate when the name is given", async () => {
      await post(make({ serverName: proxy.serverName() }));
      expect(proxy.serverNames).to.deep.equal([proxy.serverName()]);
    });

    it("reaches a proxy by address, which is not looked up", async () => {
      expect((await post(make({ url: proxy.origin }))).status).to.equal(401);
      expect(lookedUp).to.deep.equal([API_SERVER_HOST]);
    });

    it("finds the name anew after the cluster has got another one", async () => {
      const way = make();
      await post(way);
      way.close(); // the kept connection would still do
      proxy.moveTo("another-cluster");
      const error = await failureOf(post(way), NetworkError);
      expect(error.kind).to.equal("tls");
      expect((await post(way)).status).to.equal(401);
      expect(proxy.serverNames.at(-1)).to.equal(proxy.serverName());
    });

    it("says that the name is not the proxy's", async () => {
      const error = await failureOf(post(make({ serverName: "awrong.ests.aks" })), NetworkError);
      expect(error.kind).to.equal("tls");
      expect(error.message).to.equal(
        `the cluster's token proxy kubernetes.default.svc.cluster.local:${proxy.port} has no certificate for awrong.ests.aks by the cluster's ` +
          "authority (ERR_TLS_CERT_ALTNAME_INVALID); check that this cluster has identity bindings, and --token-proxy-url and --sni-name",
      );
      expect(proxy.requests).to.have.length(0);
    });

    it("trusts no other authority than the cluster's, the process's own included", async () => {
      const other = new CertificateAuthority("other");
      await writeFile(caFile, other.pem);
      const processTrust = (): Promise<tls.SecureContext> =>
        Promise.resolve(tls.createSecureContext({ ca: proxy.clusterCaPem }));
      const error = await failureOf(
        post(make({ serverName: proxy.serverName(), processTrust })),
        NetworkError,
      );
      expect(error.kind).to.equal("tls");
      expect(error.message).to.match(/\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/);
      expect(proxy.requests).to.have.length(0);
      const probe = await failureOf(make({ processTrust }).open(), ProviderError);
      expect(probe.code).to.equal("SIGN_IN_UNREACHABLE");
      expect(probe.message).to.match(
        /^identity binding needs the cluster's id from the API server's certificate: kubernetes\.default\.svc\.cluster\.local:\d+ has no certificate for that name by the cluster's authority \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\); or give the token proxy's TLS name with --sni-name$/,
      );
    });

    it("trusts as the process does where the pod has no authority, but only with a given name", async () => {
      const processTrust = (): Promise<tls.SecureContext> =>
        Promise.resolve(tls.createSecureContext({ ca: proxy.clusterCaPem }));
      const absent = path.join(folder, "absent.crt");
      const way = make({ caFile: absent, processTrust, serverName: proxy.serverName() });
      expect((await post(way)).status).to.equal(401);
      const error = await failureOf(make({ caFile: absent, processTrust }).open(), ProviderError);
      expect(error.code).to.equal("SIGN_IN_FAILED");
      expect(error.message).to.match(
        /absent\.crt does not exist; let the provider's pod mount .* --sni-name$/,
      );
    });

    it("follows the rotation of the cluster's authority", async () => {
      const way = make({ serverName: proxy.serverName() });
      await writeFile(caFile, new CertificateAuthority("old").pem);
      await failureOf(post(way), NetworkError);
      await writeFile(caFile, proxy.clusterCaPem);
      expect((await post(way)).status).to.equal(401);
    });

    it("says what to do where the API server's certificate names no cluster", async () => {
      proxy.moveTo("");
      const error = await failureOf(make().open(), ProviderError);
      expect(error.code).to.equal("SIGN_IN_FAILED");
      expect(error.message).to.match(
        /names no cluster .* identity binding works on AKS only: on AKS give .* --sni-name/,
      );
    });

    it("asks again after a failure, which it does not remember", async () => {
      const way = make();
      proxy.moveTo("");
      await failureOf(way.open(), ProviderError);
      proxy.moveTo("abc");
      expect((await post(way)).status).to.equal(401);
    });

    it("says what to do when the name of the API server, or of the proxy, cannot be resolved", async () => {
      const nowhere: LookupFunction = (name, _options, callback) => {
        callback(Object.assign(new Error(name), { code: "ENOTFOUND" }), "", 4);
      };
      const remedy = "a provider with hostNetwork needs dnsPolicy ClusterFirstWithHostNet";
      const probe = await failureOf(make({ lookup: nowhere }).open(), ProviderError);
      expect(probe.code).to.equal("SIGN_IN_UNREACHABLE");
      expect(probe.message).to.contain(`cannot be resolved (ENOTFOUND); ${remedy}`);
      const error = await failureOf(post(make({ lookup: nowhere, serverName: "a.ests.aks" })), NetworkError);
      expect(error.kind).to.equal("dns");
      expect(error.message).to.equal(
        `the name of the cluster's token proxy kubernetes.default.svc.cluster.local:${proxy.port} cannot be resolved (ENOTFOUND); ${remedy}`,
      );
    });

    it("says that nobody listens", async () => {
      const port = await freePort();
      const probe = await failureOf(make({ apiServer: { host: "127.0.0.1", port } }).open(), ProviderError);
      expect(probe.code).to.equal("SIGN_IN_UNREACHABLE");
      expect(probe.message).to.contain(`cannot connect to 127.0.0.1:${port} (ECONNREFUSED)`);
      const url = `https://k.example:${port}`;
      const error = await failureOf(post(make({ url, serverName: "a.ests.aks" })), NetworkError);
      expect(error.kind).to.equal("connect");
      expect(error.message).to.match(
        /^the cluster's token proxy k\.example:\d+ \(TLS name a\.ests\.aks\) failed: cannot connect/,
      );
    });

    for (const [name, onConnection, words] of [
      ["says nothing", () => undefined, /took longer than 60 ms during the TLS handshake/],
      [
        "hangs up",
        (socket: net.Socket) => socket.destroy(),
        /closed the connection|connection to .* broke|handshake/,
      ],
      [
        "talks of something else",
        (socket: net.Socket) => socket.end("SSH-2.0-OpenSSH\r\n"),
        /handshake .* failed/,
      ],
    ] as const) {
      it(`gives up on an API server that ${name}`, async () => {
        const sockets: net.Socket[] = [];
        const server = net.createServer((socket) => {
          sockets.push(socket);
          socket.on("error", () => undefined);
          onConnection(socket);
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        try {
          const way = make({ apiServer: { host: "127.0.0.1", port }, probeTimeoutMs: 60 });
          const error = await failureOf(way.open(), ProviderError);
          expect(error.code).to.equal("SIGN_IN_UNREACHABLE");
          expect(error.message).to.match(words);
        } finally {
          for (const socket of sockets) socket.destroy();
          server.close();
        }
      });
    }

    const effects: { name: string; effect: Effect; kind: string }[] = [
      { name: "a hang", effect: { kind: "hang" }, kind: "timeout" },
      { name: "a closed connection", effect: { kind: "reset" }, kind: "reset" },
      { name: "an answer without end", effect: { kind: "hugeBody" }, kind: "too-large" },
      {
        name: "a redirect",
        effect: { kind: "redirect", location: "https://attacker.example/" },
        kind: "redirect",
      },
    ];
    for (const { name, effect, kind } of effects) {
      it(`reports ${name}, naming the proxy`, async () => {
        proxy.faults.add(effect);
        const error = await failureOf(post(make({ tryTimeoutMs: 300 })), NetworkError);
        expect(error.kind).to.equal(kind);
        expect(error.message).to.match(
          /^the cluster's token proxy kubernetes\.default\.svc\.cluster\.local:\d+/,
        );
        expect(proxy.requests).to.have.length(1);
      });
    }

    it("takes a name that is one, and no other", () => {
      make({ serverName: "a".repeat(63) + ".ests.aks" });
      for (const serverName of [
        "a b",
        "a_b.ests.aks",
        ".ests.aks",
        "a..b",
        "a".repeat(64),
        "a.".repeat(127),
        "a/b",
      ]) {
        expect(() => make({ serverName }), serverName).to.throw(RangeError, /^--sni-name must be a DNS name/);
      }
    });

    it("refuses flags that cannot be used when the process starts, and takes an empty address for the default", () => {
      const start = (tokenProxyUrl: string, sniName = "", apiServerPort?: string): string => {
        const local = createLocalIdentities({
          tokenProxyUrl,
          sniName,
          apiServerPort,
          trust: () => Promise.resolve(tls.createSecureContext()),
        });
        local.close();
        return local.tokenProxy.host;
      };
      expect(start("")).to.equal("kubernetes.default.svc.cluster.local");
      expect(start("https://10.0.0.1:6443/x", "a.ests.aks", "70000")).to.equal("10.0.0.1:6443");
      expect(() => start("http://10.0.0.1")).to.throw(RangeError, /^--token-proxy-url must be/);
      expect(() => start("", "no name")).to.throw(RangeError, /^--sni-name must be/);
    });

    it("knows where every pod finds its cluster", () => {
      expect([DEFAULT_TOKEN_PROXY_URL, API_SERVER_HOST, CLUSTER_CA_FILE]).to.deep.equal([
        "https://kubernetes.default.svc.cluster.local",
        "kubernetes.default.svc.cluster.local",
        "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
      ]);
    });
  });
});
