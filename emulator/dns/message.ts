/** What a client asks a name server: the one question of a query. */
export interface DnsQuestion {
  readonly id: number;
  /** The client wants the server to ask further servers; copied into the answer. */
  readonly isRecursionDesired: boolean;
  /** Lower case, without the dot at its end. */
  readonly name: string;
  /** 1 is A, 28 is AAAA. */
  readonly type: number;
  /** The question as it stood in the query. */
  readonly bytes: Buffer;
}

export const TYPE_A = 1;

/** Response codes: no error (with or without records), and no such name. */
export const NO_ERROR = 0;
export const NAME_ERROR = 3;

const HEADER_BYTES = 12;
const MAX_LABELS = 127;
/** The client may use an answer at once only. */
const TTL_SECONDS = 0;
/** A pointer to the name in the question, right behind the header. */
const NAME_POINTER = 0xc000 | HEADER_BYTES;

/**
 * Reads a query of one question; undefined for anything else.
 * @see RFC 1035 section 4
 */
export function readQuestion(query: Buffer): DnsQuestion | undefined {
  if (query.length < HEADER_BYTES || query.readUInt16BE(4) !== 1) return undefined;
  const flags = query.readUInt16BE(2);
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63 || labels.length > MAX_LABELS) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString("latin1", at, at + length));
    at += length;
  }
  if (at + 4 > query.length || (flags & 0x8000) !== 0) return undefined;
  return {
    id: query.readUInt16BE(0),
    isRecursionDesired: (flags & 0x0100) !== 0,
    name: labels.join(".").toLowerCase(),
    type: query.readUInt16BE(at),
    bytes: query.subarray(HEADER_BYTES, at + 4),
  };
}

/** An answer with these IPv4 addresses. */
export function writeAnswer(
  question: DnsQuestion,
  code: typeof NO_ERROR | typeof NAME_ERROR,
  addresses: readonly string[],
): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(question.id, 0);
  header.writeUInt16BE(0x8480 | (question.isRecursionDesired ? 0x0100 : 0) | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([header, question.bytes, ...addresses.map(addressRecord)]);
}

function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(NAME_POINTER, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(1, 4); // class: the Internet
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  address.split(".").forEach((byte, i) => record.writeUInt8(Number(byte), 12 + i));
  return record;
}
