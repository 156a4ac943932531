/**
 * The wire's spellings of all parameters and of the driver's own attributes: here and nowhere else.
 * @see https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/usage/
 */
export const PARAMETER = {
  vaultName: "keyvaultName",
  tenantId: "tenantID",
  oldTenantId: "tenantId",
  objects: "objects",
  cloudName: "cloudName",
  cloudEnvironmentFile: "cloudEnvFileName",
  usePodIdentity: "usePodIdentity",
  useVmManagedIdentity: "useVMManagedIdentity",
  userAssignedIdentityId: "userAssignedIdentityID",
  useAzureTokenProxy: "useAzureTokenProxy",
  clientId: "clientID",
} as const;

/** What the driver and the kubelet add. */
export const DRIVER_ATTRIBUTE = {
  podName: "csi.storage.k8s.io/pod.name",
  podNamespace: "csi.storage.k8s.io/pod.namespace",
  podUid: "csi.storage.k8s.io/pod.uid",
  serviceAccountName: "csi.storage.k8s.io/serviceAccount.name",
  serviceAccountTokens: "csi.storage.k8s.io/serviceAccount.tokens",
  className: "secretProviderClass",
} as const;

/** Whoever owns this prefix adds to it; nothing under it is a class author's mistake. */
export const DRIVER_ATTRIBUTE_PREFIX = "csi.storage.k8s.io/";

/** Parameters that older versions knew and that many classes still carry. */
export const LEGACY_PARAMETERS: ReadonlySet<string> = new Set([
  "resourceGroup",
  "subscriptionId",
  "enableSecretRotation",
  "keyvaultObjectNames",
  "keyvaultObjectTypes",
  "keyvaultObjectVersions",
  "keyvaultObjectAliases",
]);
