import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /** Default 60,000. */
  readonly limitMs?: number;
  /** Between two looks; default 500. */
  readonly everyMs?: number;
  /** Says more about the failure: what a person would look at. */
  readonly explain?: () => Promise<string>;
}

/**
 * Waits until a look succeeds, and gives what it saw. A look that throws, or sees undefined or false, is repeated; the
 * last reason is in the error.
 * @param what - completes "not within 60 s: …"
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { limitMs = 60_000, everyMs = 500, explain }: WaitOptions = {},
): Promise<T> {
  const endMs = performance.now() + limitMs;
  let reason = "";
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      reason = "";
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > endMs) {
      const more = explain === undefined ? "" : `\n${await explain().catch(String)}`;
      throw new Error(`not within ${Math.round(limitMs / 1000)} s: ${what}${reason && `\n${reason}`}${more}`);
    }
    await sleep(everyMs);
  }
}
