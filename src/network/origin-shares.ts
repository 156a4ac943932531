export interface ShareLimits {
  /** Requests at a time to one origin. */
  readonly perOrigin: number;
  /** Requests at a time to all origins together, from which on each origin has only its least share. */
  readonly together: number;
  /** What an origin may have in any case. */
  readonly leastPerOrigin: number;
}

interface Origin {
  running: number;
  /** First come, first served. */
  readonly waiting: Set<() => void>;
}

/**
 * Bounds requests, and with them sockets, so that nobody waits for another's dead server: an origin may have many while
 * there is room, and two in any case. So requests that hang on however many servers cannot take the last place; all
 * together there are never more than `together` and `leastPerOrigin` for each origin.
 */
export class OriginShares {
  readonly #limits: ShareLimits;
  readonly #origins = new Map<string, Origin>();
  #running = 0;

  constructor(limits: ShareLimits) {
    this.#limits = limits;
  }

  /** Requests that run now. */
  get running(): number {
    return this.#running;
  }

  /**
   * Takes a place, at once or as soon as one is free. Call what comes back once, when the request has ended.
   * @param signal - gives the wait up
   * @throws the signal's reason
   */
  async enter(origin: string, signal: AbortSignal): Promise<() => void> {
    const state = this.#origins.get(origin) ?? { running: 0, waiting: new Set() };
    this.#origins.set(origin, state);
    if (state.waiting.size > 0 || !this.#hasRoom(state)) await this.#wait(origin, state, signal);
    else this.#take(state);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      state.running -= 1;
      this.#running -= 1;
      this.#wake(origin, state);
    };
  }

  #hasRoom({ running }: Origin): boolean {
    const { perOrigin, together, leastPerOrigin } = this.#limits;
    return running < Math.min(perOrigin, this.#running < together ? perOrigin : leastPerOrigin);
  }

  #take(state: Origin): void {
    state.running += 1;
    this.#running += 1;
  }

  #wait(origin: string, state: Origin, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        state.waiting.delete(go);
        this.#forget(origin, state);
        reject(signal.reason as Error);
      };
      // The place is taken in the same moment, or a newcomer would take it first.
      const go = (): void => {
        signal.removeEventListener("abort", leave);
        this.#take(state);
        resolve();
      };
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener("abort", leave, { once: true });
      state.waiting.add(go);
    });
  }

  /** Gives the free place to the origin's own next request; room for all goes round. */
  #wake(origin: string, state: Origin): void {
    this.#letIn(state);
    this.#forget(origin, state);
    if (this.#running >= this.#limits.together) return;
    for (const other of this.#origins.values()) this.#letIn(other);
  }

  #letIn(state: Origin): void {
    const [next] = state.waiting;
    if (next === undefined || !this.#hasRoom(state)) return;
    state.waiting.delete(next);
    next();
  }

  #forget(origin: string, state: Origin): void {
    if (state.running === 0 && state.waiting.size === 0 && this.#origins.get(origin) === state) {
      this.#origins.delete(origin);
    }
  }
}
