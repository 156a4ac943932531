import type { Finding } from "./finding.js";

/** Of an error nobody foresaw: its class. Its message may hold what a Secret does. */
export function internalErrorWords(error: unknown): string {
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return `internal error (${/^\w{1,64}$/.test(name) ? name : "Error"}) in this program`;
}

/** Does the work on one file after another, so that an error that nobody foresaw costs that file's findings alone. */
export class FileGuard {
  readonly #broken = new Map<string, Finding>();

  /** One finding for each file at which an error was thrown. */
  get findings(): readonly Finding[] {
    return [...this.#broken.values()];
  }

  /** @returns what the work returned, if it did */
  run<Result>(file: string, work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      if (!this.#broken.has(file)) {
        this.#broken.set(file, {
          severity: "error",
          code: "INTERNAL",
          file,
          line: undefined,
          document: undefined,
          object: "",
          field: "",
          message: `${internalErrorWords(error)}; not all of the file was checked: please report it with what stands in the file, but no secret`,
        });
      }
      return undefined;
    }
  }
}
