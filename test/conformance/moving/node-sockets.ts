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
      container["volumeMounts"] = [{ name: "providers", mountPath: "/providers" }];
    }
    const volumes = [{ name: "providers", hostPath: { path: PROVIDERS, type: "DirectoryOrCreate" } }];
    await apply(namespace, { ...look, spec: { ...look.spec, volumes } });
    await podReady(namespace, NAME);
    return new NodeSockets(namespace);
  }

  /** Names of all that is there, or in a folder of it. */
  async list(folder = ""): Promise<string[]> {
    const said = await execInPod(this.#namespace, NAME, ["ls", "-A", `/providers/${folder}`]);
    return said.split("\n").filter(Boolean);
  }

  /** What the file is, where a link is not followed, in stat's words; its numeric owner and group, and its mode. */
  async stat(name: string): Promise<string> {
    const command = ["stat", "-c", "%F, %u:%g, %a", `/providers/${name}`];
    return (await execInPod(this.#namespace, NAME, command)).trim();
  }

  /** Where a link leads. @throws when it is none */
  async linkTo(name: string): Promise<string> {
    return (await execInPod(this.#namespace, NAME, ["readlink", `/providers/${name}`])).trim();
  }

  /** Removes a file, or a link without what it leads to. */
  async remove(name: string): Promise<void> {
    await execInPod(this.#namespace, NAME, ["rm", `/providers/${name}`]);
  }

  /** @throws when the folder is not empty */
  async removeFolder(name: string): Promise<void> {
    await execInPod(this.#namespace, NAME, ["rmdir", `/providers/${name}`]);
  }
}
