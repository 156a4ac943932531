/** Universal and context-specific identifier octets that PKCS#12 files and certificates use. @see X.690 section 8.1.2 */
export const TAG = {
  integer: 0x02,
  octetString: 0x04,
  chunkedOctetString: 0x24,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  context0: 0x80,
  context0Constructed: 0xa0,
  context3Constructed: 0xa3,
} as const;

/** The bytes are not the BER that was expected. Callers turn it into an error of their own; it quotes no input. */
export class MalformedBer extends Error {}

/** Where one element lies inside its source; nothing is copied. */
export interface BerElement {
  readonly source: Uint8Array;
  /** The identifier octet: class, constructed bit and tag number. */
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  /** After the element, end-of-contents octets included. */
  readonly end: number;
}

const CONSTRUCTED_BIT = 0x20;
const HIGH_TAG_NUMBER = 0x1f;
const INDEFINITE_LENGTH = 0x80;
const MAX_LENGTH_OCTETS = 4;
/** Indefinite lengths inside each other; Windows writes up to six. */
const MAX_OPEN_LENGTHS = 32;
const MAX_CHUNK_NESTING = 4;
const MAX_CHUNKS = 10_000;
const MAX_IDENTIFIER_OCTETS = 32;

/**
 * Reads the element at an offset: definite and indefinite lengths, one-octet tags. Only headers are looked at, so the
 * work does not grow with what the element holds, save for indefinite lengths, whose end takes one pass to find.
 *
 * Written here because node-forge's parser builds every node of the file as strings before anyone can say stop; this
 * one hands out slices of the original, which is also what keeps a certificate's bytes exactly as they were.
 * @param limit - the element must end at or before this offset
 * @throws {MalformedBer}
 * @see X.690 section 8.1
 */
export function readElement(source: Uint8Array, offset = 0, limit = source.length): BerElement {
  const { tag, contentStart, length } = readHeader(source, offset, limit);
  if (length !== undefined) {
    const contentEnd = contentStart + length;
    return { source, tag, start: offset, contentStart, contentEnd, end: contentEnd };
  }
  const contentEnd = findEndOfContents(source, contentStart, limit);
  return { source, tag, start: offset, contentStart, contentEnd, end: contentEnd + 2 };
}

/**
 * The elements inside a constructed element.
 * @throws {MalformedBer} also when there are more than `maxCount`
 */
export function readChildren(element: BerElement, maxCount: number): BerElement[] {
  if ((element.tag & CONSTRUCTED_BIT) === 0) throw new MalformedBer("not constructed");
  const children: BerElement[] = [];
  for (let offset = element.contentStart; offset < element.contentEnd;) {
    if (children.length === maxCount) throw new MalformedBer("too many elements");
    const child = readElement(element.source, offset, element.contentEnd);
    children.push(child);
    offset = child.end;
  }
  return children;
}

/** The element itself, once it is there and has one of the tags. @throws {MalformedBer} */
export function expectTag(element: BerElement | undefined, ...tags: readonly number[]): BerElement {
  if (element === undefined || !tags.includes(element.tag)) throw new MalformedBer("unexpected element");
  return element;
}

/** The bytes between an element's header and its end; a view, not a copy. */
export function contentOf({ source, contentStart, contentEnd }: BerElement): Uint8Array {
  return source.subarray(contentStart, contentEnd);
}

/** The whole element with its header; a view, not a copy. */
export function encodingOf({ source, start, end }: BerElement): Uint8Array {
  return source.subarray(start, end);
}

/**
 * The bytes of an octet string, in one piece or, as Windows and streaming writers do, in chunks. Looks at no tag but
 * the constructed bit, so that it also reads implicitly tagged ones.
 * @throws {MalformedBer}
 * @see X.690 section 8.7
 */
export function readOctets(element: BerElement): Uint8Array {
  if ((element.tag & CONSTRUCTED_BIT) === 0) return contentOf(element);
  const chunks: Uint8Array[] = [];
  collectChunks(element, chunks, 0);
  return Buffer.concat(chunks);
}

