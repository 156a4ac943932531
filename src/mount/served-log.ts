import type { ServedRead } from "../keyvault/shared-vaults.js";
import { printable } from "../model/quote.js";
import type { Logger } from "../telemetry/logger.js";

/** Objects on one line, so that none is too long for a collector of logs. */
const OBJECTS_PER_LINE = 20;
const MAX_NAME_LENGTH = 127;

/**
 * Ties a mount to the vault's own audit log: each object with where its value came from and the request id of the answer
 * that brought it. First mounts are logged always; remounts, of which there are dozens an hour a pod, from `-v=2` on.
 */
export function logServed(
  log: Logger,
  served: readonly ServedRead[],
  { vault, isStarting }: { readonly vault: string; readonly isStarting: boolean },
): void {
  for (let start = 0; start < served.length; start += OBJECTS_PER_LINE) {
    const objects = served
      .slice(start, start + OBJECTS_PER_LINE)
      .map(describe)
      .join(" ");
    log.info(isStarting ? 0 : 2, "Objects served", { vault, objects });
  }
}

/** `secret/db:<version>=vault:<request id>` */
function describe({ reference: { type, name, version }, from, requestId }: ServedRead): string {
  return `${type}/${printable(name, MAX_NAME_LENGTH)}:${printable(version)}=${from}:${requestId ?? "-"}`;
}
