import type { ApiVersion } from "./api-version.js";
import type { StoredVersion } from "./stored-object.js";

/** A JSON object of an answer. */
export type Wire = Readonly<Record<string, unknown>>;

/** How long a deleted object of a vault may be recovered: part of every `attributes`. */
export interface Recovery {
  readonly level: string;
  readonly days: number;
}

/** What an answer depends on besides the object. */
export interface Place {
  /** `https://<host as the client named it>`: what ids begin with. */
  readonly origin: string;
  readonly recovery: Recovery;
  readonly apiVersion: ApiVersion;
}

/** `attributes` as the service writes them: those that are not set are left out. */
export function wireAttributes(version: StoredVersion<unknown>, recovery: Recovery): Wire {
  return {
    ...listAttributes(version),
    recoveryLevel: recovery.level,
    recoverableDays: recovery.days,
  };
}

/** `attributes` without the recovery level, as lists of certificates have them. */
export function listAttributes(version: StoredVersion<unknown>): Wire {
  return {
    enabled: version.enabled,
    ...(version.notBefore === undefined ? {} : { nbf: version.notBefore }),
    ...(version.expires === undefined ? {} : { exp: version.expires }),
    created: version.created,
    updated: version.updated,
  };
}
