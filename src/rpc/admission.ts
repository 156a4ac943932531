import { ProviderError } from "../errors/provider-error.js";

export interface AdmissionLimits {
  /** Mounts worked on at the same time. */
  readonly maxMounts: number;
  /** Of them for one namespace, so that no tenant takes every place. */
  readonly maxMountsPerNamespace: number;
  /** Bytes of all their requests together. */
  readonly maxRequestBytes: number;
  /** Of them for one namespace: a dozen mounts with the largest class and Secret must not shut everyone else out. */
  readonly maxRequestBytesPerNamespace: number;
}

/**
 * A node has at most some 250 pods, and all of them may start at once; each waits on the network most of its time.
 * The bytes are those of a thousand usual requests.
 */
export const DEFAULT_ADMISSION_LIMITS: AdmissionLimits = {
  maxMounts: 512,
  maxMountsPerNamespace: 256,
  maxRequestBytes: 24 * 1024 * 1024,
  maxRequestBytesPerNamespace: 12 * 1024 * 1024,
};

/** Of one namespace. */
interface Share {
  readonly mounts: number;
  readonly bytes: number;
}

const NOTHING: Share = { mounts: 0, bytes: 0 };

/**
 * Counts the mounts in flight and refuses those beyond the limits. They are refused rather than queued: a queue
 * behind mounts that wait for a dead vault would hold up every pod, and the kubelet tries again by itself.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #perNamespace = new Map<string, Share>();
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
    const { maxMounts, maxMountsPerNamespace, maxRequestBytes, maxRequestBytesPerNamespace } = this.#limits;
    const own = this.#perNamespace.get(namespace) ?? NOTHING;
    if (this.#mounts >= maxMounts) {
      throw overloaded(`${this.#mounts} mounts are already running on this node`);
    }
    if (own.mounts >= maxMountsPerNamespace) {
      throw overloaded(`${own.mounts} mounts of namespace "${namespace}" are already running on this node`);
    }
    if (own.bytes + bytes > maxRequestBytesPerNamespace) {
      throw overloaded(
        `the requests of the ${own.mounts} mounts of namespace "${namespace}" that are running on this node fill ` +
          `${own.bytes} bytes`,
      );
    }
    if (this.#bytes + bytes > maxRequestBytes) {
      throw overloaded(
        `the requests of the ${this.#mounts} mounts that are running on this node fill ${this.#bytes} bytes`,
      );
    }
    this.#count(namespace, 1, bytes);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.#count(namespace, -1, -bytes);
    };
  }

  #count(namespace: string, mounts: number, bytes: number): void {
    const own = this.#perNamespace.get(namespace) ?? NOTHING;
    const share: Share = { mounts: own.mounts + mounts, bytes: own.bytes + bytes };
    this.#mounts += mounts;
    this.#bytes += bytes;
    if (share.mounts > 0) this.#perNamespace.set(namespace, share);
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
