import { providerLog } from "./diagnosis.js";

/** One line of the provider's JSON log, as far as tests look into it. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly ts: number;
  readonly level: string;
  readonly msg: string;
  readonly namespace?: string;
  readonly pod?: string;
  /** Of a mount: "OK", or an error's code. */
  readonly code?: string;
  readonly error?: string;
  readonly [field: string]: unknown;
}

/** What the provider has logged of one namespace's pods since a time; it is installed with `logFormatJSON`. */
export async function logOf(namespace: string, since: Date): Promise<LogLine[]> {
  const text = await providerLog(since);
  return text
    .split("\n")
    .filter((line) => line.startsWith("{") && line.includes(namespace))
    .map((line) => JSON.parse(line) as LogLine)
    .filter((line) => line.namespace === namespace)
    .sort((a, b) => a.ts - b.ts);
}

/** The calls of a pod's mounts that went well. */
export function mountsOf(lines: readonly LogLine[], pod: string): LogLine[] {
  return lines.filter((line) => line.msg === "Mounted" && line.pod === pod);
}
