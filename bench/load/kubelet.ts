const FIRST_DELAY_MS = 500;
/** Two minutes and two seconds. */
const LONGEST_DELAY_MS = 122_000;

/**
 * How long the kubelet waits before it tries a volume again: 0.5 s, 1 s, 2 s, 4 s … 122 s.
 * @param failures - how often in a row it has failed, 1 or more
 * @see pkg/util/goroutinemap/exponentialbackoff of Kubernetes
 */
export function retryDelayMs(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
}

export interface RetrySetting {
  /** Milliseconds, of any epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** When to give up, by `now`. */
  readonly untilMs: number;
}

/**
 * Calls until it goes well, as the kubelet does for a starting pod.
 * @param attempt - false when the call failed
 * @returns false when the next try would begin after `untilMs`
 */
export async function untilMounted(attempt: () => Promise<boolean>, setting: RetrySetting): Promise<boolean> {
  for (let failures = 1; !(await attempt()); failures += 1) {
    const delayMs = retryDelayMs(failures);
    if (setting.now() + delayMs > setting.untilMs) return false;
    await setting.sleep(delayMs);
  }
  return true;
}
