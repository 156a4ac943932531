import type { Timer, Timers } from "../../../src/offload/timers.js";

interface ManualTimer extends Timer {
  readonly delayMs: number;
  readonly callback: () => void;
}

/** Timers that run out when the test says so. Told apart by their delay. */
export class ManualTimers implements Timers {
  readonly #running = new Set<Timer>();

  start(callback: () => void, delayMs: number): Timer {
    const timer: ManualTimer = { callback, delayMs, unref: () => timer };
    this.#running.add(timer);
    return timer;
  }

  stop(timer: Timer): void {
    this.#running.delete(timer);
  }

  /** Delays of the timers that are running. */
  get delays(): readonly number[] {
    return this.#all().map(({ delayMs }) => delayMs);
  }

  /** Waits until a timer of that delay has been started, then lets it run out. */
  async runOut(delayMs: number): Promise<void> {
    for (;;) {
      const timer = this.#all().find((candidate) => candidate.delayMs === delayMs);
      if (timer !== undefined) {
        this.#running.delete(timer);
        timer.callback();
        return;
      }
      await new Promise(setImmediate);
    }
  }

  #all(): ManualTimer[] {
    return [...this.#running] as ManualTimer[];
  }
}
