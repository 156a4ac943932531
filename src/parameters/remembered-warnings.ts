import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { MountPlan } from "../model/mount-plan.js";

/** As many classes as {@link DEFAULT_REMEMBERED_OBJECTS} has room for. */
const MAX_CLASSES = 1000;

/**
 * Remembers of which class what was said: a class is mounted every few minutes, and what is ignored in it is news once.
 * The least recently mounted are forgotten first.
 */
export class RememberedWarnings {
  readonly #said: LRUCache<string, true>;

  constructor(maxClasses: number = MAX_CLASSES) {
    this.#said = new LRUCache({ max: maxClasses });
  }

  /** The warnings of a plan, or none when this class has brought the same ones before. */
  takeNew({
    pod,
    className,
    warnings,
  }: Pick<MountPlan, "pod" | "className" | "warnings">): readonly string[] {
    if (warnings.length === 0) return warnings;
    const key = createHash("sha256")
      .update(JSON.stringify([pod.namespace, className, warnings]))
      .digest("base64");
    if (this.#said.get(key) === true) return [];
    this.#said.set(key, true);
    return warnings;
  }
}
