import type { ReadPfx } from "../content/to-files.js";
import { ProviderError } from "../errors/provider-error.js";
import type { VaultValue } from "../model/vault-value.js";

type Outcome = { readonly contents: Awaited<ReturnType<ReadPfx>> } | { readonly failure: ProviderError };

/**
 * What the PFX of a value holds, remembered for as long as somebody else keeps that very value: opening one takes
 * thousands of rounds of hashing, and a remount that is answered from memory brings the same one again.
 */
export class OpenedPfx {
  readonly #opened = new WeakMap<VaultValue, Outcome>();

  /** Opens a value's PFX with `readPfx`, or tells how that went before. */
  reader(value: VaultValue, readPfx: ReadPfx): ReadPfx {
    return async (pfx) => {
      const known = this.#opened.get(value);
      const outcome = known ?? (await open(pfx, readPfx));
      this.#opened.set(value, outcome);
      if ("failure" in outcome) throw outcome.failure;
      return outcome.contents;
    };
  }
}

/** @throws whatever says nothing of the PFX itself: a caller that gave up, workers that have too much to do */
async function open(pfx: Uint8Array, readPfx: ReadPfx): Promise<Outcome> {
  try {
    return { contents: await readPfx(pfx) };
  } catch (error) {
    if (error instanceof ProviderError && error.code.startsWith("CONTENT_")) return { failure: error };
    throw error;
  }
}
