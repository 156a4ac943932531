import { decodeBase64 } from "./base64.js";

/** One PEM block: what stands behind `BEGIN`, the header lines, and the bytes. */
export interface PemBlock {
  readonly type: string;
  /** For example `DEK-Info` of an old encrypted key; empty for most. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
}

const BEGIN = "-----BEGIN ";
const END = "\n-----END ";
const DASHES = "-----";
const BLANKS = " \t\r";
/** A block with more is damaged; an encrypted key has two. */
const MAX_HEADER_LINES = 100;
const COLUMNS = /.{1,64}/g;

/**
 * Writes a block as OpenSSL and Go do: 64 columns, a line feed after each line, the last included.
 * @see RFC 7468 section 2; RFC 1421 section 4.6.1.1 (`Proc-Type` comes first)
 */
export function encodePem(
  type: string,
  bytes: Uint8Array,
  headers: ReadonlyMap<string, string> = new Map(),
): string {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  const lines = base64.match(COLUMNS) ?? [];
  const rank = (name: string) => (name === "Proc-Type" ? "" : name);
  const named = [...headers].sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  const headerLines = named.length === 0 ? [] : [...named.map(([name, value]) => `${name}: ${value}`), ""];
  return [`${BEGIN}${type}${DASHES}`, ...headerLines, ...lines, `-----END ${type}${DASHES}`, ""].join("\n");
}

/**
 * The blocks of a text, in its order. Whatever stands between them (attributes, comments) and blocks that are damaged are
 * skipped, as the Go provider's reader does. Each part of the text is looked at a bounded number of times.
 */
export function readPemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  for (let position = 0; ;) {
    const end = text.indexOf(END, position);
    if (end < 0) return blocks;
    const block = readBlockBefore(text, position, end);
    position = end + END.length;
    if (block === undefined) continue;
    blocks.push(block);
    position = text.indexOf("\n", position) + 1 || text.length;
  }
}

/** The last BEGIN before an END opens it; earlier ones were left unfinished. */
function readBlockBefore(text: string, start: number, end: number): PemBlock | undefined {
  const begin = text.slice(start, end).lastIndexOf(BEGIN);
  if (begin < 0 || (begin > 0 && text[start + begin - 1] !== "\n")) return undefined;
  const body = text.slice(start + begin + BEGIN.length, end + 1);
  return readBlock(body, restOfLine(text, end + END.length));
}

/** @param body - from behind `BEGIN ` to before `-----END`; @param endLine - what follows `END ` on its line */
function readBlock(body: string, endLine: string): PemBlock | undefined {
  const typeLine = restOfLine(body, 0);
  if (!typeLine.endsWith(DASHES) || endLine !== typeLine) return undefined;
  const headers = new Map<string, string>();
  let position = body.indexOf("\n") + 1;
  for (let lines = 0; ; lines++) {
    const line = restOfLine(body, position);
    const colon = line.indexOf(":");
    if (colon < 0) break;
    if (lines === MAX_HEADER_LINES) return undefined;
    headers.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
    position = body.indexOf("\n", position) + 1;
    if (position === 0) return undefined;
  }
  if (headers.size > 0 && position === body.length) return undefined; // no empty line behind the headers
  const bytes = decodeBase64(body.slice(position).replaceAll(/[ \t]+/g, ""));
  if (typeof bytes === "string") return undefined;
  return { type: typeLine.slice(0, -DASHES.length), headers, bytes };
}

/** The line from an offset on, without its end and the blanks before that. */
function restOfLine(text: string, offset: number): string {
  const lineFeed = text.indexOf("\n", offset);
  let end = lineFeed < 0 ? text.length : lineFeed;
  // By hand: a pattern anchored at the end would try every blank of a line of blanks.
  while (end > offset && BLANKS.includes(text.charAt(end - 1))) end--;
  return text.slice(offset, end);
}
