import { isAtLeast } from "./api-version.js";
import type { StoredVersion } from "./stored-object.js";
import { wireAttributes } from "./wire.js";
import type { Place, Wire } from "./wire.js";

export type KeyType = "RSA" | "RSA-HSM" | "EC" | "EC-HSM" | "oct-HSM";

/** What a key holds: its public part as the service writes it, without `kid` and `key_ops`. */
export interface KeyContent {
  readonly kty: KeyType;
  /** `n` and `e`, or `crv`, `x` and `y`; nothing for a symmetric key. */
  readonly publicPart: Readonly<Record<string, string>>;
  /** Whether a certificate owns it. */
  readonly isManaged: boolean;
  /** Whether its owner may get the private part: through the certificate's secret. */
  readonly isExportable: boolean;
}

const OPERATIONS: Readonly<Record<KeyType, readonly string[]>> = {
  RSA: ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
  "RSA-HSM": ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
  EC: ["sign", "verify"],
  "EC-HSM": ["sign", "verify"],
  "oct-HSM": ["encrypt", "decrypt", "wrapKey", "unwrapKey"],
};

/** A key's version. @see KeyBundle of the REST reference, 7.4 */
export function keyBundle(place: Place, name: string, version: StoredVersion<KeyContent>): Wire {
  const { kty, publicPart, isManaged } = version.content;
  const kid = `${place.origin}/keys/${name}/${version.id}`;
  return {
    key: { kid, kty, key_ops: OPERATIONS[kty], ...publicPart },
    attributes: keyAttributes(place, version),
    ...(version.tags === undefined ? {} : { tags: version.tags }),
    ...(isManaged ? { managed: true } : {}),
  };
}

/** A key as lists show it. @see KeyItem of the REST reference, 7.4 */
export function keyItem(place: Place, id: string, version: StoredVersion<KeyContent>): Wire {
  return {
    kid: id,
    attributes: keyAttributes(place, version),
    ...(version.tags === undefined ? {} : { tags: version.tags }),
    ...(version.content.isManaged ? { managed: true } : {}),
  };
}

function keyAttributes(place: Place, version: StoredVersion<KeyContent>): Wire {
  return {
    ...wireAttributes(version, place.recovery),
    ...(isAtLeast(place.apiVersion, "7.3") ? { exportable: version.content.isExportable } : {}),
  };
}
