/** Writes DER, and where asked for the BER that Windows writes. For tests: no checks. */

/** @param tag - identifier octet */
export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

/** The same with an indefinite length. */
export function indefinite(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x80]), ...contents, Buffer.from([0, 0])]);
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => element(0x30, ...contents);
export const set = (...contents: readonly Uint8Array[]): Buffer => element(0x31, ...contents);
export const octets = (content: Uint8Array): Buffer => element(0x04, content);
export const nothing = (): Buffer => element(0x05);
/** `[number]` around an element (EXPLICIT). */
export const context = (number: number, ...contents: readonly Uint8Array[]): Buffer =>
  element(0xa0 | number, ...contents);

/** An octet string in chunks, each with its length, together without one. */
export function chunked(content: Uint8Array, chunkBytes: number, tag = 0x24): Buffer {
  const chunks: Buffer[] = [];
  for (let offset = 0; offset < content.length; offset += chunkBytes) {
    chunks.push(octets(content.subarray(offset, offset + chunkBytes)));
  }
  return indefinite(tag, ...chunks);
}

/** @param value - 0 or more */
export function integer(value: number | bigint): Buffer {
  const hex = value.toString(16);
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = Buffer.from(digits, "hex");
  return element(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** @param dotted - for example `1.2.840.113549.1.7.1` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const arcs = [first * 40 + second, ...rest];
  return element(0x06, Buffer.from(arcs.flatMap(toBase128)));
}

function toBase128(arc: number): number[] {
  const octetList = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octetList.unshift(0x80 | (rest % 128));
  }
  return octetList;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}
