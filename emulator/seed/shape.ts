/** A seed file that says something else than it may; the message names the place. */
export class SeedError extends Error {
  override readonly name = "SeedError";
}

/** Most entries of one list. */
const MAX_ENTRIES = 10_000;

/** One mapping of a seed file, read field by field; a field that nobody asked for is an error. */
export class Fields {
  readonly place: string;
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #asked = new Set<string>();

  /** @throws {SeedError} when the value is no mapping */
  constructor(value: unknown, place: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new SeedError(`${place} must be a mapping`);
    }
    this.place = place;
    this.#values = new Map(Object.entries(value));
  }

  /** @throws {SeedError} when the field is absent or no text */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new SeedError(`${this.#at(name)} is missing`);
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.#typed(name, "a text", (value) => (typeof value === "string" ? value : undefined));
  }

  optionalNumber(name: string): number | undefined {
    return this.#typed(name, "a number", (value) => (typeof value === "number" ? value : undefined));
  }

  optionalBoolean(name: string): boolean | undefined {
    return this.#typed(name, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  }

  /** One of a few texts. */
  optionalChoice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    return this.#typed(name, `one of ${choices.join(", ")}`, (value) =>
      choices.find((choice) => choice === value),
    );
  }

  /** A mapping, made into something. */
  optionalMapping<T>(name: string, make: (fields: Fields) => T): T | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    const fields = new Fields(value, this.#at(name));
    const made = make(fields);
    fields.finish();
    return made;
  }

  /** A list of texts; an absent one is empty. */
  texts(name: string): string[] {
    return this.#list(name).map((value, index) => {
      if (typeof value !== "string") throw new SeedError(`${this.#at(name)}[${index}] must be a text`);
      return value;
    });
  }

  /** A list of mappings, each made into something; an absent list is empty. */
  each<T>(name: string, make: (fields: Fields) => T): T[] {
    return this.#list(name).map((value, index) => {
      const fields = new Fields(value, `${this.#at(name)}[${index}]`);
      const made = make(fields);
      fields.finish();
      return made;
    });
  }

  /** A value of any shape, for readers that know it better. */
  raw(name: string): unknown {
    this.#asked.add(name);
    return this.#values.get(name);
  }

  /** @throws {SeedError} when there is a field that was not asked for: it is misspelt */
  finish(): void {
    for (const name of this.#values.keys()) {
      if (!this.#asked.has(name)) {
        throw new SeedError(`${this.#at(name)} is not known; known are ${[...this.#asked].join(", ")}`);
      }
    }
  }

  #list(name: string): unknown[] {
    const list = this.#typed(name, "a list", (value) =>
      Array.isArray(value) ? (value as unknown[]) : undefined,
    );
    if (list !== undefined && list.length > MAX_ENTRIES) {
      throw new SeedError(`${this.#at(name)} has more than ${MAX_ENTRIES} entries`);
    }
    return list ?? [];
  }

  #typed<T>(name: string, kind: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    const typed = read(value);
    if (typed === undefined) throw new SeedError(`${this.#at(name)} must be ${kind}`);
    return typed;
  }

  #at(name: string): string {
    return this.place === "" ? name : `${this.place}.${name}`;
  }
}
