import { ThrottleGate, type ThrottleGateOptions } from "./throttle-gate.js";

/** One gate for each service, kept while it holds anything worth keeping. */
export class ThrottleGates {
  readonly #options: ThrottleGateOptions;
  readonly #gates = new Map<string, ThrottleGate>();

  constructor(options: ThrottleGateOptions = {}) {
    this.#options = options;
  }

  /** The gate of one service; hold on to it for one call only. */
  of(service: string): ThrottleGate {
    const known = this.#gates.get(service);
    if (known !== undefined) return known;
    this.#dropIdle();
    const gate = new ThrottleGate(this.#options);
    this.#gates.set(service, gate);
    return gate;
  }

  /** How many wait, by service; those where nobody does are left out. */
  *waiting(): Iterable<readonly [service: string, waiting: number]> {
    for (const [service, { waiting }] of this.#gates) if (waiting > 0) yield [service, waiting];
  }

  /** Classes may name any number of services: what nobody uses goes before something new comes. */
  #dropIdle(): void {
    for (const [service, gate] of this.#gates) if (gate.isIdle) this.#gates.delete(service);
  }
}
