import { type Place, type Waiting, WaitingLine } from "./waiting-line.js";

export interface ThrottleGateOptions {
  /** Requests a second that are let through at most; 0: as many as come. Default 0. */
  readonly maxPerSecond?: number;
  /** Places in the waiting line. Default 2,000, and 500 for one principal. */
  readonly maxWaiting?: number;
  readonly maxWaitingPerPrincipal?: number;
  /** The longest that one who is not urgent waits behind the urgent ones. Default 30,000. */
  readonly patienceMs?: number;
  /** Longest time that a Retry-After closes the gate for. Default 60,000. */
  readonly maxRetryAfterMs?: number;
  /** Without Retry-After: the first wait, doubled with each refusal, and the longest. Default 1,000 and 30,000. */
  readonly baseDelayMs?: number;
  readonly maxDelayMs?: number;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly now?: () => number;
  /** 0 up to 1. Default: Math.random. */
  readonly random?: () => number;
}

/** Leave to send one request. Exactly one of its methods is to be called, once. */
export interface Pass {
  /** The service has answered: anything but a refusal for want of capacity. */
  done(): void;
  /** No answer came, or nobody waited for it: says nothing of how much the service takes. */
  unanswered(): void;
  /**
   * The service refuses because it is asked too much.
   * @param retryAfterMs - undefined when it does not say how long
   * @param answer - for messages: `HTTP 429`
   * @returns whether it closed the gate; else a request that was out at the same time had done so
   */
  throttled(retryAfterMs: number | undefined, answer: string): boolean;
}

/** Why nothing is asked, and for how long. */
export interface Closed {
  readonly forMs: number;
  /** What the service answered last: `HTTP 429`; empty when it has refused nothing. */
  readonly answer: string;
  /** Requests that wait in line. */
  readonly waiting: number;
}

/** A throttling this long ago, in milliseconds, says nothing any more: the next request finds out. */
const FORGET_AFTER_MS = 10 * 60_000;
/** Passes that may be out at a time after a throttling, growing with each answer; beyond it they are not counted. */
const FULL_WINDOW = 64;

/**
 * Stands before one service that limits how much it is asked. A refusal closes it: for the time that the service asks for,
 * else for one that doubles with each refusal, with jitter. Then a single request probes. If it is answered, one more is
 * let out with each answer, so that those who waited do not all come at once and are refused anew.
 *
 * Those who wait are served in turn; see {@link WaitingLine}.
 */
