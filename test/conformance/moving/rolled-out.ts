import { explainNamespace } from "../support/diagnosis.js";
import { kubectl } from "../support/kubectl.js";

const LIMIT_S = 180;

/** Waits until a DaemonSet has its newest pods on every node, ready. */
export async function rolledOut(namespace: string, daemonSet: string): Promise<void> {
  const args = ["rollout", "status", "-n", namespace, `daemonset/${daemonSet}`, `--timeout=${LIMIT_S}s`];
  try {
    await kubectl(args, { limitMs: (LIMIT_S + 20) * 1000 });
  } catch (error) {
    throw new Error(`${String(error)}\n${await explainNamespace(namespace)}`, { cause: error });
  }
}
