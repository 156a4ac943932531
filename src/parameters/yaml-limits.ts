/**
 * What one `objects` may cost, its entries included. Each is far beyond what a class of 1,000 objects needs; together
 * they bound the time that any text takes, however it is made.
 */
export const YAML_LIMITS = {
  /** Levels of lists, mappings and the scalars in them; a class needs 5. */
  depth: 24,
  /** Pieces that the reader cuts the text into: indents, marks, names, values. A class of 1,000 objects has 80,000. */
  pieces: 200_000,
  /** Entries that merge keys (`<<`) copy. */
  mergedKeys: 20_000,
  /** Characters of all fields, once aliases stand for what they name; without aliases they are part of the text. */
  expandedLength: 256 * 1024,
  /** Unknown keys for which a likely name is sought; those after are only passed over. */
  hints: 100,
} as const;

/** Why a text could not be read, in our own words: it never holds a piece of the text but a key's or alias's name. */
export class YamlProblem extends Error {
  /** `limit`: well formed or not, it costs too much; `syntax`: it is no YAML. */
  readonly kind: "syntax" | "limit";

  constructor(kind: "syntax" | "limit", message: string) {
    super(message);
    this.name = "YamlProblem";
    this.kind = kind;
  }
}

/** Counts what the texts of one `objects` cost, against {@link YAML_LIMITS}. */
export class YamlBudget {
  #pieces = 0;
  #mergedKeys = 0;
  #expandedLength = 0;
  #hints = 0;

  /** @throws {YamlProblem} past `pieces`, or when `depth` is past its limit */
  spendPiece(depth: number): void {
    if (depth > YAML_LIMITS.depth) {
      throw new YamlProblem(
        "limit",
        `it nests deeper than ${YAML_LIMITS.depth} levels; a class needs no more than 5`,
      );
    }
    this.#pieces += 1;
    if (this.#pieces > YAML_LIMITS.pieces) {
      throw new YamlProblem(
        "limit",
        `it has more than ${YAML_LIMITS.pieces} marks, names and values; split the class`,
      );
    }
  }

  /** @throws {YamlProblem} past `mergedKeys` */
  spendMergedKeys(count: number): void {
    this.#mergedKeys += count;
    if (this.#mergedKeys > YAML_LIMITS.mergedKeys) {
      throw new YamlProblem(
        "limit",
        `its merge keys (<<) copy more than ${YAML_LIMITS.mergedKeys} entries; write the fields out, or merge less`,
      );
    }
  }

  /** @throws {YamlProblem} past `expandedLength` */
  spendExpanded(length: number): void {
    this.#expandedLength += length;
    if (this.#expandedLength > YAML_LIMITS.expandedLength) {
      throw new YamlProblem(
        "limit",
        `its aliases (*) make it longer than ${YAML_LIMITS.expandedLength} characters; repeat less, or split the class`,
      );
    }
  }

  /** Whether one more unknown key may be looked at. */
  takeHint(): boolean {
    this.#hints += 1;
    return this.#hints <= YAML_LIMITS.hints;
  }
}
