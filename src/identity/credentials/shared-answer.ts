/**
 * One question that many callers ask: the first starts it, the others wait for the same answer, and that is remembered
 * until it is forgotten. A failure is passed to those who wait and not remembered. The question belongs to no caller, so
 * none can cancel it: it must end by itself.
 */
export class SharedAnswer<Answer> {
  readonly #ask: () => Promise<Answer>;
  #pending: Promise<Answer> | undefined;
  #known: { readonly answer: Answer } | undefined;

  constructor(ask: () => Promise<Answer>) {
    this.#ask = ask;
  }

  get(): Promise<Answer> {
    if (this.#known !== undefined) return Promise.resolve(this.#known.answer);
    return (this.#pending ??= this.#start());
  }

  /** Asks anew next time, if this is still the answer: a late complaint does not drop a newer one. */
  forget(answer: Answer): void {
    if (this.#known?.answer === answer) this.#known = undefined;
  }

  async #start(): Promise<Answer> {
    try {
      const answer = await this.#ask();
      this.#known = { answer };
      return answer;
    } finally {
      this.#pending = undefined;
    }
  }
}
