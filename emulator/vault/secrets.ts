import type { StoredVersion } from "./stored-object.js";
import { wireAttributes } from "./wire.js";
import type { Recovery } from "./wire.js";

/** What a secret holds. */
export interface SecretContent {
  readonly value: string;
  readonly contentType?: string | undefined;
  /** Name of the certificate that it backs; its key and certificate have the same version ids. */
  readonly managedBy?: string | undefined;
}

/** A secret's version with its value. @see SecretBundle of the REST reference, 7.4 */
export function secretBundle(
  origin: string,
  name: string,
  version: StoredVersion<SecretContent>,
  recovery: Recovery,
): Record<string, unknown> {
  const { value, managedBy } = version.content;
  return {
    value,
    ...secretItem(`${origin}/secrets/${name}/${version.id}`, version, recovery),
    ...(managedBy === undefined ? {} : { kid: `${origin}/keys/${managedBy}/${version.id}` }),
  };
}

/** A secret as lists show it, without its value. @see SecretItem of the REST reference, 7.4 */
export function secretItem(
  id: string,
  version: StoredVersion<SecretContent>,
  recovery: Recovery,
): Record<string, unknown> {
  const { contentType, managedBy } = version.content;
  return {
    ...(contentType === undefined ? {} : { contentType }),
    id,
    ...(managedBy === undefined ? {} : { managed: true }),
    attributes: wireAttributes(version, recovery),
    ...(version.tags === undefined ? {} : { tags: version.tags }),
  };
}
