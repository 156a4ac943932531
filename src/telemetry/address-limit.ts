/** What one address may do. */
export interface AddressLimits {
  /** Connections open at the same time. */
  readonly maxOpen: number;
  /** Connections that may come at once, after which they are let in at `perSecond`. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Enough for a kubelet's probes and two Prometheus servers behind one address. */
export const DEFAULT_ADDRESS_LIMITS: AddressLimits = { maxOpen: 8, burst: 40, perSecond: 10 };

/** How many addresses are remembered; the one longest unseen is forgotten first. */
const MAX_ADDRESSES = 1024;

interface AddressState {
  open: number;
  tokens: number;
  refilledAtMs: number;
}

/**
 * Says whether a connection from an address is let in. The HTTP ports listen on the node for every pod, and one
 * pod must not take the connections, nor the event loop, that the kubelet's probes need.
 */
export class AddressLimit {
  readonly #limits: AddressLimits;
  readonly #clock: () => number;
  readonly #states = new Map<string, AddressState>();

  /** @param clock - milliseconds, never going back */
  constructor(limits: AddressLimits = DEFAULT_ADDRESS_LIMITS, clock: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Counts a connection in. When it says true, call {@link release} once the connection has closed. */
  admit(address: string): boolean {
    const state = this.#touch(address);
    if (state.open >= this.#limits.maxOpen || state.tokens < 1) return false;
    state.open += 1;
    state.tokens -= 1;
    return true;
  }

  release(address: string): void {
    const state = this.#states.get(address);
    if (state !== undefined && state.open > 0) state.open -= 1;
  }

  #touch(address: string): AddressState {
    const nowMs = this.#clock();
    const { burst, perSecond } = this.#limits;
    const state = this.#states.get(address) ?? { open: 0, tokens: burst, refilledAtMs: nowMs };
    state.tokens = Math.min(burst, state.tokens + ((nowMs - state.refilledAtMs) / 1000) * perSecond);
    state.refilledAtMs = nowMs;
    // A Map keeps the order of insertion: taking it out and putting it in makes it the newest.
    this.#states.delete(address);
    this.#states.set(address, state);
    if (this.#states.size > MAX_ADDRESSES) {
      const [oldest] = this.#states.keys();
      if (oldest !== undefined) this.#states.delete(oldest);
    }
    return state;
  }
}
