import type { ErrorCode } from "../errors/codes.js";
import { type ClassPlace, CollectedErrors, ProviderError } from "../errors/provider-error.js";

/** Most problems that one answer names. An event of a pod shows about 1,000 characters; the log shows more. */
export const MAX_SHOWN_PROBLEMS = 50;

/** Collects what is wrong with a class, so that its author mends it once. */
export class Problems {
  readonly #errors: ProviderError[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(code: ErrorCode, message: string, place?: ClassPlace): void {
    this.#count += 1;
    if (this.#errors.length < MAX_SHOWN_PROBLEMS)
      this.#errors.push(new ProviderError(code, message, { place }));
  }

  /** @throws {CollectedErrors} when there is any problem, with its code, or the first one's */
  throwIfAny(): void {
    const [first, ...others] = this.#errors;
    if (first === undefined) return;
    const shown = this.#count > this.#errors.length ? `, the first ${this.#errors.length} of them` : "";
    throw new CollectedErrors(`the SecretProviderClass has ${this.#count} problems${shown}`, [
      first,
      ...others,
    ]);
  }
}
