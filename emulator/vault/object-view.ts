import { certificateBundle, certificateItem } from "./certificates.js";
import type { Collection } from "./collection.js";
import { keyBundle, keyItem } from "./keys.js";
import { COLLECTIONS } from "./object-type.js";
import type { ObjectType } from "./object-type.js";
import { secretBundle, secretItem } from "./secrets.js";
import { newestVersion } from "./stored-object.js";
import type { StoredVersion } from "./stored-object.js";
import type { VaultDouble } from "./vault-double.js";
import type { Place, Wire } from "./wire.js";

/** The objects of one kind as the service shows them. */
export interface ObjectView {
  /** One version, the newest when none is named; undefined when it does not exist. */
  read(name: string, versionId: string | undefined): { bundle: Wire; isEnabled: boolean } | undefined;
  /** All versions in the order of their ids, which is the service's; none of an object that does not exist. */
  listVersions(name: string): Wire[];
  /** The newest version of every object, by name. */
  listObjects(): Wire[];
}

export function viewOf(vault: VaultDouble, type: ObjectType, place: Place): ObjectView {
  switch (type) {
    case "secret":
      return view(vault.secrets, type, place, secretBundle, secretItem);
    case "key":
      return view(vault.keys, type, place, keyBundle, keyItem);
    case "cert":
      return view(vault.certificates, type, place, certificateBundle, certificateItem);
  }
}

function view<Content>(
  collection: Collection<Content>,
  type: ObjectType,
  place: Place,
  bundle: (place: Place, name: string, version: StoredVersion<Content>, isNewestAsked: boolean) => Wire,
  item: (place: Place, id: string, version: StoredVersion<Content>) => Wire,
): ObjectView {
  const root = `${place.origin}/${COLLECTIONS[type].path}`;
  return {
    read: (name, versionId) => {
      const object = collection.find(name);
      const version =
        versionId === undefined
          ? object && newestVersion(object)
          : object?.versions.find(({ id }) => id === versionId.toLowerCase());
      if (object === undefined || version === undefined) return undefined;
      return {
        bundle: bundle(place, object.name, version, versionId === undefined),
        isEnabled: version.enabled,
      };
    },
    listVersions: (name) => {
      const object = collection.find(name);
      const versions = [...(object?.versions ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
      return versions.map((version) => item(place, `${root}/${object?.name ?? name}/${version.id}`, version));
    },
    listObjects: () =>
      collection.all().flatMap((object) => {
        const newest = newestVersion(object);
        return newest === undefined ? [] : [item(place, `${root}/${object.name}`, newest)];
      }),
  };
}
