import type { Cloud, CloudName } from "../model/cloud.js";

/**
 * The clouds whose endpoints are the same for everybody.
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers
 */
export const WELL_KNOWN_CLOUDS: Readonly<Record<Exclude<CloudName, "AzureStackCloud">, Cloud>> = {
  AzurePublicCloud: {
    name: "AzurePublicCloud",
    authorityHost: "https://login.microsoftonline.com",
    vaultDnsSuffix: "vault.azure.net",
    vaultScope: "https://vault.azure.net/.default",
  },
  AzureUSGovernmentCloud: {
    name: "AzureUSGovernmentCloud",
    authorityHost: "https://login.microsoftonline.us",
    vaultDnsSuffix: "vault.usgovcloudapi.net",
    vaultScope: "https://vault.usgovcloudapi.net/.default",
  },
  AzureChinaCloud: {
    name: "AzureChinaCloud",
    authorityHost: "https://login.chinacloudapi.cn",
    // The newer name of the same authority; its discovery document may send token requests there.
    authorityAliases: ["https://login.partner.microsoftonline.cn"],
    vaultDnsSuffix: "vault.azure.cn",
    vaultScope: "https://vault.azure.cn/.default",
  },
  AzureGermanCloud: {
    name: "AzureGermanCloud",
    authorityHost: "https://login.microsoftonline.de",
    vaultDnsSuffix: "vault.microsoftazure.de",
    vaultScope: "https://vault.microsoftazure.de/.default",
  },
};
