import type { VaultValue } from "../model/vault-value.js";

/** What an object takes beside its contents. */
const OVERHEAD_BYTES = 512;

/** Bytes that a value takes in memory, roughly and rather too many: a text may take two bytes for each character. */
export function approximateBytes(value: VaultValue): number {
  switch (value.type) {
    case "secret":
      return OVERHEAD_BYTES + 2 * value.value.reveal().length;
    case "key":
      return (
        OVERHEAD_BYTES +
        [value.n, value.e, value.x, value.y].reduce((sum, part) => sum + (part?.length ?? 0), 0)
      );
    case "cert":
      return OVERHEAD_BYTES + value.der.length;
  }
}
