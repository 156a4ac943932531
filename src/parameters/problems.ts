import type { ErrorCode } from "../errors/codes.js";
import { CollectedErrors, ProviderError } from "../errors/provider-error.js";

/** Most problems that one answer names; an event of a pod holds about 1,000 characters anyway. */
const MAX_PROBLEMS = 20;

/** Collects what is wrong with a class, so that all of it is said at once. */
export class Problems {
  readonly #errors: ProviderError[] = [];
  #more = 0;

  add(code: ErrorCode, message: string): void {
    if (this.#errors.length < MAX_PROBLEMS) this.#errors.push(new ProviderError(code, message));
    else this.#more += 1;
    return undefined;
  }

  /** @throws {CollectedErrors} when there is any problem */
  throwIfAny(): void {
    const [first, ...others] = this.#errors;
    if (first === undefined) return;
    const count = this.#errors.length + this.#more;
    const shown = this.#more === 0 ? "" : `, of which the first ${MAX_PROBLEMS} are shown`;
    throw new CollectedErrors(`the SecretProviderClass has ${count} problems${shown}`, [first, ...others]);
  }
}
