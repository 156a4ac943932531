export type CloudName =
  "AzurePublicCloud" | "AzureUSGovernmentCloud" | "AzureChinaCloud" | "AzureGermanCloud" | "AzureStackCloud";

/** Which cloud a class asks for. */
export interface CloudSelection {
  readonly name: CloudName;
  /** cloudEnvFileName: path of the AzureStackCloud environment file; empty when the class names none. */
  readonly environmentFile: string;
}

/** Where a cloud's identity platform and Key Vaults are. */
export interface Cloud {
  readonly name: CloudName;
  /**
   * Origin of the authority, for example `https://login.microsoftonline.com`. That of AD FS ends with its path:
   * `https://adfs.example/adfs`.
   */
  readonly authorityHost: string;
  /** Other origins of the same authority, which its discovery document may name as the token endpoint. */
  readonly authorityAliases?: readonly string[];
  /** What follows `<vault name>.` in a vault's host; may carry `:port`. For example `vault.azure.net`. */
  readonly vaultDnsSuffix: string;
  /** Scope to ask a token for, for example `https://vault.azure.net/.default`. */
  readonly vaultScope: string;
}

/** Every spelling of a cloud's name, in lower case. */
export const CLOUD_NAMES: ReadonlyMap<string, CloudName> = new Map([
  ["azurepubliccloud", "AzurePublicCloud"],
  ["azurecloud", "AzurePublicCloud"],
  ["azureusgovernmentcloud", "AzureUSGovernmentCloud"],
  ["azureusgovernment", "AzureUSGovernmentCloud"],
  ["azurechinacloud", "AzureChinaCloud"],
  ["azuregermancloud", "AzureGermanCloud"],
  ["azurestackcloud", "AzureStackCloud"],
]);

/** The names of {@link parseCloudName}, for messages. */
export const CLOUD_NAME_SPELLINGS =
  "AzurePublicCloud, AzureUSGovernmentCloud, AzureChinaCloud, AzureGermanCloud or AzureStackCloud";

/**
 * Reads a cloud's name in any case, its older aliases `AzureCloud` and `AzureUSGovernment` included. Undefined for
 * anything else.
 */
export function parseCloudName(text: string): CloudName | undefined {
  return CLOUD_NAMES.get(text.toLowerCase());
}
