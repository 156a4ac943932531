/**
 * The empty password, which Key Vault's PFX files have, in the two ways that writers encode it for PKCS#12 key
 * derivation: RFC 7292 ends each password with a zero character, so that an empty one has two bytes; some write none.
 * The first that opens a part of the file holds for the rest of it.
 * @see RFC 7292 appendix B.1
 */
export class EmptyPassword {
  #encodings: readonly Uint8Array[] = [new Uint8Array(2), new Uint8Array(0)];

  /** @returns the first defined answer; undefined when no encoding gives one */
  open<T>(attempt: (password: Uint8Array) => T | undefined): T | undefined {
    for (const encoding of this.#encodings) {
      const opened = attempt(encoding);
      if (opened === undefined) continue;
      this.#encodings = [encoding];
      return opened;
    }
    return undefined;
  }
}
