/** Who waits, and how soon it must be served. */
export interface Place {
  /** Those with the same one take turns with the others as one. */
  readonly principal: string;
  /** Before those that are not. May become so while it waits. */
  readonly urgency: { readonly isUrgent: boolean };
}

export interface Waiting extends Place {
  readonly sinceMs: number;
  readonly admit: () => void;
  /** Called when it is put out, for one whose principal has fewer places. */
  readonly dismiss: () => void;
}

/**
 * Who waits at a gate: served in turn by principal, within one principal in order of arrival; urgent ones first, but
 * nobody waits behind them for longer than a stated time.
 */
export class WaitingLine {
  readonly #byPrincipal = new Map<string, Waiting[]>();
  readonly #maxPerPrincipal: number;
  readonly #maxAll: number;
  readonly #patienceMs: number;
  #length = 0;

  /** @param limits.patienceMs - after which one that is not urgent counts as if it were */
  constructor(limits: {
    readonly maxPerPrincipal: number;
    readonly maxAll: number;
    readonly patienceMs: number;
  }) {
    this.#maxPerPrincipal = limits.maxPerPrincipal;
    this.#maxAll = limits.maxAll;
    this.#patienceMs = limits.patienceMs;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Where the line is full for all, the principal with most places gives its newest one up: a few that fill it, who need not
   * even have a right to the service, cannot keep the others out.
   * @returns false when the line is full, for all or for this principal
   */
  join(waiting: Waiting): boolean {
    const own = this.#byPrincipal.get(waiting.principal) ?? [];
    if (own.length >= this.#maxPerPrincipal) return false;
    if (this.#length >= this.#maxAll && !this.#makeRoom(own.length + 1)) return false;
    own.push(waiting);
    this.#byPrincipal.set(waiting.principal, own);
    this.#length += 1;
    return true;
  }

  /** Takes out one that waits no more. */
  leave(waiting: Waiting): void {
    const own = this.#byPrincipal.get(waiting.principal);
    const index = own?.indexOf(waiting) ?? -1;
    if (own !== undefined && index >= 0) this.#remove(waiting.principal, own, index);
  }

  /** Takes out the one whose turn it is; its principal goes to the end. */
  next(nowMs: number): Waiting | undefined {
    const isPressing = ({ urgency, sinceMs }: Waiting): boolean =>
      urgency.isUrgent || nowMs - sinceMs >= this.#patienceMs;
    return this.#take(isPressing) ?? this.#take(() => true);
  }

  /** @param places - of the one who comes: who has no more than that gives nothing up */
  #makeRoom(places: number): boolean {
    let most: readonly Waiting[] = [];
    for (const own of this.#byPrincipal.values()) if (own.length > most.length) most = own;
    const newest = most.at(-1);
    if (newest === undefined || most.length <= places) return false;
    this.leave(newest);
    newest.dismiss();
    return true;
  }

  #take(suits: (waiting: Waiting) => boolean): Waiting | undefined {
    for (const [principal, own] of this.#byPrincipal) {
      const index = own.findIndex(suits);
      const found = own[index];
      if (found === undefined) continue;
      this.#byPrincipal.delete(principal);
      this.#byPrincipal.set(principal, own);
      this.#remove(principal, own, index);
      return found;
    }
    return undefined;
  }

  #remove(principal: string, own: Waiting[], index: number): void {
    own.splice(index, 1);
    if (own.length === 0) this.#byPrincipal.delete(principal);
    this.#length -= 1;
  }
}
