/** Making a context of a thousand takes half a second, in which nothing else runs; a system has some 150. */
export const MAX_AUTHORITIES = 1_000;
/** Of all files together: reading holds the process up. */
export const MAX_BYTES = 16 * 1024 * 1024;

/** A body of base64 only: a file full of opening lines is read in linear time. */
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** Certificates by their base64 body, so that one found twice (bundle and folder) is kept once. */
export class AuthoritySet {
  readonly #seen = new Set<string>();
  readonly #added: string[] = [];
  #isFull = false;
  #bytes = 0;

  constructor(known: readonly string[]) {
    for (const pem of known) this.#seen.add(pem.replace(/-----[^-]+-----|\s/g, ""));
  }

  get added(): readonly string[] {
    return this.#added;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Takes every certificate of a PEM text; returns how many it holds. */
  addAll(pemText: string): number {
    let count = 0;
    this.#bytes += pemText.length;
    if (this.#bytes > MAX_BYTES) this.#isFull = true;
    for (const [, lines = ""] of pemText.matchAll(PEM_CERTIFICATE)) {
      count += 1;
      const body = lines.replace(/\s/g, "");
      if (this.#seen.has(body)) continue;
      if (this.#added.length >= MAX_AUTHORITIES) {
        this.#isFull = true;
        break;
      }
      this.#seen.add(body);
      this.#added.push(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
    }
    return count;
  }
}
