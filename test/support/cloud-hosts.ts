/** The AzureStackCloud of the tests, whose environment file they write themselves. */
export const STACK = { authority: "login.stack.example", suffix: "vault.stack.example" };

/** Each cloud with the only hosts that it names: independent of the provider's own table. */
export const CLOUD_HOSTS: readonly { cloudName: string; authority: string; suffix: string }[] = [
  { cloudName: "AzurePublicCloud", authority: "login.microsoftonline.com", suffix: "vault.azure.net" },
  {
    cloudName: "AzureUSGovernmentCloud",
    authority: "login.microsoftonline.us",
    suffix: "vault.usgovcloudapi.net",
  },
  { cloudName: "AzureChinaCloud", authority: "login.chinacloudapi.cn", suffix: "vault.azure.cn" },
  { cloudName: "AzureGermanCloud", authority: "login.microsoftonline.de", suffix: "vault.microsoftazure.de" },
  { cloudName: "AzureStackCloud", ...STACK },
];
