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
  /** Origin of the authority, for example `https://login.microsoftonline.com`. */
  readonly authorityHost: string;
  /** What follows `<vault name>.` in a vault's host; may carry `:port`. For example `vault.azure.net`. */
  readonly vaultDnsSuffix: string;
  /** Scope to ask a token for, for example `https://vault.azure.net/.default`. */
  readonly vaultScope: string;
}
