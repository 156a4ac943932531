import { api, pathOf } from "./api.js";
import type { KubeObject } from "./api.js";
import { apply, podsReady, remove } from "./cluster.js";
import { control, TENANT, VAULT_NAMESPACE } from "./embedded-vault.js";
import { POD_IMAGE } from "./objects.js";
import type { Manifest } from "./objects.js";

const ADDRESS = "169.254.169.254";
const NAME = "node-imds";

/** Hands each connection on to the embedded vault's metadata service. */
const RELAY = `
const net = require("node:net");
net.createServer((socket) => {
  const onward = net.connect(Number(process.env.ONWARD_PORT), process.env.ONWARD_HOST);
  for (const [one, other] of [[socket, onward], [onward, socket]]) {
    one.on("error", () => other.destroy());
    one.pipe(other);
  }
}).listen(80, "${ADDRESS}");
`;

/**
 * The metadata service at its real address, in the network of every node: the embedded vault's own, so that vaults take
 * its tokens. Only for nodes that have none: not for a cluster in Azure.
 */
export class NodeImds {
  readonly #identities = new Set<string>();
  readonly #manifest: Manifest;

  private constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  static async start(): Promise<NodeImds> {
    const service = await api.get<KubeObject & { spec: { clusterIP: string } }>(
      pathOf("v1", "services", VAULT_NAMESPACE, "embedded-vault"),
    );
    const deployment = await api.get<
      KubeObject & { spec: { template: { spec: { containers: { image: string }[] } } } }
    >(pathOf("apps/v1", "deployments", VAULT_NAMESPACE, "embedded-vault"));
    const image = deployment.spec.template.spec.containers[0]?.image;
    const labels = { app: NAME, "azure-provider-conformance": "true" };
    const imds = new NodeImds({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: NAME, labels },
      spec: {
        selector: { matchLabels: { app: NAME } },
        template: {
          metadata: { labels },
          spec: {
            hostNetwork: true,
            terminationGracePeriodSeconds: 3,
            tolerations: [{ operator: "Exists" }],
            nodeSelector: { "kubernetes.io/os": "linux" },
            containers: [
              // It takes the address, and gives it back when it ends.
              {
                name: "address",
                image: POD_IMAGE,
                command: ["sh", "-c", withAddress()],
                securityContext: { capabilities: { add: ["NET_ADMIN"] } },
              },
              {
                name: "relay",
                image,
                command: ["/usr/local/bin/node", "-e", RELAY],
                env: [
                  { name: "ONWARD_HOST", value: service.spec.clusterIP },
                  { name: "ONWARD_PORT", value: "8082" },
                ],
                securityContext: { runAsUser: 0 },
                // It can't listen before the address is there; the kubelet starts it again.
                readinessProbe: { tcpSocket: { host: ADDRESS, port: 80 }, periodSeconds: 1 },
              },
            ],
          },
        },
      },
    });
    await apply(VAULT_NAMESPACE, imds.#manifest);
    const nodes = await api.list(`${pathOf("v1", "nodes")}?labelSelector=kubernetes.io/os=linux`);
    await podsReady(VAULT_NAMESPACE, `app=${NAME}`, nodes.length, { limitMs: 120_000 });
    return imds;
  }

  /** Makes an application a managed identity of the nodes. */
  async assign(kind: "system" | "user", clientId: string): Promise<void> {
    await control("POST", `/imds/${clientId}`, { tenantId: TENANT, kind });
    this.#identities.add(clientId);
  }

  async take(clientId: string): Promise<void> {
    await control("DELETE", `/imds/${clientId}`);
    this.#identities.delete(clientId);
  }

  async stop(): Promise<void> {
    for (const clientId of this.#identities) await this.take(clientId);
    await remove(VAULT_NAMESPACE, this.#manifest);
    await podsReady(VAULT_NAMESPACE, `app=${NAME}`, 0);
  }
}

function withAddress(): string {
  const change = (what: "add" | "del"): string => `ip address ${what} ${ADDRESS}/32 dev lo`;
  return `trap '${change("del")}; exit 0' TERM; ${change("add")} || exit 1; while :; do sleep 1; done`;
}