export class ThrottleGate {
  readonly #options: ThrottleGateOptions;
  readonly #now: () => number;
  readonly #line: WaitingLine;
  readonly #watchers = new Set<() => void>();
  #closedUntilMs = 0;
  /** Passes that may be out; Infinity while nothing was refused. */
  #window = Infinity;
  /** Of this epoch. */
  #out = 0;
  #refusals = 0;
  #lastRefusal = "";
  /** Counts closings: a refusal of a request that was sent before the last one says nothing new. */
  #epoch = 0;
  #tokens: number;
  #tokensAtMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ThrottleGateOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#line = new WaitingLine({
      maxPerPrincipal: options.maxWaitingPerPrincipal ?? 500,
      maxAll: options.maxWaiting ?? 2_000,
      patienceMs: options.patienceMs ?? 30_000,
    });
    this.#tokens = options.maxPerSecond ?? 0;
    this.#tokensAtMs = this.#now();
  }

  /** Milliseconds until a request may be sent again; 0 while the gate is open. */
  get closedForMs(): number {
    return Math.max(0, this.#closedUntilMs - this.#now());
  }

  get waiting(): number {
    return this.#line.length;
  }

  get state(): Closed {
    return { forMs: this.closedForMs, answer: this.#lastRefusal, waiting: this.#line.length };
  }

  /** Whether it holds nothing that a new gate would not have. */
  get isIdle(): boolean {
    return (
      this.#out === 0 &&
      this.#line.length === 0 &&
      this.#watchers.size === 0 &&
      (this.#window === Infinity || this.#now() - this.#closedUntilMs > FORGET_AFTER_MS) &&
      this.closedForMs === 0 &&
      this.#refilled() >= (this.#options.maxPerSecond ?? 0)
    );
  }

  /**
   * Waits for leave to send a request.
   * @returns undefined when the line is full, also where that is found later, or `signal` has aborted
   */
  enter(place: Place, signal?: WaitingSignal): Promise<Pass | undefined> {
    if (signal?.aborted === true) return Promise.resolve(undefined);
    if (this.#line.length === 0 && this.#mayPass()) return Promise.resolve(this.#givePass());
    return new Promise((resolve) => {
      const waiting: Waiting = {
        ...place,
        sinceMs: this.#now(),
        admit: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve(this.#givePass());
        },
        dismiss: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve(undefined);
        },
      };
      const onAbort = (): void => {
        this.#line.leave(waiting);
        resolve(undefined);
      };
      if (!this.#line.join(waiting)) {
        resolve(undefined);
        return;
      }
      signal?.addEventListener("abort", onAbort);
      this.#admitNext();
    });
  }

  /** Calls `tell` whenever the gate closes, and at once when it is closed. @returns ends it */
  watch(tell: (closed: Closed) => void): () => void {
    const watcher = (): void => {
      tell(this.state);
    };
    this.#watchers.add(watcher);
    if (this.closedForMs > 0) watcher();
    return () => this.#watchers.delete(watcher);
  }

  #mayPass(): boolean {
    return this.closedForMs === 0 && this.#out < this.#window && this.#refilled() >= 1;
  }

  #givePass(): Pass {
    const { maxPerSecond = 0 } = this.#options;
    if (maxPerSecond > 0) {
      this.#tokens = this.#refilled() - 1;
      this.#tokensAtMs = this.#now();
    }
    this.#out += 1;
    const epoch = this.#epoch;
    return {
      done: () => {
        if (epoch === this.#epoch) {
          this.#out -= 1;
          this.#refusals = 0;
          this.#window = this.#window < FULL_WINDOW ? this.#window + 1 : Infinity;
        }
        this.#admitNext();
      },
      unanswered: () => {
        if (epoch === this.#epoch) this.#out -= 1;
        this.#admitNext();
      },
      throttled: (askedMs, answer) => {
        this.#lastRefusal = answer;
        const isNews = epoch === this.#epoch;
        this.#close(epoch, askedMs);
        this.#admitNext();
        return isNews;
      },
    };
  }

  #close(epoch: number, askedMs: number | undefined): void {
    const isNews = epoch === this.#epoch;
    if (!isNews && askedMs === undefined) return;
    if (isNews) {
      this.#epoch += 1;
      this.#refusals += 1;
      this.#window = 1;
      this.#out = 0; // those still out are of the time before, and no probes
    }
    const untilMs = this.#now() + this.#delay(askedMs);
    if (untilMs <= this.#closedUntilMs) return;
    this.#closedUntilMs = untilMs;
    for (const watcher of [...this.#watchers]) watcher();
  }

  #delay(askedMs: number | undefined): number {
    const { maxRetryAfterMs = 60_000 } = this.#options;
    if (askedMs === undefined) return this.#backOff(this.#refusals);
    const asked = Math.min(askedMs, maxRetryAfterMs);
    // Who waited for as long as was asked and is refused again does not ask at the same pace for ever.
    return this.#refusals > 1 ? Math.max(asked, this.#backOff(this.#refusals - 1)) : asked;
  }

  #backOff(refusals: number): number {
    const { baseDelayMs = 1_000, maxDelayMs = 30_000 } = this.#options;
    const fullMs = Math.min(baseDelayMs * 2 ** (refusals - 1), maxDelayMs);
    return (fullMs / 2) * (1 + (this.#options.random ?? Math.random)());
  }

  #refilled(): number {
    const { maxPerSecond = 0 } = this.#options;
    if (maxPerSecond === 0) return Infinity;
    const sinceMs = this.#now() - this.#tokensAtMs;
    return Math.min(Math.max(1, maxPerSecond), this.#tokens + (sinceMs / 1_000) * maxPerSecond);
  }

  #admitNext(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#line.length > 0 && this.#mayPass()) this.#line.next(this.#now())?.admit();
    if (this.#line.length === 0 || this.#out >= this.#window) return; // else the next pass that comes back goes on
    this.#timer = setTimeout(
      () => {
        this.#admitNext();
      },
      Math.ceil(Math.max(1, this.closedForMs, this.#untilTokenMs())),
    );
    this.#timer.unref(); // whoever waits has a call that keeps the process
  }

  #untilTokenMs(): number {
    const { maxPerSecond = 0 } = this.#options;
    return maxPerSecond === 0 ? 0 : ((1 - this.#refilled()) / maxPerSecond) * 1_000;
  }
}

/** The part of an AbortSignal that the SDK's own type has too. */
export interface WaitingSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
