import forge from "node-forge";

/** A node of an ASN.1 tree. */
export type Der = forge.asn1.Asn1;

const { Class, Type } = forge.asn1;

export function sequence(...parts: Der[]): Der {
  return universal(Type.SEQUENCE, true, parts);
}

export function set(...parts: Der[]): Der {
  return universal(Type.SET, true, parts);
}

/** A constructed `[tag] EXPLICIT`, or an IMPLICIT one of a constructed type. */
export function tagged(tag: number, ...parts: Der[]): Der {
  return contextual(tag, true, parts);
}

/** A primitive `[tag] IMPLICIT`. */
export function taggedOctets(tag: number, bytes: Buffer): Der {
  return contextual(tag, false, binary(bytes));
}

export function objectId(dotted: string): Der {
  return universal(Type.OID, false, forge.asn1.oidToDer(dotted).getBytes());
}

/** A whole number, or the bytes of one in shortest form. */
export function integer(value: number | Buffer): Der {
  const bytes = typeof value === "number" ? forge.asn1.integerToDer(value).getBytes() : binary(value);
  return universal(Type.INTEGER, false, bytes);
}

export function octets(bytes: Buffer): Der {
  return universal(Type.OCTETSTRING, false, binary(bytes));
}

/** A bit string; `unused` bits at the end of the last byte do not count. */
export function bits(bytes: Buffer, unused = 0): Der {
  return universal(Type.BITSTRING, false, String.fromCharCode(unused) + binary(bytes));
}

export function boolean(value: boolean): Der {
  return universal(Type.BOOLEAN, false, value ? "\u00ff" : "\u0000");
}

export function nothing(): Der {
  return universal(Type.NULL, false, "");
}

export function utf8(text: string): Der {
  return universal(Type.UTF8, false, binary(Buffer.from(text, "utf8")));
}

/** A PrintableString; the text is taken to be of its alphabet. */
export function printable(text: string): Der {
  return universal(Type.PRINTABLESTRING, false, text);
}

/** A BMPString: the encoder makes two bytes of each character. */
export function bmp(text: string): Der {
  return universal(Type.BMPSTRING, false, text);
}

/** UTCTime up to 2049, GeneralizedTime after. @see RFC 5280 section 4.1.2.5 */
export function time(date: Date): Der {
  return date.getUTCFullYear() < 2050
    ? universal(Type.UTCTIME, false, forge.asn1.dateToUtcTime(date))
    : universal(Type.GENERALIZEDTIME, false, forge.asn1.dateToGeneralizedTime(date));
}

/** The tree of encoded bytes, which come out unchanged. @throws when they are not DER */
export function parseDer(bytes: Buffer): Der {
  return forge.asn1.fromDer(binary(bytes));
}

/** The parts of a constructed node; of a primitive one, none. */
export function childrenOf(tree: Der): Der[] {
  return Array.isArray(tree.value) ? tree.value : [];
}

/** What a node holds, without its tag and length. */
export function contentOf(tree: Der): Buffer {
  const encoded = encodeDer(tree);
  const length = encoded[1] ?? 0;
  return encoded.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}

export function encodeDer(tree: Der): Buffer {
  return Buffer.from(forge.asn1.toDer(tree).getBytes(), "binary");
}

function universal(type: forge.asn1.Type, isConstructed: boolean, value: Der[] | string): Der {
  return forge.asn1.create(Class.UNIVERSAL, type, isConstructed, value);
}

function contextual(tag: number, isConstructed: boolean, value: Der[] | string): Der {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- typed for universal tags only
  return forge.asn1.create(Class.CONTEXT_SPECIFIC, tag, isConstructed, value);
}

function binary(bytes: Buffer): string {
  return bytes.toString("binary");
}
