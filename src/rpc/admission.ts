import { ProviderError } from "../errors/provider-error.js";

export interface AdmissionLimits {
  /** Mounts worked on at the same time. */
  readonly maxMounts: number;
  /** Of them for one namespace, so that no tenant takes every place. */
  readonly maxMountsPerNamespace: number;
  /** Bytes of all their requests together. */
  readonly maxRequestBytes: number;
}

/**
 * A node has at most some 250 pods, and all of them may start at once; each waits on the network most of its time.
 * The bytes are those of a thousand usual requests.
 */
export const DEFAULT_ADMISSION_LIMITS: AdmissionLimits = {
  maxMounts: 512,
  maxMountsPerNamespace: 256,
  maxRequestBytes: 24 * 1024 * 1024,
};

/**
 * Counts the mounts in flight and refuses those beyond the limits. They are refused rather than queued: a queue
 * behind mounts that wait for a dead vault would hold up every pod, and the kubelet tries again by itself.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #perNamespace = new Map<string, number>();
  #mounts = 0;
  #bytes = 0;

  constructor(limits: AdmissionLimits = DEFAULT_ADMISSION_LIMITS) {
    this.#limits = limits;
  }

  /** How many mounts are in flight. */
  get mounts(): number {
    return this.#mounts;
  }

  /**
   * Counts a mount in. Call what it returns once, when the mount has ended.
   * @throws {ProviderError} PROVIDER_OVERLOADED
   */
  enter(namespace: string, bytes: number): () => void {
    const { maxMounts, maxMountsPerNamespace, maxRequestBytes } = this.#limits;
    const own = this.#perNamespace.get(namespace) ?? 0;
    if (this.#mounts >= maxMounts) {
      throw overloaded(`${this.#mounts} mounts are already running on this node`);
    }
    if (own >= maxMountsPerNamespace) {
      throw overloaded(`${own} mounts of namespace "${namespace}" are already running on this node`);
    }
    if (this.#bytes + bytes > maxRequestBytes) {
      throw overloaded(
        `the requests of the ${this.#mounts} mounts that are running on this node fill ${this.#bytes} bytes`,
      );
    }
    this.#count(namespace, own + 1, 1, bytes);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.#count(namespace, (this.#perNamespace.get(namespace) ?? 1) - 1, -1, -bytes);
    };
  }

  #count(namespace: string, own: number, mounts: number, bytes: number): void {
    this.#mounts += mounts;
    this.#bytes += bytes;
    if (own > 0) this.#perNamespace.set(namespace, own);
    else this.#perNamespace.delete(namespace);
  }
}

function overloaded(seen: string): ProviderError {
  return new ProviderError(
    "PROVIDER_OVERLOADED",
    `${seen}, which is the most; the kubelet will try again. If it stays so, look for mounts that hang in the log of ` +
      "the provider's pod on this node",
  );
}
