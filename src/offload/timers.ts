export interface Timer {
  /** Lets the process end although the timer is running. */
  unref(): unknown;
}

/** The clock, so that tests need not wait. */
export interface Timers {
  start(callback: () => void, delayMs: number): Timer;
  stop(timer: Timer): void;
}

export const SYSTEM_TIMERS: Timers = {
  start: (callback, delayMs) => setTimeout(callback, delayMs),
  stop: (timer) => {
    clearTimeout(timer as NodeJS.Timeout);
  },
};
