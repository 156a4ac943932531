/** Facts beside a message. Values are printed as they are: never a secret, a token or raw attributes. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** klog's levels: info lines above the process's `-v` are dropped, warnings and errors never are. */
export interface Logger {
  /** @param verbosity - the least `-v` at which the line appears; 0 is always */
  info(verbosity: number, message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line also carries these fields. */
  with(fields: LogFields): Logger;
}
