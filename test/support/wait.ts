import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits for what must come to pass.
 * @param options.everyMs - between two looks; default 20
 * @throws Error that names it, after `limitMs` (default 10,000)
 */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  { limitMs = 10_000, everyMs = 20 } = {},
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(everyMs);
  }
}
