import { ProviderError } from "../errors/provider-error.js";
import type { VersionInfo } from "./vault-reader.js";

/**
 * The versions that a history shows, for files `0`, `1`, …: newest created first, disabled ones left out, beginning with
 * `startVersion` (empty: the newest). At most `historyCount + 1`: the provider that this one replaces gives index 0 to
 * `historyCount`, and a file less could break a class in the field.
 *
 * The service counts creation in whole seconds. Versions of the same second are ordered by their id, so that every mount
 * gives the same files whatever order the vault lists them in.
 *
 * A start version that is disabled is an error, not a reason to begin with an older one: who pins a version does not want
 * another in its place.
 * @param versions - as listed, any order
 * @throws {ProviderError} VAULT_OBJECT_NOT_FOUND when nothing is listed, VAULT_VERSION_NOT_FOUND when `startVersion` is
 * not listed or disabled, or when all are disabled
 */
export function selectVersions(
  versions: readonly VersionInfo[],
  startVersion: string,
  historyCount: number,
): readonly VersionInfo[] {
  if (versions.length === 0) {
    throw new ProviderError(
      "VAULT_OBJECT_NOT_FOUND",
      "the vault lists no version of it: it does not exist or was deleted; check objectName, objectType and keyvaultName, or recover it in the vault",
    );
  }
  const enabled = versions.filter(({ isEnabled }) => isEnabled).sort(newestFirst);
  if (startVersion === "") {
    if (enabled.length === 0) {
      throw new ProviderError(
        "VAULT_VERSION_NOT_FOUND",
        `all ${versions.length} versions are disabled; enable one in the vault`,
      );
    }
    return enabled.slice(0, historyCount + 1);
  }
  const start = enabled.findIndex((version) => isVersion(version, startVersion));
  if (start === -1) throw missingStart(versions, startVersion);
  return enabled.slice(start, start + historyCount + 1);
}

function newestFirst(a: VersionInfo, b: VersionInfo): number {
  return b.createdOnMs - a.createdOnMs || (a.version < b.version ? -1 : 1);
}

function isVersion({ version }: VersionInfo, wanted: string): boolean {
  return version.toLowerCase() === wanted.toLowerCase();
}

function missingStart(versions: readonly VersionInfo[], startVersion: string): ProviderError {
  const isDisabled = versions.some((version) => isVersion(version, startVersion));
  return new ProviderError(
    "VAULT_VERSION_NOT_FOUND",
    isDisabled
      ? "the version that the history begins with is disabled; enable it in the vault, or name another objectVersion"
      : `the version that the history begins with is none of the ${versions.length} that the vault lists; check objectVersion, or leave it out to begin with the newest`,
  );
}
