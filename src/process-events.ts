import { describeUnexpected } from "./telemetry/describe-unexpected.js";
import type { Logger } from "./telemetry/logger.js";
import type { Metrics } from "./telemetry/metrics.js";

/** What the signals to the process ask for. */
export interface StopSignals {
  /** Aborts at the first SIGTERM or SIGINT: stop in peace. */
  readonly stop: AbortSignal;
  /** Aborts at the second: stop now. */
  readonly hurry: AbortSignal;
  /** Gives the signals their usual effect back. */
  readonly dispose: () => void;
}

/**
 * Listens for SIGTERM and SIGINT, and for SIGUSR1, at which Node would open its debugger: on the node's own loopback with
 * the host's network, where every other pod with that network could run code in this process and read what it holds.
 */
export function watchStopSignals(log: Logger): StopSignals {
  const stop = new AbortController();
  const hurry = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    const isFirst = !stop.signal.aborted;
    log.info(0, isFirst ? "Stopping once the running mounts are answered" : "Stopping now", { signal });
    (isFirst ? stop : hurry).abort();
  };
  const onDebugSignal = (): void => {
    log.warn("SIGUSR1 is ignored: no debugger is opened on a process that holds secrets");
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  process.on("SIGUSR1", onDebugSignal);
  return {
    stop: stop.signal,
    hurry: hurry.signal,
    dispose: () => {
      process.off("SIGTERM", onSignal);
      process.off("SIGINT", onSignal);
      process.off("SIGUSR1", onDebugSignal);
    },
  };
}

/**
 * Logs errors that nobody caught, by class and frames, and goes on serving.
 *
 * Node's advice is to end the process, since something may have been left half done. Here going on is the lesser
 * harm: one process serves every pod of the node, and an end would fail each mount in flight, at will for whoever
 * finds a class or an answer that throws in the wrong place. And little can be half done: a mount's state lives in
 * its own promises and is dropped with them, what is shared is replaced whole and never changed in parts, and nothing
 * is written to disk. What such an error does cost is the mount that caused it, which its deadline answers. A process
 * that can do no work at all fails its liveness check, and the kubelet ends it.
 * @returns takes the handlers away again
 */
export function surviveUncaughtErrors(log: Logger, metrics: Metrics): () => void {
  const report = (message: string, error: unknown): void => {
    metrics.countUnexpectedError();
    log.error(message, { ...describeUnexpected(error) });
  };
  const onException = (error: unknown): void => {
    report("An error was not caught; going on. Please report it", error);
  };
  const onRejection = (error: unknown): void => {
    report("A rejected promise was not handled; going on. Please report it", error);
  };
  process.on("uncaughtException", onException);
  process.on("unhandledRejection", onRejection);
  return () => {
    process.off("uncaughtException", onException);
    process.off("unhandledRejection", onRejection);
  };
}
