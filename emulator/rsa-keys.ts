import { generateKeyPair, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";

export interface RsaKeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const BITS = 2048;

/**
 * RSA-2048 keys, of which the first few are made ahead of time on Node's thread pool: one takes 50 to 300 ms, too long
 * to hold up the start.
 */
export class RsaKeys {
  readonly #ready: RsaKeyPair[] = [];
  readonly #coming: Promise<void>[];

  /** @param ahead - how many to begin at once */
  constructor(ahead: number) {
    this.#coming = Array.from({ length: ahead }, async () => {
      this.#ready.push(await generate());
    });
  }

  /** A key that nobody else has, made on the spot when none is ready or another size is asked for. */
  take(bits = BITS): RsaKeyPair {
    const ready = bits === BITS ? this.#ready.shift() : undefined;
    return ready ?? generateKeyPairSync("rsa", { modulusLength: bits });
  }

  /** A key that nobody else has, without blocking the event loop. */
  async takeAsync(): Promise<RsaKeyPair> {
    if (this.#ready.length === 0 && this.#coming.length > 0) await Promise.race(this.#coming);
    return this.#ready.shift() ?? (await generate());
  }
}

function generate(): Promise<RsaKeyPair> {
  return new Promise((resolve, reject) => {
    generateKeyPair("rsa", { modulusLength: BITS }, (error, publicKey, privateKey) => {
      if (error === null) resolve({ publicKey, privateKey });
      else reject(error);
    });
  });
}
