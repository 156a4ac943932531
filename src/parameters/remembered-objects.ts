import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { ObjectsOutcome } from "./parse-objects.js";

export interface RememberedObjectsLimits {
  /** Distinct classes that are kept. */
  readonly maxEntries: number;
  /** Estimated bytes of all that is kept. */
  readonly maxBytes: number;
}

/** Room for the classes of a full node: 250 pods, with one or two classes each. */
export const DEFAULT_REMEMBERED_OBJECTS: RememberedObjectsLimits = {
  maxEntries: 1000,
  maxBytes: 8 * 1024 * 1024,
};

/**
 * Remembers how `objects` texts read, the least recently used forgotten first. Every rotation brings the same texts
 * again, and how one reads depends on nothing else. Keyed by a hash, so that the texts themselves are not kept.
 */
export class RememberedObjects {
  readonly #outcomes: LRUCache<string, ObjectsOutcome>;

  constructor({ maxEntries, maxBytes }: RememberedObjectsLimits = DEFAULT_REMEMBERED_OBJECTS) {
    this.#outcomes = new LRUCache({
      max: maxEntries,
      maxSize: maxBytes,
      // An outcome larger than a quarter of all would push out too many others.
      maxEntrySize: Math.ceil(maxBytes / 4),
      sizeCalculation: estimateBytes,
    });
  }

  get(text: string): ObjectsOutcome | undefined {
    return this.#outcomes.get(hash(text));
  }

  set(text: string, outcome: ObjectsOutcome): void {
    this.#outcomes.set(hash(text), outcome);
  }

  /** How many are kept. */
  get size(): number {
    return this.#outcomes.size;
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** What an object or array costs beside its texts, in bytes; a text costs up to two for each character. */
const OBJECT_OVERHEAD = 200;

function estimateBytes({ entries, problems, warnings }: ObjectsOutcome): number {
  let characters = 0;
  let objects = 1 + problems.length + warnings.length;
  for (const problem of problems) characters += problem.message.length;
  for (const warning of warnings) characters += warning.length;
  for (const entry of entries) {
    objects += 2 + entry.problems.length;
    for (const problem of entry.problems) characters += problem.message.length;
    for (const text of Object.values(entry.fields ?? {})) characters += text.length;
    for (const text of Object.values(entry.misspelt)) characters += text.length;
  }
  return objects * OBJECT_OVERHEAD + characters * 2;
}
