/** The service's data-plane versions, oldest first. @see the REST reference */
const API_VERSIONS = ["2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01"] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

/** The newest one that vaults of the public cloud know. */
export const LATEST_API_VERSION: ApiVersion = "2025-07-01";

/** The version that a query names, or undefined when a vault up to `latest` does not know it; previews are not kept. */
export function knownApiVersion(text: string, latest: ApiVersion): ApiVersion | undefined {
  const version = API_VERSIONS.find((candidate) => candidate === text);
  return version !== undefined && isAtLeast(latest, version) ? version : undefined;
}

/** Whether a version is the least one or a later one. */
export function isAtLeast(version: ApiVersion, least: ApiVersion): boolean {
  return API_VERSIONS.indexOf(version) >= API_VERSIONS.indexOf(least);
}
