/** Stands for every value beyond the limit. */
export const OTHER = "other";

/**
 * Bounds the values of one metric label that people outside choose: the first `limit` distinct values are shown as
 * they are, every later one is `other`, for the life of the process. Each series costs memory here and in every
 * Prometheus that scrapes it.
 */
export class BoundedLabel {
  readonly #limit: number;
  readonly #maxLength: number;
  readonly #seen = new Set<string>();

  /**
   * @param limit - how many distinct values may be shown
   * @param maxLength - a longer value is `other`; Key Vault's longest name has 127 characters
   */
  constructor(limit = 1000, maxLength = 127) {
    this.#limit = limit;
    this.#maxLength = maxLength;
  }

  /**
   * The value to show.
   * @param context - the series' other labels: a value counts once for each, so that the number of series is
   *   bounded and not only the number of values
   */
  value(text: string, context = ""): string {
    if (text.length > this.#maxLength) return OTHER;
    const key = `${context}\u0000${text}`;
    if (this.#seen.has(key)) return text;
    if (this.#seen.size >= this.#limit) return OTHER;
    this.#seen.add(key);
    return text.replace(/\p{Surrogate}/gu, "\ufffd");
  }
}
