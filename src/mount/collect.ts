import { setMaxListeners } from "node:events";
import { CollectedErrors, ProviderError } from "../errors/provider-error.js";

/**
 * Runs every task, then answers with all results or with every failure, both in the order of the tasks. A failed
 * task does not stop the others: a person mends a class once, not once for each object. What does stop them is
 * `signal`, whose reason is then thrown, and a failure that `isFatal` names.
 * @param describe - the headline over two or more failures
 * @param tasks - each gets a signal that aborts when the rest is pointless
 * @throws {ProviderError} the abort reason, the fatal failure, or {@link CollectedErrors}
 */
export async function collect<Result>(
  tasks: readonly ((signal: AbortSignal) => Promise<Result>)[],
  options: {
    readonly signal: AbortSignal;
    readonly isFatal: (error: Error) => boolean;
    readonly describe: (failed: number, all: number) => string;
  },
): Promise<Result[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  setMaxListeners(0, signal); // each task listens to it
  const fatal: { error?: Error } = {};

  const outcomes = await Promise.allSettled(
    tasks.map(async (task) => {
      try {
        return await task(signal);
      } catch (error) {
        if (!signal.aborted && error instanceof Error && options.isFatal(error)) {
          fatal.error = error;
          stop.abort(error);
        }
        throw error;
      }
    }),
  );

  options.signal.throwIfAborted();
  if (fatal.error !== undefined) throw fatal.error;

  const failures = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as Error] : [],
  );
  const unexpected = failures.find((failure) => !(failure instanceof ProviderError));
  if (unexpected !== undefined) throw unexpected;
  const [first, ...others] = failures.filter((failure) => failure instanceof ProviderError);
  if (first !== undefined) {
    throw new CollectedErrors(options.describe(others.length + 1, tasks.length), [first, ...others]);
  }
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}
