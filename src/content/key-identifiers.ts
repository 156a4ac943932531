import {
  contentOf,
  expectTag,
  readChildren,
  readElement,
  readObjectIdentifier,
  readOctets,
  TAG,
  type BerElement,
} from "./ber.js";

/** Which key a certificate is for and which key signed it, as hex; undefined where the certificate does not say. */
export interface KeyIdentifiers {
  readonly subject: string | undefined;
  readonly authority: string | undefined;
}

const SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
const AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
/** A TBSCertificate has ten fields. */
const MAX_FIELDS = 16;
const MAX_EXTENSIONS = 256;

/**
 * Reads the two key identifiers of a certificate, and nothing else of it.
 * @param der - an X.509 certificate
 * @throws {MalformedBer}
 * @see RFC 5280 sections 4.2.1.1 and 4.2.1.2
 */
export function readKeyIdentifiers(der: Uint8Array): KeyIdentifiers {
  const [tbsCertificate] = readChildren(expectTag(readElement(der), TAG.sequence), MAX_FIELDS);
  const fields = readChildren(expectTag(tbsCertificate, TAG.sequence), MAX_FIELDS);
  const wrapper = fields.find(({ tag }) => tag === TAG.context3Constructed);
  if (wrapper === undefined) return { subject: undefined, authority: undefined };
  const [list] = readChildren(wrapper, 1);
  const extensions = readChildren(expectTag(list, TAG.sequence), MAX_EXTENSIONS).map(readExtension);

  const subject = extensions.find(({ id }) => id === SUBJECT_KEY_IDENTIFIER);
  const authority = extensions.find(({ id }) => id === AUTHORITY_KEY_IDENTIFIER);
  return {
    subject:
      subject === undefined ? undefined : toHex(expectTag(readElement(subject.value), TAG.octetString)),
    authority: authority === undefined ? undefined : readAuthorityKey(authority.value),
  };
}

function readExtension(extension: BerElement): { id: string; value: Uint8Array } {
  const parts = readChildren(expectTag(extension, TAG.sequence), 3);
  return { id: readObjectIdentifier(parts[0]), value: readOctets(expectTag(parts.at(-1), TAG.octetString)) };
}

function readAuthorityKey(value: Uint8Array): string | undefined {
  const parts = readChildren(expectTag(readElement(value), TAG.sequence), 3);
  const keyIdentifier = parts.find(({ tag }) => tag === TAG.context0);
  return keyIdentifier === undefined ? undefined : toHex(keyIdentifier);
}

/** An empty identifier names no key. */
function toHex(element: BerElement): string | undefined {
  return Buffer.from(contentOf(element)).toString("hex") || undefined;
}
