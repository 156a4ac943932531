/**
 * Collects a body into one buffer that grows by doubling. Keeping the chunks instead would let a server that sends
 * single bytes cost some hundred bytes of memory for each.
 */
export class BoundedText {
  readonly #maxBytes: number;
  #buffer: Buffer;
  #length = 0;

  /** @param maxBytes - the most that it takes */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#buffer = Buffer.allocUnsafe(Math.min(maxBytes, 4_096));
  }

  /** Takes a chunk; false when it would go beyond the limit, and then nothing of it is kept. */
  append(chunk: Uint8Array): boolean {
    const needed = this.#length + chunk.byteLength;
    if (needed > this.#maxBytes) return false;
    if (needed > this.#buffer.byteLength) {
      const grown = Buffer.allocUnsafe(
        Math.min(this.#maxBytes, Math.max(needed, this.#buffer.byteLength * 2)),
      );
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
    return true;
  }

  /** What has come so far, as UTF-8. */
  text(): string {
    return this.#buffer.toString("utf8", 0, this.#length);
  }
}
