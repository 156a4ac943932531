import { LRUCache } from "lru-cache";
import { Flight } from "./flight.js";

export interface SharedReadsOptions<Value> {
  /** How long a value is kept, in milliseconds from the moment its read began; 0 keeps none. */
  readonly keepMs: number;
  readonly maxEntries: number;
  /** All kept values together; one that is larger by itself is not kept. */
  readonly maxBytes: number;
  readonly sizeOf: (value: Value) => number;
  /** True when a failure says something of the reader's credential only, and nothing to the others. */
  readonly isOwnFailure: (error: unknown) => boolean;
  /** True when a failure says that there is nothing to be had any more: what was read before is forgotten then. */
  readonly isRefusal?: (error: unknown) => boolean;
  /** How long a caller waits for an older read to end before it begins its own. Default 500. */
  readonly patienceMs?: number;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly now?: () => number;
}

/** How a value was come by: from memory, from a read that another caller began, or from a read of one's own. */
export type Source = "kept" | "joined" | "asked";

/** What one caller may be given. */
export interface SharedReadCall {
  /** Reads that began later than this will do. For a first mount: when its call arrived. */
  readonly newerThanMs: number;
  /** Whether its reads go before those of callers that can wait. Whoever is joined by an urgent caller becomes urgent. */
  readonly urgency: Urgency;
  /** The caller's own; ends its waiting, not the read that others wait for. */
  readonly signal: AbortSignal;
  /**
   * Whether a read of its own could be quicker than an older one that is still under way. Not where both would wait in
   * one line. Default: always.
   */
  readonly mayOvertake?: () => boolean;
}

/** Shared by all reads of one caller. */
export interface Urgency {
  isUrgent: boolean;
}

/** Its signal aborts when nobody waits any more. */
export type Load<Value> = (signal: AbortSignal) => Promise<Value>;

interface Kept<Value> {
  readonly beganAtMs: number;
  readonly value: Value;
}

interface Reading<Value> {
  readonly flight: Flight<Value>;
  readonly urgency: Urgency;
}

const DEFAULT_PATIENCE_MS = 500;

/**
 * Lets callers with one key share one read, and keeps what was read for a short while. What may be shared with whom
 * is the key's business: it holds the principal, so nothing read by one is ever shown to another.
 *
 * - A caller is given a read that began after `newerThanMs`: one kept, one under way, or its own.
 * - When an older read is under way, the caller waits for its end, at most `patienceMs` unless it may not overtake: of
 *   fifty callers in one round trip, the first begins a read and the others share the second.
 * - A read belongs to nobody; see {@link Flight}.
 * - A failure is told to all who wait, and not kept. A failure of the reader's own credential is told to it alone;
 *   the others go on with theirs.
 * - A late answer never replaces a newer one. A refusal is an answer too: what was kept before it goes.
 */
export class SharedReads<Value extends object> {
  readonly #options: SharedReadsOptions<Value>;
  readonly #now: () => number;
  readonly #readings = new Map<string, Reading<Value>>();
  readonly #kept: LRUCache<string, Kept<Value>>;

  constructor(options: SharedReadsOptions<Value>) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#kept = new LRUCache({
      max: options.maxEntries,
      maxSize: options.maxBytes,
      sizeCalculation: ({ value }) => Math.max(1, options.sizeOf(value)),
      ttl: Math.max(1, options.keepMs),
      ttlAutopurge: options.keepMs > 0, // kept no longer than its time, asked for or not
      perf: { now: this.#now },
    });
  }

  /**
   * @param key - everything that makes two reads the same one: vault, object, version, principal
   * @param load - reads with this caller's credential
   * @throws what `load` throws, or the reason of `call.signal`
   */
  async read(
    key: string,
    call: SharedReadCall,
    load: Load<Value>,
  ): Promise<{ readonly value: Value; readonly source: Source }> {
    for (;;) {
      call.signal.throwIfAborted();
      const kept = this.recall(key, call.newerThanMs);
      if (kept !== undefined) return { value: kept, source: "kept" };
      const reading = this.#readings.get(key);
      if (reading === undefined || reading.flight.isStopped) return await this.#begin(key, call, load);
      if (reading.flight.beganAtMs > call.newerThanMs) {
        const joined = await this.#join(reading, call);
        if (joined !== undefined) return { value: joined, source: "joined" };
      } else {
        reading.urgency.isUrgent ||= call.urgency.isUrgent;
        const patienceMs = this.#options.patienceMs ?? DEFAULT_PATIENCE_MS;
        const hasEnded = await reading.flight.outlast(patienceMs, call.signal);
        // Whoever waited together begins together: the first replaces the old read, the others join it.
        const mayBegin = !hasEnded && this.#readings.get(key) === reading && call.mayOvertake?.() !== false;
        if (mayBegin) return await this.#begin(key, call, load);
      }
    }
  }

  /** What is kept of a read that began later than `newerThanMs`; nothing is asked. */
  recall(key: string, newerThanMs: number): Value | undefined {
    const kept = this.#kept.get(key);
    return kept !== undefined && kept.beganAtMs > newerThanMs ? kept.value : undefined;
  }

  async #begin(
    key: string,
    call: SharedReadCall,
    load: Load<Value>,
  ): Promise<{ readonly value: Value; readonly source: Source }> {
    const flight = new Flight(this.#now(), load);
    const reading = { flight, urgency: call.urgency };
    this.#readings.set(key, reading);
    flight.outcome.then(
      (value) => {
        this.#land(key, reading, value);
      },
      (error: unknown) => {
        this.#land(key, reading, undefined);
        if (this.#options.isRefusal?.(error) === true) this.#forget(key, flight.beganAtMs);
      },
    );
    return { value: await flight.attend(call.signal), source: "asked" };
  }

  #land(key: string, reading: Reading<Value>, value: Value | undefined): void {
    const { beganAtMs } = reading.flight;
    const isCurrent = this.#readings.get(key) === reading;
    if (isCurrent) this.#readings.delete(key);
    if (value === undefined || this.#options.keepMs === 0) return;
    // One that was overtaken keeps its answer to itself unless something older is kept.
    const newest = this.#kept.peek(key);
    if (newest === undefined ? !isCurrent : newest.beganAtMs >= beganAtMs) return;
    const ttl = this.#options.keepMs - (this.#now() - beganAtMs);
    if (ttl > 0) this.#kept.set(key, { beganAtMs, value }, { ttl });
  }

  /** Forgets what a read has brought that began before `refusedAtMs`. */
  #forget(key: string, refusedAtMs: number): void {
    const kept = this.#kept.peek(key);
    if (kept !== undefined && kept.beganAtMs <= refusedAtMs) this.#kept.delete(key);
  }

  /** @returns undefined when the read failed in a way that does not concern this caller */
  async #join({ flight, urgency }: Reading<Value>, call: SharedReadCall): Promise<Value | undefined> {
    urgency.isUrgent ||= call.urgency.isUrgent;
    try {
      return await flight.attend(call.signal);
    } catch (error) {
      if (!call.signal.aborted && this.#options.isOwnFailure(error)) return undefined;
      throw error;
    }
  }
}
