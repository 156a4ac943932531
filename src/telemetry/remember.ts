/**
 * Wraps an asynchronous read so that callers who come while it runs share it, and those who come within `ttlMs` of
 * its end get the same answer. Failures are remembered alike: whoever hammers a broken thing must not break it more.
 * @param ttlMs - or what makes it of how long the read took
 * @param clock - milliseconds, never going back
 */
export function rememberFor<T>(
  ttlMs: number | ((tookMs: number) => number),
  read: () => Promise<T>,
  clock: () => number = () => performance.now(),
): () => Promise<T> {
  let current: Promise<T> | undefined;
  /** Undefined while the read runs. */
  let untilMs: number | undefined;
  return async () => {
    if (current !== undefined && (untilMs === undefined || clock() < untilMs)) return await current;
    untilMs = undefined;
    const startedAtMs = clock();
    const started = (async () => await read())(); // a read that throws at once rejects as well
    current = started;
    const end = (): void => {
      const endedAtMs = clock();
      untilMs = endedAtMs + (typeof ttlMs === "number" ? ttlMs : ttlMs(endedAtMs - startedAtMs));
    };
    started.then(end, end);
    return await started;
  };
}
