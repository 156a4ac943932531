import type { ProviderRun } from "../provider/provider-run.js";

const LOOK_MS = 250;

/** Looks at a provider's heap every now and then: the lowest is near what is left after a collection. */
export class HeapWatch {
  readonly #provider: ProviderRun;
  readonly #timer: NodeJS.Timeout;
  #lowestMiB: number | undefined;

  constructor(provider: ProviderRun) {
    this.#provider = provider;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  /** Looks a last time. @returns undefined when the provider does not show its heap */
  async lowestMiB(): Promise<number | undefined> {
    await this.#look();
    return this.#lowestMiB;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const heapMiB = await this.#provider.heapMiB();
    if (heapMiB !== undefined) this.#lowestMiB = Math.min(heapMiB, this.#lowestMiB ?? heapMiB);
  }
}
