/** One Azure cloud as the emulator plays it: who signs tokens there, and what its vaults are called. */
export interface PlayedCloud {
  /** Name as SecretProviderClasses spell it, for example "AzurePublicCloud". */
  readonly name: string;
  /** Hosts that answer as Entra ID, lower case, without a port; the first is the one that challenges name. */
  readonly authorityHosts: readonly string[];
  /** What stands before `<tenant id>/` in the `iss` of an access token. */
  readonly tokenIssuer: string;
  /** What a vault's host ends with, lower case, without a port and without a leading dot. */
  readonly vaultSuffix: string;
  /** `aud` that a vault expects, and the resource that its challenge names. */
  readonly vaultAudience: string;
  /** `tenant_region_scope` and `cloud_instance_name` of the discovery documents. */
  readonly instanceName: string;
}

/** The public cloud and the sovereign ones, with the endpoints that Microsoft publishes for each. */
export const KNOWN_CLOUDS: readonly PlayedCloud[] = [
  {
    name: "AzurePublicCloud",
    authorityHosts: [
      "login.microsoftonline.com",
      "login.windows.net",
      "login.microsoft.com",
      "sts.windows.net",
    ],
    tokenIssuer: "https://sts.windows.net/",
    vaultSuffix: "vault.azure.net",
    vaultAudience: "https://vault.azure.net",
    instanceName: "microsoftonline.com",
  },
  {
    name: "AzureUSGovernmentCloud",
    authorityHosts: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    tokenIssuer: "https://sts.windows.net/",
    vaultSuffix: "vault.usgovcloudapi.net",
    vaultAudience: "https://vault.usgovcloudapi.net",
    instanceName: "microsoftonline.us",
  },
  {
    name: "AzureChinaCloud",
    authorityHosts: ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
    tokenIssuer: "https://sts.chinacloudapi.cn/",
    vaultSuffix: "vault.azure.cn",
    vaultAudience: "https://vault.azure.cn",
    instanceName: "partner.microsoftonline.cn",
  },
  {
    name: "AzureGermanCloud",
    authorityHosts: ["login.microsoftonline.de"],
    tokenIssuer: "https://sts.microsoftonline.de/",
    vaultSuffix: "vault.microsoftazure.de",
    vaultAudience: "https://vault.microsoftazure.de",
    instanceName: "microsoftonline.de",
  },
];

/** A cloud of one's own, such as an Azure Stack Hub; hosts may carry a port, which is ignored. */
export interface CustomCloud {
  /** Default "AzureStackCloud". */
  name?: string;
  /** Hosts that answer as Entra ID (or AD FS, under the tenant "adfs"); the first is named in challenges. */
  authorityHosts: readonly string[];
  vaultSuffix: string;
  /** Default `https://<vaultSuffix>`. */
  vaultAudience?: string;
}

/** The played form of a custom cloud. */
export function playCustomCloud(custom: CustomCloud): PlayedCloud {
  const vaultSuffix = hostnameOf(custom.vaultSuffix);
  const [first] = custom.authorityHosts;
  if (first === undefined) throw new RangeError("a custom cloud needs one authority host or more");
  return {
    name: custom.name ?? "AzureStackCloud",
    authorityHosts: custom.authorityHosts.map(hostnameOf),
    tokenIssuer: `https://${first}/`,
    vaultSuffix,
    vaultAudience: custom.vaultAudience ?? `https://${vaultSuffix}`,
    instanceName: hostnameOf(first),
  };
}

/** Host name of a `Host` header, a CONNECT target or an option: lower case, no port, no trailing or leading dot. */
export function hostnameOf(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  const bare = bracketed?.[1] ?? host.replace(/:\d*$/, "");
  return bare.toLowerCase().replace(/^\.|\.$/g, "");
}
