import { escapeLogText, type LogScalar } from "./log-text.js";

/** klog's severities; `E` is what people search for. */
export type KlogSeverity = "I" | "W" | "E";

export interface KlogEntry {
  readonly severity: KlogSeverity;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  readonly processId: number;
  readonly message: string;
  readonly fields: readonly (readonly [string, LogScalar])[];
}

/**
 * klog names the Go file and line that wrote the line, and its readers want the place filled. One bundled file has
 * no such place worth naming.
 */
const SOURCE = "provider.js:0";

/**
 * One line as klog's structured logging prints it, newline included:
 * `I1124 07:54:40.123000       1 provider.js:0] "Serving" endpoint="unix:///tmp/azure.sock"`. Times are local, as
 * klog's are; the clock counts milliseconds, klog's place has six digits.
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-instrumentation/logging.md
 */
export function formatKlogLine({ severity, timeMs, processId, message, fields }: KlogEntry): string {
  const header = `${severity}${formatTime(timeMs)} ${String(processId).padStart(7)} ${SOURCE}]`;
  const pairs = fields.map(
    ([key, value]) => ` ${key}=${typeof value === "string" ? quote(value) : String(value)}`,
  );
  return `${header} ${quote(message)}${pairs.join("")}\n`;
}

function quote(text: string): string {
  return `"${escapeLogText(text)}"`;
}

function formatTime(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = two(time.getMonth() + 1) + two(time.getDate());
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return `${day} ${clock}.${String(time.getMilliseconds()).padStart(3, "0")}000`;
}