/** @returns dotted form, for example `1.2.840.113549.1.7.1` @throws {MalformedBer} @see X.690 section 8.19 */
export function readObjectIdentifier(element: BerElement | undefined): string {
  const octets = contentOf(expectTag(element, TAG.objectIdentifier));
  if (octets.length === 0 || octets.length > MAX_IDENTIFIER_OCTETS)
    throw new MalformedBer("identifier length");
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of octets) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - first * 40);
    } else {
      arcs.push(arc);
    }
    arc = 0;
  }
  if ((octets.at(-1) ?? 0) >= 0x80) throw new MalformedBer("identifier is cut off");
  return arcs.join(".");
}

/** @returns the number; Infinity for one beyond six octets @throws {MalformedBer} also when it is negative */
export function readCount(element: BerElement | undefined): number {
  const octets = contentOf(expectTag(element, TAG.integer));
  const first = octets[0];
  if (first === undefined || first >= 0x80) throw new MalformedBer("not a count");
  const significant = octets.subarray(octets.findIndex((octet) => octet !== 0));
  if (first === 0 && octets.every((octet) => octet === 0)) return 0;
  if (significant.length > 6) return Infinity;
  return significant.reduce((count, octet) => count * 256 + octet, 0);
}

/** @returns length undefined when it is indefinite */
function readHeader(source: Uint8Array, offset: number, limit: number) {
  const tag = octetAt(source, offset, limit);
  if ((tag & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER) throw new MalformedBer("tag of several octets");
  const first = octetAt(source, offset + 1, limit);
  if (first < 0x80) return { tag, ...within(offset + 2, first, limit) };
  if (first === INDEFINITE_LENGTH) {
    if ((tag & CONSTRUCTED_BIT) === 0) throw new MalformedBer("primitive element without a length");
    return { tag, contentStart: offset + 2, length: undefined };
  }
  const octets = first & 0x7f;
  if (octets > MAX_LENGTH_OCTETS) throw new MalformedBer("length of too many octets");
  let length = 0;
  for (let i = 0; i < octets; i++) length = length * 256 + octetAt(source, offset + 2 + i, limit);
  return { tag, ...within(offset + 2 + octets, length, limit) };
}

function within(contentStart: number, length: number, limit: number) {
  if (contentStart + length > limit) throw new MalformedBer("element is cut off");
  return { contentStart, length };
}

function octetAt(source: Uint8Array, offset: number, limit: number): number {
  const octet = offset < limit ? source[offset] : undefined;
  if (octet === undefined) throw new MalformedBer("element is cut off");
  return octet;
}

/** Steps over whole elements, and into those that have no length either, until every open one is closed. */
function findEndOfContents(source: Uint8Array, start: number, limit: number): number {
  let open = 1;
  for (let offset = start; ;) {
    const { tag, contentStart, length } = readHeader(source, offset, limit);
    if (tag === 0 && length === 0) {
      open--;
      if (open === 0) return offset;
      offset = contentStart;
    } else if (length === undefined) {
      if (open === MAX_OPEN_LENGTHS) throw new MalformedBer("nested too deeply");
      open++;
      offset = contentStart;
    } else {
      offset = contentStart + length;
    }
  }
}

function collectChunks(element: BerElement, chunks: Uint8Array[], depth: number): void {
  if (depth === MAX_CHUNK_NESTING) throw new MalformedBer("nested too deeply");
  for (const child of readChildren(element, MAX_CHUNKS)) {
    const { tag } = expectTag(child, TAG.octetString, TAG.chunkedOctetString);
    if (tag === TAG.chunkedOctetString) collectChunks(child, chunks, depth + 1);
    else chunks.push(contentOf(child));
    if (chunks.length > MAX_CHUNKS) throw new MalformedBer("too many chunks");
  }
}
