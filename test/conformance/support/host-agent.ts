import { api, pathOf } from "./api.js";
import { apply, podReady } from "./cluster.js";
import type { PodObject } from "./cluster.js";
import { execInPod } from "./kubectl.js";
import { pod } from "./objects.js";

const NAME = "host-agent";
const PROVIDERS = "/providers";

/** A privileged pod that sees a node's processes and its folder of sockets: what a person does at a node, on any cluster. */
export class HostAgent {
  readonly #namespace: string;

  private constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /** @param providersDir - the driver's, on the node */
  static async start(namespace: string, node: string, providersDir: string): Promise<HostAgent> {
    const plain = pod({ name: NAME, volumes: [] }) as { spec: { containers: Record<string, unknown>[] } };
    const containers = plain.spec.containers.map((container) => ({
      ...container,
      securityContext: { privileged: true },
      volumeMounts: [{ name: "providers", mountPath: PROVIDERS }],
    }));
    const volumes = [{ name: "providers", hostPath: { path: providersDir } }];
    await apply(namespace, {
      ...plain,
      spec: { ...plain.spec, containers, volumes, nodeName: node, hostPID: true },
    });
    await podReady(namespace, NAME);
    return new HostAgent(namespace);
  }

  /** Sends SIGKILL to every process of a pod's containers. @returns how many there were */
  async kill({ status }: PodObject): Promise<number> {
    const ids = (status.containerStatuses ?? []).map(({ containerID = "" }) =>
      containerID.replace(/^.*\/\//, ""),
    );
    if (ids.length === 0 || ids.includes("")) throw new Error("the pod has no container that runs");
    const script = `n=0
      for group in /proc/[0-9]*/cgroup; do
        grep -q -e "$1" $group 2>/dev/null || continue
        pid=\${group#/proc/}; kill -9 \${pid%/cgroup} && n=$((n + 1))
      done
      echo $n`;
    return Number(await this.#run(script, ids.join("\\|")));
  }

  /** Names in the folder of sockets, hidden ones too. */
  async sockets(): Promise<string[]> {
    return (await this.#run("ls -A /providers")).split("\n").filter((name) => name !== "");
  }

  async stop(): Promise<void> {
    await api.delete(pathOf("v1", "pods", this.#namespace, NAME));
  }

  #run(script: string, ...args: readonly string[]): Promise<string> {
    return execInPod(this.#namespace, NAME, ["sh", "-c", script, "sh", ...args]);
  }
}
