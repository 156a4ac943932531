/**
 * Work under way that several callers wait for. It belongs to none of them: it goes on when the one that began it leaves,
 * and is stopped when the last one has left.
 */
export class Flight<Value> {
  /** When the work began, in milliseconds on the clock of whoever made this. */
  readonly beganAtMs: number;
  readonly outcome: Promise<Value>;
  readonly #stop = new AbortController();
  #callers = 0;

  /** @param work - its signal aborts when nobody waits any more, with the reason of the last to leave */
  constructor(beganAtMs: number, work: (signal: AbortSignal) => Promise<Value>) {
    this.beganAtMs = beganAtMs;
    this.outcome = work(this.#stop.signal);
    this.outcome.catch(() => undefined); // told to those who wait, if anybody still does
  }

  /** True once everybody has left before the end: nobody may join any more. */
  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /**
   * Waits for the outcome as one of the callers.
   * @throws what the work throws, or the reason of `signal`, which ends the caller's waiting only
   */
  async attend(signal: AbortSignal): Promise<Value> {
    this.#callers += 1;
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => {
        reject(signal.reason as Error);
      };
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([this.outcome, left]);
    } finally {
      signal.removeEventListener("abort", leave);
      this.#callers -= 1;
      if (this.#callers === 0 && signal.aborted) this.#stop.abort(signal.reason);
    }
  }

  /** Waits until the work has ended, well or not, without being one of its callers. @returns false after `limitMs` */
  outlast(limitMs: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (hasEnded: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onEnd);
        resolve(hasEnded);
      };
      const onEnd = (): void => {
        end(true);
      };
      const timer = setTimeout(end, limitMs, false);
      signal.addEventListener("abort", onEnd, { once: true });
      this.outcome.then(onEnd, onEnd);
    });
  }
}
