import type { LookupAddress } from "node:dns";

/** What a name resolves to. */
export interface Resolution {
  /** One or more. */
  readonly addresses: readonly LookupAddress[];
  /** How long this may be used. */
  readonly ttlMs: number;
}

/** The name does not exist, or has no address. */
export const NOT_FOUND = "ENOTFOUND";
/** There was no answer, or none that says anything. */
export const TRY_AGAIN = "EAI_AGAIN";

/** A name that was not resolved. */
export class ResolutionError extends Error {
  /** As getaddrinfo names it. */
  readonly code: typeof NOT_FOUND | typeof TRY_AGAIN;

  constructor(code: ResolutionError["code"]) {
    super(code === NOT_FOUND ? "the name does not exist" : "the name cannot be resolved now");
    this.name = "ResolutionError";
    this.code = code;
  }
}
