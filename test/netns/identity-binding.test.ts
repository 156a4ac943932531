import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import { tokenProxyServerName } from "../../emulator/token-proxy/server-name.js";
import { startTokenProxy, type TokenProxyDouble } from "../../emulator/token-proxy/token-proxy-double.js";
import { forge } from "../support/forge.js";
import { secretYaml } from "../support/objects-yaml.js";
import { WORKLOAD_AUDIENCE, type MountFailure, type MountInput, type Pod } from "../support/pod.js";
import type { WorldOptions } from "../support/world.js";
import { NodeWorld } from "./support/node-world.js";
import { CA_FILE, removeServiceAccount, writeClusterAuthority } from "./support/service-account.js";

const OBJECTS = secretYaml("one");
const API_SERVER = "kubernetes.default.svc.cluster.local";
const API_SERVER_ADDRESS = "10.0.0.1";
const CLUSTER_ID = "5f0c9a7e12d3450001aabbcc";
const PROXY_NAME = tokenProxyServerName(CLUSTER_ID);

type ClusterOptions = Partial<Parameters<typeof startTokenProxy>[0]>;

describe("AKS identity binding", () => {
  let node: NodeWorld;
  let cluster: TokenProxyDouble;

  /** A node of a cluster whose API server stands at 10.0.0.1, and whose authority lies in the provider's pod. */
  async function start(options: WorldOptions = {}, clusterOptions: ClusterOptions = {}): Promise<void> {
    node = await NodeWorld.start(options);
    node.dns.set(API_SERVER, API_SERVER_ADDRESS);
    cluster = await startCluster(clusterOptions);
    await writeClusterAuthority(cluster.clusterCaPem);
  }

  async function startCluster(options: ClusterOptions = {}): Promise<TokenProxyDouble> {
    return node.add(
      await startTokenProxy({
        directory: node.world.emulator.entra,
        issuerUrl: node.world.issuerUrl,
        clusterId: CLUSTER_ID,
        listenOn: API_SERVER_ADDRESS,
        port: 443,
        ...options,
      }),
    );
  }

  async function stop(): Promise<void> {
    await removeServiceAccount();
    await node.stop();
  }

  /** A pod that may use an identity that is bound to the cluster and may read its vault. */
  function boundPod(): Pod {
    const pod = unboundPod();
    cluster.bind(pod.application, pod);
    return pod;
  }

  function unboundPod(): Pod {
    const pod = node.pod({ identity: "identity-binding" });
    pod.plantSecret("one");
    return pod;
  }

  const withToken = (pod: Pod, token: string): MountInput => ({
    objects: OBJECTS,
    volume: { serviceAccountTokens: pod.tokens(token) ?? {} },
  });

  const requestsOf = (pod: Pod): string[] =>
    cluster.requests
      .filter(({ path }) => path.includes(pod.tenantId))
      .map(({ method, path, host }) => `${method} ${host}${path}`);

  function expectReadAsItself(pod: Pod): void {
    const { requests } = node.world.emulator;
    const reads = requests.filter(({ vault, kind }) => vault === pod.vault.name && kind === "read");
    expect(reads.map(({ principal }) => principal?.clientId)).to.deep.equal([pod.clientId]);
  }

  /** Neither sign-in nor discovery has gone to an authority of Entra ID. */
  function expectNoAuthorityAsked(): void {
    const { token, discovery, keys } = node.world.emulator.requests.counts();
    expect({ token, discovery, keys }).to.deep.equal({ token: 0, discovery: 0, keys: 0 });
  }

  describe("without flags", () => {
    before(() => start());
    after(stop);

    it("takes the pod's token to the proxy behind the API server, by the name made from its certificate", async () => {
      const pod = boundPod();
      const contacts = await node.contactsDuring(() => pod.mount(OBJECTS));
      expectReadAsItself(pod);
      expect(requestsOf(pod)).to.deep.equal([`POST ${PROXY_NAME}/${pod.tenantId}/oauth2/v2.0/token`]);
      expect(new Set(cluster.serverNames)).to.deep.equal(new Set([API_SERVER, PROXY_NAME]));
      expect(new Set(contacts.byProxy)).to.deep.equal(new Set([`${pod.vault.name}.vault.azure.net`]));
      expect(contacts.names.filter((name) => name !== API_SERVER)).to.deep.equal([]);
      expect(contacts.elsewhere).to.equal(0);
      expectNoAuthorityAsked();
    });

    it("asks the API server for its certificate once, however many pods mount", async () => {
      const pods = Array.from({ length: 8 }, boundPod);
      await Promise.all(pods.map((pod) => pod.mount(OBJECTS)));
      pods.forEach(expectReadAsItself);
      expect(cluster.serverNames.filter((name) => name === API_SERVER).length).to.be.at.most(1);
    });

    it("takes no token but the pod's own for the binding's audience", async () => {
      const pod = boundPod();
      const exchange = pod.serviceAccountToken({ audience: WORKLOAD_AUDIENCE });
      const without = await pod.mountError({
        objects: OBJECTS,
        volume: { serviceAccountTokens: pod.tokens(exchange, WORKLOAD_AUDIENCE) ?? {} },
      });
      expect(without.status).to.equal("INVALID_ARGUMENT");
      expect(without.message).to.contain("token for audience api://AKSIdentityBinding not found");
      expect(requestsOf(pod)).to.deep.equal([]);
      const wrong = await pod.mountError(withToken(pod, exchange));
      expect(wrong.status).to.equal("UNAUTHENTICATED");
      expect(wrong.message).to.contain("HTTP 401 invalid_client");
    });

    it("serves no forged token from what a right one has brought, before or at the same time", async () => {
      const pod = boundPod();
      await pod.mount(OBJECTS);
      const right = Array.from({ length: 4 }, () => pod.mount(OBJECTS));
      const forged = Array.from({ length: 4 }, () =>
        pod.mountError(withToken(pod, forge(pod.serviceAccountToken()))),
      );
      const thief = pod.mountError(
        withToken(pod, pod.serviceAccountToken({ namespace: "thieves", serviceAccount: "thief" })),
      );
      await Promise.all(right);
      for (const { status, message } of await Promise.all(forged)) {
        expect(status).to.equal("UNAUTHENTICATED");
        expect(message).to.contain("HTTP 401 invalid_client");
      }
      expect((await thief).message)
        .to.contain("HTTP 403 unauthorized_client")
        .and.to.contain("system:serviceaccount:thieves:thief");
    });

    describe("tells a refusal of the proxy, and asks no vault", () => {
      const cases: [name: string, spoil: (pod: Pod) => void, says: string[]][] = [
        ["an identity that is not bound", () => undefined, ["HTTP 403", "az aks identity-binding list"]],
        [
          "a service account without the ClusterRole",
          (pod) => {
            cluster.bind(pod.application, pod);
            cluster.unbind(pod.application, pod);
          },
          ["HTTP 403", "use-managed-identity", "cid.wi.aks.azure.com"],
        ],
        [
          "a federated credential that somebody took away",
          (pod) => {
            cluster.bind(pod.application, pod);
            pod.application.replaceCredentials({});
          },
          ["AADSTS70021", "make the identity binding anew"],
        ],
      ];
      for (const [name, spoil, says] of cases) {
        it(name, async () => {
          const pod = unboundPod();
          spoil(pod);
          const { status, message } = await pod.mountError(OBJECTS);
          expect(status).to.equal("UNAUTHENTICATED");
          for (const words of [...says, `the cluster's token proxy ${API_SERVER}`]) {
            expect(message).to.contain(words);
          }
          const { requests } = node.world.emulator;
          expect(requests.counts(({ vault }) => vault === pod.vault.name).total).to.equal(0);
          expectNoAuthorityAsked();
        });
      }
    });

    it("follows the cluster's authority, and shows no token to a server of another one", async () => {
      const pod = boundPod();
      await pod.mount(OBJECTS);
      const oldAuthority = cluster.clusterCaPem;
      await cluster.close();
      cluster = await startCluster();
      cluster.bind(pod.application, pod);
      const { status, message } = await pod.mountError(OBJECTS);
      expect(status).to.equal("INTERNAL");
      expect(message).to.contain("by the cluster's authority");
      expect(cluster.requests).to.deep.equal([]);

      await writeClusterAuthority(`${oldAuthority}${cluster.clusterCaPem}`);
      await pod.mount(OBJECTS);
      await writeClusterAuthority(cluster.clusterCaPem);
      await pod.mount(OBJECTS);
    });

    it("reads the API server's certificate anew when the proxy's name has changed", async () => {
      const pod = boundPod();
      await pod.mount(OBJECTS);
      await cluster.close(); // as every connection ends when an API server is replaced
      cluster = await startCluster({ clusterId: "moved" });
      await writeClusterAuthority(cluster.clusterCaPem);
      cluster.bind(pod.application, pod);
      const { message } = await pod.mountError(OBJECTS);
      expect(message).to.contain(`has no certificate for ${PROXY_NAME}`);
      expect(cluster.requests).to.deep.equal([]);
      await pod.mount(OBJECTS);
      expect(cluster.serverNames.at(-1)).to.equal(tokenProxyServerName("moved"));
      // Back, for whatever test comes next.
      await cluster.close();
      cluster = await startCluster();
      await writeClusterAuthority(cluster.clusterCaPem);
      cluster.bind(pod.application, pod);
      await pod.mountError(OBJECTS);
      await pod.mount(OBJECTS);
    });
  });

  describe("whose proxy cannot be found, or is not the cluster's, says why", () => {
    beforeEach(() => start());
    afterEach(stop);

    const cases: { name: string; spoil: () => Promise<void> | void; says: string[] }[] = [
      {
        name: "no such name",
        spoil: () => {
          node.dns.remove(API_SERVER);
        },
        says: [`the name of ${API_SERVER}`, "cannot be resolved", "dnsPolicy ClusterFirstWithHostNet"],
      },
      {
        name: "no server there",
        spoil: () => cluster.close(),
        says: [`${API_SERVER}:443`, "give the token proxy's TLS name with --sni-name"],
      },
      {
        name: "a server of another authority",
        spoil: async () => {
          await cluster.close();
          cluster = await startCluster();
        },
        says: ["has no certificate for that name by the cluster's authority"],
      },
      {
        name: "a cluster that is not of AKS",
        spoil: async () => {
          await cluster.close();
          cluster = await startCluster({ clusterId: "" });
          await writeClusterAuthority(cluster.clusterCaPem);
        },
        says: ["names no cluster", "works on AKS only"],
      },
      {
        name: "a pod without a service account",
        spoil: removeServiceAccount,
        says: [`${CA_FILE} does not exist`, "--sni-name"],
      },
      {
        name: "an authority that is none",
        spoil: () => writeClusterAuthority("not a certificate"),
        says: [`${CA_FILE} holds no PEM certificate`],
      },
    ];
    for (const { name, spoil, says } of cases) {
      it(name, async () => {
        const pod = boundPod();
        await spoil();
        let failure: MountFailure | undefined;
        const contacts = await node.contactsDuring(async () => {
          failure = await pod.mountError(OBJECTS);
        });
        expect(failure?.status).to.equal("INTERNAL");
        for (const words of says) expect(failure?.message).to.contain(words);
        expect(contacts.byProxy).to.deep.equal([]);
        expect(cluster.requests).to.deep.equal([]);
        expectNoAuthorityAsked();
      });
    }
  });

  describe("with --token-proxy-url and --sni-name", () => {
    before(() =>
      start(
        { flags: ["--token-proxy-url=https://127.0.0.1:8443/behind/", `--sni-name=${PROXY_NAME}`] },
        { listenOn: "127.0.0.1", port: 8443 },
      ),
    );
    after(stop);

    it("asks that address by that name, and looks nothing up", async () => {
      const pod = boundPod();
      const contacts = await node.contactsDuring(() => pod.mount(OBJECTS));
      expectReadAsItself(pod);
      expect(requestsOf(pod)).to.deep.equal([
        `POST ${PROXY_NAME}:8443/behind/${pod.tenantId}/oauth2/v2.0/token`,
      ]);
      expect(new Set(cluster.serverNames)).to.deep.equal(new Set([PROXY_NAME]));
      expect(contacts).to.deep.include({ names: [], elsewhere: 0 });
      expectNoAuthorityAsked();
    });

    it("serves no forged token from what a right one has brought before", async () => {
      const pod = boundPod();
      await pod.mount(OBJECTS);
      const { status } = await pod.mountError(withToken(pod, forge(pod.serviceAccountToken())));
      expect(status).to.equal("UNAUTHENTICATED");
    });

    it("trusts the process's authorities where the pod has none of the cluster", async () => {
      const pod = boundPod();
      await removeServiceAccount();
      const { message } = await pod.mountError(OBJECTS);
      expect(message).to.contain(`has no certificate for ${PROXY_NAME} by the cluster's authority`);
      await writeClusterAuthority(cluster.clusterCaPem);
      await pod.mount(OBJECTS);
    });
  });

  describe("with --token-proxy-url that names a host, and another port of the API server", () => {
    before(() =>
      start(
        {
          flags: ["--token-proxy-url=https://proxy.cluster.example:6443"],
          env: { KUBERNETES_SERVICE_PORT: "6443" },
        },
        { port: 6443 },
      ),
    );
    after(stop);

    it("looks up that host for the proxy, and the API server's name for its certificate", async () => {
      node.dns.set("proxy.cluster.example", API_SERVER_ADDRESS);
      const pod = boundPod();
      const contacts = await node.contactsDuring(() => pod.mount(OBJECTS));
      expectReadAsItself(pod);
      expect(contacts.names).to.deep.equal([API_SERVER, "proxy.cluster.example"]);
      expect(contacts.elsewhere).to.equal(0);
    });
  });

  describe("with a --sni-name that is not this cluster's", () => {
    before(() => start({ flags: ["--sni-name=another.ests.aks"] }));
    after(stop);

    it("says so, and shows the token to nobody", async () => {
      const pod = boundPod();
      const { status, message } = await pod.mountError(OBJECTS);
      expect(status).to.equal("INTERNAL");
      expect(message).to.contain("has no certificate for another.ests.aks").and.to.contain("--sni-name");
      expect(cluster.requests).to.deep.equal([]);
    });
  });

  describe("without the cluster's authority, but with one of the process's that signed the proxy's certificate", () => {
    const file = "/run/namespace/authorities.pem";
    before(async () => {
      await start({ flags: [`--sni-name=${PROXY_NAME}`], env: { SSL_CERT_FILE: file } });
      await removeServiceAccount();
      await writeFile(file, cluster.clusterCaPem);
    });
    after(stop);

    it("signs in", async () => {
      const pod = boundPod();
      await pod.mount(OBJECTS);
      expectReadAsItself(pod);
    });
  });
});
