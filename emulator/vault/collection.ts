import type { StoredObject, StoredVersion } from "./stored-object.js";

/** Names as the service takes them. */
export const OBJECT_NAME = /^[0-9a-zA-Z-]{1,127}$/;

/** The objects of one kind in one vault, by name in any case. */
export class Collection<Content> {
  readonly #objects = new Map<string, StoredObject<Content>>();

  /** Adds a version under a name. @throws {RangeError} for a name or version id that the service would refuse */
  add(name: string, version: StoredVersion<Content>): StoredVersion<Content> {
    if (!OBJECT_NAME.test(name)) {
      throw new RangeError(`object name ${JSON.stringify(name)} is not 1 to 127 letters, digits and dashes`);
    }
    if (!/^[0-9a-f]{32}$/.test(version.id)) throw new RangeError("a version id is 32 lower-case hex digits");
    const object = this.#objects.get(name.toLowerCase()) ?? { name, versions: [] };
    this.#objects.set(name.toLowerCase(), object);
    object.versions.push(version);
    return version;
  }

  find(name: string): StoredObject<Content> | undefined {
    return this.#objects.get(name.toLowerCase());
  }

  findVersion(name: string, id: string): StoredVersion<Content> | undefined {
    return this.find(name)?.versions.find((version) => version.id === id.toLowerCase());
  }

  delete(name: string): boolean {
    return this.#objects.delete(name.toLowerCase());
  }

  /** By name, as the service lists them. */
  all(): StoredObject<Content>[] {
    return [...this.#objects.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  }
}
