import { inspect } from "node:util";

const REDACTED = "[redacted]";

/**
 * Holds a value that must never be shown: a token, a client secret, a secret's value. Printing, inspecting,
 * logging or serialising it yields `[redacted]`; only {@link Sensitive.reveal} gives the value, so each place
 * that handles the plain text can be found by that name.
 */
export class Sensitive<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The plain value. Call it where the value is used, not where it is passed on. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
