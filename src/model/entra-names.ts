/** Longest identifier: a client ID is a UUID, one of AD FS may be a URI. */
export const MAX_IDENTIFIER_LENGTH = 256;

const IDENTIFIER = /^[\w.~:/@+=-]+$/;

/** Whether a text can be a client ID: letters, digits and the marks of URIs, nothing that means anything to a header, a log line or a query. */
export function isIdentifier(text: string): boolean {
  return text.length <= MAX_IDENTIFIER_LENGTH && IDENTIFIER.test(text);
}

/** A tenant's ID, one of its domains, or `adfs`; it becomes a part of the authority's path. */
export const TENANT_PATTERN = "^[0-9A-Za-z](?:[0-9A-Za-z.-]{0,252}[0-9A-Za-z])?$";
const TENANT = new RegExp(TENANT_PATTERN);

/** Whether a text can name a tenant: its ID, one of its domain names, or `adfs`. */
export function isTenant(text: string): boolean {
  return TENANT.test(text) && !text.includes("..");
}
