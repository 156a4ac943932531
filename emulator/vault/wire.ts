import type { StoredVersion } from "./stored-object.js";

/** How long a deleted object of a vault may be recovered: part of every `attributes`. */
export interface Recovery {
  readonly level: string;
  readonly days: number;
}

/** `attributes` as the service writes them: those that are not set are left out. */
export function wireAttributes(version: StoredVersion<unknown>, recovery: Recovery): Record<string, unknown> {
  return {
    enabled: version.enabled,
    ...(version.notBefore === undefined ? {} : { nbf: version.notBefore }),
    ...(version.expires === undefined ? {} : { exp: version.expires }),
    created: version.created,
    updated: version.updated,
    recoveryLevel: recovery.level,
    recoverableDays: recovery.days,
  };
}
