import { LRUCache } from "lru-cache";

/** Paths that are remembered: some ten times what a node holds. */
const MAX_PATHS = 4_000;
/** All of them together; one of the kubelet's has some 150 characters. */
const MAX_CHARACTERS = 1024 * 1024;
/** The kernel's own limit of a path; what is longer is no volume's. */
const MAX_PATH_LENGTH = 4_096;
/** A volume comes round every minute or two. One that has not come for this long is gone. */
const KEEP_MS = 6 * 60 * 60 * 1_000;

/**
 * Which volumes this process has served. The driver does not tell a first mount from a rotation, so a `target_path` that
 * was answered with success before counts as a remount. One that is forgotten counts as new, which is always right and
 * only costs reads.
 */
export class ServedPaths {
  readonly #paths: LRUCache<string, true>;

  constructor(options: { readonly maxPaths?: number; readonly now?: () => number } = {}) {
    this.#paths = new LRUCache({
      max: options.maxPaths ?? MAX_PATHS,
      maxSize: MAX_CHARACTERS,
      sizeCalculation: (_served, path) => path.length,
      ttl: KEEP_MS,
      ...(options.now === undefined ? {} : { perf: { now: options.now } }),
    });
  }

  has(targetPath: string): boolean {
    return this.#paths.has(targetPath);
  }

  add(targetPath: string): void {
    if (targetPath !== "" && targetPath.length <= MAX_PATH_LENGTH) this.#paths.set(targetPath, true);
  }
}
