import type { LogFields, Logger } from "../../../src/telemetry/logger.js";

/** A logger that keeps what it is told, one JSON line each. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = [];

  info(verbosity: number, message: string, fields: LogFields = {}): void {
    this.lines.push(JSON.stringify({ level: `info ${String(verbosity)}`, message, ...fields }));
  }

  warn(message: string, fields: LogFields = {}): void {
    this.lines.push(JSON.stringify({ level: "warn", message, ...fields }));
  }

  error(message: string, fields: LogFields = {}): void {
    this.lines.push(JSON.stringify({ level: "error", message, ...fields }));
  }

  with(): Logger {
    return this;
  }
}
