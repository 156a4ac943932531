import { apply, podReady } from "../support/cluster.js";
import { execInPod } from "../support/kubectl.js";
import { pod } from "../support/objects.js";

const PROVIDERS = "/var/run/secrets-store-csi-providers";
const NAME = "looks-at-sockets";

/** A pod that sees the node's folder of the providers' sockets. */
export class NodeSockets {
  readonly #namespace: string;

  private constructor(namespace: string) {
    this.#namespace = namespace;
  }

  static async open(namespace: string): Promise<NodeSockets> {
    const look = pod({ name: NAME, volumes: [] }) as { spec: { containers: Record<string, unknown>[] } };
    for (const container of look.spec.containers) {
      container["volumeMounts"] = [{ name: "providers", mountPath: "/providers", readOnly: true }];
    }
    const volumes = [{ name: "providers", hostPath: { path: PROVIDERS, type: "DirectoryOrCreate" } }];
    await apply(namespace, { ...look, spec: { ...look.spec, volumes } });
    await podReady(namespace, NAME);
    return new NodeSockets(namespace);
  }

  /** Names of all that is there. */
  async list(): Promise<string[]> {
    const said = await execInPod(this.#namespace, NAME, ["ls", "-A", "/providers"]);
    return said.split("\n").filter(Boolean);
  }
}
