import type { ServedRead } from "../keyvault/shared-vaults.js";
import { printable } from "../model/quote.js";
import { MAX_OBJECT_NAME_LENGTH } from "../parameters/object-rules.js";
import type { Logger } from "../telemetry/logger.js";

/** Objects on one line, so that none is too long for a collector of logs. */
const OBJECTS_PER_LINE = 20;

/**
 * Ties a mount to the vault's own audit log: each object with where its value came from and the request id of the answer
 * that brought it. Written for first mounts, and for remounts that any read was made for; remounts that were answered
 * from memory alone, of which there are dozens an hour a pod, from `-v=2` on.
 */
export function logServed(
  log: Logger,
  served: readonly ServedRead[],
  { vault, isStarting }: { readonly vault: string; readonly isStarting: boolean },
): void {
  const isNews = isStarting || served.some(({ from }) => from !== "cache");
  for (let start = 0; start < served.length; start += OBJECTS_PER_LINE) {
    const objects = served
      .slice(start, start + OBJECTS_PER_LINE)
      .map(describe)
      .join(" ");
    log.info(isNews ? 0 : 2, "Objects served", { vault, objects });
  }
}

/** `secret/db:<version>=vault:<request id>`; a list of versions is `secret/db:versions=…` */
function describe({ reference: { type, name, version }, from, requestId }: ServedRead): string {
  const what = version === undefined ? "versions" : printable(version);
  return `${type}/${printable(name, MAX_OBJECT_NAME_LENGTH)}:${what}=${from}:${requestId ?? "-"}`;
}
