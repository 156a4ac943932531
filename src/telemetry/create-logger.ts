import { pino, type DestinationStream, type Logger as PinoLogger } from "pino";
import { formatKlogLine, type KlogSeverity } from "./klog-line.js";
import { openLogOutput, type LogOutput } from "./log-output.js";
import { boundLogFields, boundLogText, escapeJsonLine, type LogScalar } from "./log-text.js";
import type { LogFields, Logger } from "./logger.js";

export interface LoggerOptions {
  /** Info lines above it are dropped; klog's `-v`. */
  readonly verbosity: number;
  /** One JSON object a line instead of klog's text. */
  readonly json: boolean;
  /** Where lines go; by default standard output and standard error. */
  readonly write?: { readonly out: LogOutput; readonly err: LogOutput };
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Names that a JSON line uses itself. A field of such a name gets a `_` behind it. */
const RESERVED: ReadonlySet<string> = new Set(["ts", "level", "v", "msg"]);
const ERROR_LEVEL = 50;
const SEVERITIES: ReadonlyMap<number, KlogSeverity> = new Map([
  [30, "I"],
  [40, "W"],
  [ERROR_LEVEL, "E"],
]);

/**
 * The process's logger. Text lines look like klog's and all go to standard error. JSON lines carry the keys of
 * Kubernetes' own JSON format, `ts` (milliseconds since the epoch), `v` (info lines only) and `msg`, and `level`;
 * errors go to standard error, the rest to standard output. Logging never throws and never waits.
 */
export function createLogger(options: LoggerOptions): Logger {
  const write = options.write ?? { out: openLogOutput(1), err: openLogOutput(2) };
  const clock = options.clock ?? Date.now;
  const destination = options.json ? jsonDestination(write) : klogDestination(write.err, clock);
  const sink = pino(
    {
      base: null,
      messageKey: "msg",
      timestamp: () => `,"ts":${clock()}`,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  );
  return new BoundedLogger(sink, options.verbosity, {});
}

class BoundedLogger implements Logger {
  readonly #sink: PinoLogger;
  readonly #verbosity: number;
  readonly #context: LogFields;

  constructor(sink: PinoLogger, verbosity: number, context: LogFields) {
    this.#sink = sink;
    this.#verbosity = verbosity;
    this.#context = context;
  }

  info(verbosity: number, message: string, fields: LogFields = {}): void {
    if (verbosity > this.#verbosity) return;
    this.#sink.info({ v: verbosity, ...this.#bound(fields) }, boundLogText(message));
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#sink.warn(this.#bound(fields), boundLogText(message));
  }

  error(message: string, fields: LogFields = {}): void {
    this.#sink.error(this.#bound(fields), boundLogText(message));
  }

  with(fields: LogFields): Logger {
    return new BoundedLogger(this.#sink, this.#verbosity, { ...this.#context, ...fields });
  }

  #bound(fields: LogFields): Record<string, LogScalar> {
    return Object.fromEntries(boundLogFields({ ...this.#context, ...fields }, RESERVED));
  }
}

/** What pino leaves on a destination before it writes, when the destination asks for it. */
interface PinoMetadata {
  lastLevel: number;
  lastMsg: string;
  lastObj: Record<string, LogScalar>;
}

/** pino's own mark: with it a destination sees the level, message and fields that a line was made of. */
const WANTS_METADATA = Symbol.for("pino.metadata");

function klogDestination(err: LogOutput, clock: () => number): DestinationStream {
  return {
    [WANTS_METADATA]: true,
    write(this: PinoMetadata) {
      err(
        formatKlogLine({
          severity: SEVERITIES.get(this.lastLevel) ?? "I",
          timeMs: clock(),
          processId: process.pid,
          message: this.lastMsg,
          // klog's text has no place for the verbosity.
          fields: Object.entries(this.lastObj).filter(([key]) => key !== "v"),
        }),
      );
    },
  } as DestinationStream;
}

function jsonDestination(write: { readonly out: LogOutput; readonly err: LogOutput }): DestinationStream {
  return {
    [WANTS_METADATA]: true,
    write(this: PinoMetadata, line: string) {
      const output = this.lastLevel >= ERROR_LEVEL ? write.err : write.out;
      output(`${escapeJsonLine(line.trimEnd())}\n`);
    },
  } as DestinationStream;
}
