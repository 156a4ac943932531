import { randomUUID } from "node:crypto";
import type { Mounted, MountFailure, MountInput, Pod } from "./pod.js";

/**
 * One of several pods with one service account and one class, as a deployment makes them: each with a name, a volume and a
 * token of its own, which it keeps from mount to mount.
 */
export class Replica {
  readonly name: string;
  readonly token: string;
  readonly #pod: Pod;
  readonly #volume: NonNullable<MountInput["volume"]>;

  constructor(pod: Pod, name: string) {
    this.#pod = pod;
    this.name = name;
    const podUid = randomUUID();
    this.token = pod.serviceAccountToken({ podName: name, podUid });
    this.#volume = {
      podName: name,
      podUid,
      targetPath: `/var/lib/kubelet/pods/${podUid}/volumes/kubernetes.io~csi/secrets/mount`,
      serviceAccountTokens: pod.tokens(this.token) ?? {},
    };
  }

  /** The first one to call is a start; with success, each later one is a rotation. */
  async mount(input: MountInput): Promise<Mounted> {
    return await this.#pod.mount(this.#own(input));
  }

  async mountError(input: MountInput): Promise<MountFailure> {
    return await this.#pod.mountError(this.#own(input));
  }

  #own(input: MountInput): MountInput {
    return { ...input, volume: { ...this.#volume, ...input.volume } };
  }
}

/** So many pods of one deployment. */
export function replicasOf(pod: Pod, count: number): Replica[] {
  return Array.from({ length: count }, (_, i) => new Replica(pod, `${pod.name}-${i}`));
}
