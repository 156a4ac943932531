/**
 * Wraps an asynchronous read so that callers who come while it runs share it, and those who come within `ttlMs` of
 * its end get the same answer. Failures are remembered alike: whoever hammers a broken thing must not break it more.
 * @param clock - milliseconds, never going back
 */
export function rememberFor<T>(
  ttlMs: number,
  read: () => Promise<T>,
  clock: () => number = () => performance.now(),
): () => Promise<T> {
  let current: Promise<T> | undefined;
  let endedAtMs: number | undefined;
  return async () => {
    if (current !== undefined && (endedAtMs === undefined || clock() - endedAtMs < ttlMs))
      return await current;
    endedAtMs = undefined;
    const started = (async () => await read())(); // a read that throws at once rejects as well
    current = started;
    const end = (): void => {
      endedAtMs = clock();
    };
    started.then(end, end);
    return await started;
  };
}
