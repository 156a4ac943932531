import { ProviderError } from "../errors/provider-error.js";

/** Bytes of the volumes that are being made at one time. */
export interface NodeBudgetLimits {
  readonly maxBytes: number;
  /** Of them for the pods of one namespace; no less than the largest volume. */
  readonly maxBytesPerNamespace: number;
}

/** Each byte of a volume takes several in memory while it is made: as JSON, as text, as a file and in the answer. */
export const DEFAULT_NODE_BUDGET: NodeBudgetLimits = {
  maxBytes: 48 * 1024 * 1024,
  maxBytesPerNamespace: 32 * 1024 * 1024,
};

/** What one mount has of the node's budget. */
export interface Room {
  /** @throws {ProviderError} PROVIDER_OVERLOADED */
  readonly spend: (bytes: number) => void;
  /** Gives all of it back; to be called once, when the mount has ended. */
  readonly leave: () => void;
}

/**
 * Bounds what all volumes that are being made hold in memory: twenty of the largest at a time would take the process with
 * them, and everyone's mounts. The mount that finds no room is refused, and the kubelet tries again by itself.
 */
export class NodeBudget {
  readonly #limits: NodeBudgetLimits;
  readonly #byNamespace = new Map<string, number>();
  #bytes = 0;

  constructor(limits: NodeBudgetLimits = DEFAULT_NODE_BUDGET) {
    this.#limits = limits;
  }

  enter(namespace: string): Room {
    let own = 0;
    return {
      spend: (bytes) => {
        this.#count(namespace, bytes);
        own += bytes;
      },
      leave: () => {
        this.#bytes -= own;
        const left = (this.#byNamespace.get(namespace) ?? 0) - own;
        if (left > 0) this.#byNamespace.set(namespace, left);
        else this.#byNamespace.delete(namespace);
        own = 0;
      },
    };
  }

  #count(namespace: string, bytes: number): void {
    const ofNamespace = (this.#byNamespace.get(namespace) ?? 0) + bytes;
    if (ofNamespace > this.#limits.maxBytesPerNamespace) throw overloaded(`pods of namespace "${namespace}"`);
    if (this.#bytes + bytes > this.#limits.maxBytes) throw overloaded("this node's pods");
    this.#bytes += bytes;
    this.#byNamespace.set(namespace, ofNamespace);
  }
}

function overloaded(whose: string): ProviderError {
  return new ProviderError(
    "PROVIDER_OVERLOADED",
    `the volumes that are being made for ${whose} fill the memory that there is for them; the kubelet will try again. If it ` +
      "stays so, spread the objects over several SecretProviderClasses",
  );
}
