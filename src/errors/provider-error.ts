import type { ErrorCode } from "./codes.js";

export interface ProviderErrorOptions {
  /** What threw first. It is never printed: it may quote a value. */
  readonly cause?: unknown;
}

/**
 * An error that a person can act on. Its message says what was seen and what to change, and is safe to show: it
 * never holds a secret's value, a token or a parser's excerpt of one.
 */
export class ProviderError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options: ProviderErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ProviderError";
    this.code = code;
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
