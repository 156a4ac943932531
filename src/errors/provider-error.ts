import type { ErrorCode } from "./codes.js";

/** Where in a SecretProviderClass something is wrong. */
export interface ClassPlace {
  /** Key of `spec.parameters`. */
  readonly parameter: string;
  /** Of `objects`: which of them, from 0. */
  readonly index?: number;
  /** Of that object: which field. */
  readonly field?: string;
}

export interface ProviderErrorOptions {
  /** What threw first. It is never printed: it may quote a value. */
  readonly cause?: unknown;
  /** What the service that refused calls the request in its own log. */
  readonly serviceId?: string | undefined;
  /** For whoever shows the class beside the error; the message names it in words. */
  readonly place?: ClassPlace | undefined;
}

/**
 * An error that a person can act on. Its message says what was seen and what to change, and is safe to show: it
 * never holds a secret's value, a token or a parser's excerpt of one.
 */
export class ProviderError extends Error {
  readonly code: ErrorCode;
  /** For our log and for the service's support; not in the message, or no two events of a pod would be alike. */
  readonly serviceId: string | undefined;
  readonly place: ClassPlace | undefined;

  constructor(code: ErrorCode, message: string, options: ProviderErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ProviderError";
    this.code = code;
    this.serviceId = options.serviceId;
    this.place = options.place;
  }
}

/**
 * Several failures of one Mount, in the order of the class. Takes its code from the first; with a single one, its
 * message is that one's message.
 */
export class CollectedErrors extends ProviderError {
  /** 1 or more. */
  readonly errors: readonly ProviderError[];

  /**
   * @param headline - what failed in all, for example `2 of 5 objects failed`; shown only before two or more
   */
  constructor(headline: string, errors: readonly [ProviderError, ...ProviderError[]]) {
    const [first] = errors;
    super(
      first.code,
      errors.length === 1
        ? first.message
        : `${headline}: ${errors.map((error, i) => `(${String(i + 1)}) ${error.message}`).join("; ")}`,
    );
    this.name = "CollectedErrors";
    this.errors = errors;
  }
}

/** What services call the requests that an error comes from, in the order of its failures; each once, at most `limit`. */
export function serviceIdsOf(error: unknown, limit: number): readonly string[] {
  const ids = new Set<string>();
  const look = (at: unknown): void => {
    if (!(at instanceof ProviderError) || ids.size >= limit) return;
    if (at.serviceId !== undefined) ids.add(at.serviceId);
    if (at instanceof CollectedErrors) at.errors.forEach(look);
    look(at.cause);
  };
  look(error);
  return [...ids];
}
