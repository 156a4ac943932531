import type { StoredVersion } from "./stored-object.js";
import { wireAttributes } from "./wire.js";
import type { Place, Wire } from "./wire.js";

/** What a secret holds. */
export interface SecretContent {
  readonly value: string;
  readonly contentType?: string | undefined;
  /** Whether it backs the certificate of its name; key and certificate then have the same version ids. */
  readonly isManaged: boolean;
}

/** A secret's version with its value. @see SecretBundle of the REST reference, 7.4 */
export function secretBundle(place: Place, name: string, version: StoredVersion<SecretContent>): Wire {
  const { value, isManaged } = version.content;
  return {
    value,
    ...secretItem(place, `${place.origin}/secrets/${name}/${version.id}`, version),
    ...(isManaged ? { kid: `${place.origin}/keys/${name}/${version.id}` } : {}),
  };
}

/** A secret as lists show it, without its value. @see SecretItem of the REST reference, 7.4 */
export function secretItem(place: Place, id: string, version: StoredVersion<SecretContent>): Wire {
  const { contentType, isManaged } = version.content;
  return {
    ...(contentType === undefined ? {} : { contentType }),
    id,
    ...(isManaged ? { managed: true } : {}),
    attributes: wireAttributes(version, place.recovery),
    ...(version.tags === undefined ? {} : { tags: version.tags }),
  };
}
