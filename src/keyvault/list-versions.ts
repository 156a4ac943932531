import { ProviderError } from "../errors/provider-error.js";
import { toVersionInfo, type VersionAnswer } from "./answers.js";
import type { VersionInfo } from "./vault-reader.js";

export interface ListLimits {
  /** Most versions of one object. The service counts none, and lists them in no order: all must be seen. */
  readonly maxVersions: number;
  /** Most pages; the service puts up to 25 versions on one, but may put fewer. */
  readonly maxPages: number;
}

export const DEFAULT_LIST_LIMITS: ListLimits = { maxVersions: 5_000, maxPages: 400 };

/**
 * Reads a version list to its end, within limits, so that one whose `nextLink` never ends does.
 * @throws {ProviderError} VAULT_TOO_MANY_VERSIONS
 * @throws {MalformedAnswer}
 */
export async function collectVersions(
  pages: AsyncIterable<readonly VersionAnswer[]>,
  name: string,
  limits: ListLimits,
): Promise<readonly VersionInfo[]> {
  const versions: VersionInfo[] = [];
  let pageCount = 0;
  for await (const page of pages) {
    pageCount += 1;
    if (pageCount > limits.maxPages) throw tooMany(`more than ${limits.maxPages} pages`);
    if (versions.length + page.length > limits.maxVersions)
      throw tooMany(`more than ${limits.maxVersions} versions`);
    for (const item of page) versions.push(toVersionInfo(item, name));
  }
  return versions;
}

function tooMany(what: string): ProviderError {
  return new ProviderError(
    "VAULT_TOO_MANY_VERSIONS",
    `the vault lists ${what} of it; leave objectVersionHistory out and name the versions, or create the object anew under another name`,
  );
}
