import { ProviderError } from "../errors/provider-error.js";

export interface QueueLimits {
  readonly maxQueued: number;
  readonly maxQueuedPerOwner: number;
  readonly maxQueuedBytes: number;
  readonly maxQueuedBytesPerOwner: number;
}

/** Something that waits, whose it is, and how many bytes it holds while it does. */
export interface Waiting {
  readonly owner: string;
  readonly bytes: number;
}

interface OwnersQueue<T> {
  readonly entries: Set<T>;
  bytes: number;
}

/**
 * A queue for many owners that takes from each in turn, so that whoever brings much waits behind those who bring
 * little: with a and b waiting as a1 a2 a3 b1, the order is a1 b1 a2 a3. Every operation takes constant time, save
 * that `take` steps over owners who may not run now.
 */
export class FairQueue<T extends Waiting> {
  readonly #limits: QueueLimits;
  /** In the order of their turns. */
  readonly #owners = new Map<string, OwnersQueue<T>>();
  #size = 0;
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** @throws {ProviderError} WORKER_OVERLOADED when the owner, or all together, have too much waiting */
  add(entry: T): void {
    const limits = this.#limits;
    const own = this.#owners.get(entry.owner) ?? { entries: new Set(), bytes: 0 };
    if (
      own.entries.size >= limits.maxQueuedPerOwner ||
      own.bytes + entry.bytes > limits.maxQueuedBytesPerOwner
    ) {
      throw new ProviderError(
        "WORKER_OVERLOADED",
        `namespace ${entry.owner} has too many certificates or classes waiting to be read; ` +
          "the driver tries again by itself; if it stays so, mount fewer PFX-backed certificates at once",
      );
    }
    if (this.#size >= limits.maxQueued || this.#bytes + entry.bytes > limits.maxQueuedBytes) {
      throw new ProviderError(
        "WORKER_OVERLOADED",
        "too many certificates and classes are waiting to be read on this node; the driver tries again by itself",
      );
    }
    own.entries.add(entry);
    own.bytes += entry.bytes;
    this.#owners.set(entry.owner, own);
    this.#size++;
    this.#bytes += entry.bytes;
  }

  /** Takes the oldest entry of the next owner who may run now; that owner's next turn comes after everyone else's. */
  take(mayRun: (owner: string) => boolean): T | undefined {
    for (const [owner, own] of this.#owners) {
      const [entry] = own.entries;
      if (entry === undefined || !mayRun(owner)) continue;
      this.remove(entry);
      this.yieldTurn(owner);
      return entry;
    }
    return undefined;
  }

  /** Puts an owner behind everyone who waits now: something of its own has just ended. */
  yieldTurn(owner: string): void {
    const own = this.#owners.get(owner);
    if (own !== undefined && this.#owners.delete(owner)) this.#owners.set(owner, own);
  }

  /** @returns whether it was waiting */
  remove(entry: T): boolean {
    const own = this.#owners.get(entry.owner);
    if (own?.entries.delete(entry) !== true) return false;
    own.bytes -= entry.bytes;
    this.#size--;
    this.#bytes -= entry.bytes;
    if (own.entries.size === 0) this.#owners.delete(entry.owner);
    return true;
  }

  /** Empties the queue. */
  takeAll(): T[] {
    const all = [...this.#owners.values()].flatMap(({ entries }) => [...entries]);
    for (const entry of all) this.remove(entry);
    return all;
  }
}
