import type { Row } from "../../test/contract/row.js";

/** Draws rows at random; the same seed draws the same ones of the same rows. */
export function drawRows(rows: readonly Row[], count: number, seed: number): Row[] {
  const random = mulberry32(seed);
  const left = [...rows];
  const drawn: Row[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return drawn;
}

/** A small generator of numbers from 0 to below 1. @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
