/** One class, and what every gate has to say of its parameters. */
export interface ClassCase {
  readonly name: string;
  /** Changes of a sound class; undefined takes a parameter away. */
  readonly changes: Readonly<Record<string, string | undefined>>;
  /**
   * `refused`: by the program, and by whatever sees the parameters. `hidden`: by the program alone, which reads the YAML
   * in `objects`.
   */
  readonly verdict: "taken" | "refused" | "hidden";
  /** A part of the program's message, which the policy repeats. */
  readonly says?: string;
}

export const SOUND_PARAMETERS: Readonly<Record<string, string>> = {
  keyvaultName: "contoso-shop",
  tenantID: "8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59",
  clientID: "5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21",
  objects: "array:\n  - |\n    objectName: db\n    objectType: secret\n",
};

const taken = (name: string, changes: ClassCase["changes"] = {}): ClassCase => ({
  name,
  changes,
  verdict: "taken",
});
const refused = (name: string, changes: ClassCase["changes"], says: string): ClassCase => ({
  name,
  changes,
  verdict: "refused",
  says,
});
const hidden = (name: string, objects: string): ClassCase => ({
  name,
  changes: { objects },
  verdict: "hidden",
});

const ON_NODE = { clientID: undefined, useVMManagedIdentity: "true" };
const TWO_MODES = "only one identity mode can be enabled at a time";

/**
 * Classes at the borders of the rules. The program, the JSON schema and the admission policy are each held to all of
 * them: what the program takes, nobody may refuse. It runs with a default tenant and a default client here.
 */
export const CLASS_CASES: readonly ClassCase[] = [
  taken("sound"),
  taken("without a tenant, which a flag may set", { tenantID: undefined }),
  taken("a blank tenant", { tenantID: " \n" }),
  taken("without any identity", { clientID: undefined }),
  taken("white space around every value", {
    keyvaultName: " contoso-shop\n",
    tenantID: "\tcontoso.example ",
    clientID: " app ",
    cloudName: " azurecloud\t",
    useAzureTokenProxy: " false ",
  }),
  taken("the older tenantId", { tenantID: undefined, tenantId: "adfs" }),
  taken("a wrong tenantId under a right tenantID", { tenantId: "<tenant>" }),
  ...["AzurePublicCloud", "AZURECLOUD", "AzureUSGovernment", "azureusgovernmentcloud", "AzureChinaCloud", "AzureGermanCloud", "AzureStackCloud", ""].map((cloudName) => taken(`cloudName ${JSON.stringify(cloudName)}`, { cloudName })), // prettier-ignore
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => taken(`useAzureTokenProxy ${text}`, { useAzureTokenProxy: text })), // prettier-ignore
  ...["0", "f", "F", "FALSE", "false", "False", " "].map((text) => taken(`usePodIdentity ${JSON.stringify(text)}`, { usePodIdentity: text, useVMManagedIdentity: "true" })), // prettier-ignore
  taken("the machine's own identity", ON_NODE),
  taken("one of the machine's identities", { ...ON_NODE, userAssignedIdentityID: "app" }),
  taken("any tenant and client where the node is asked", {
    ...ON_NODE,
    clientID: "<client>",
    tenantID: "<tenant>",
  }),
  taken("any userAssignedIdentityID where it has no meaning", {
    userAssignedIdentityID: "/subscriptions/x y",
  }),
  taken("a client that is a URI", { clientID: "https://adfs.example/app" }),
  taken("the longest client", { clientID: "x".repeat(256) }),
  taken("the shortest vault", { keyvaultName: "a-b" }),
  taken("the longest vault", { keyvaultName: "A".repeat(24) }),
  taken("parameters of older versions, and unknown ones", { resourceGroup: "x", keyVaultName: "y" }),
  taken("an environment file", { cloudName: "AzureStackCloud", cloudEnvFileName: "/etc/stack.json" }),

  refused("no vault", { keyvaultName: undefined }, "keyvaultName is not provided"),
  refused("a blank vault", { keyvaultName: " " }, "keyvaultName is not provided"),
  refused("a vault's URL", { keyvaultName: "https://a.vault.azure.net" }, "Invalid vault name"),
  refused("a vault too short", { keyvaultName: "ab" }, "Invalid vault name"),
  refused("a vault too long", { keyvaultName: "a".repeat(25) }, "Invalid vault name"),
  refused("a vault like a domain", { keyvaultName: "XN--abc" }, "begins with xn--"),
  refused("a vault of two lines", { keyvaultName: "abc\nabc" }, "Invalid vault name"),
  refused("no objects", { objects: undefined }, "objects is not set"),
  refused("blank objects", { objects: " \n\t" }, "objects is not set"),
  refused("a cloud that is none", { cloudName: "AzureMoonCloud" }, "is not valid"),
  refused("a boolean that is none", { usePodIdentity: "yes" }, "failed to parse usePodIdentity flag"),
  refused("another", { useVMManagedIdentity: "tRUE" }, "failed to parse useVMManagedIdentity flag"),
  refused("a third", { useAzureTokenProxy: "on" }, "failed to parse useAzureTokenProxy flag"),
  refused("two modes", { ...ON_NODE, usePodIdentity: "1" }, TWO_MODES),
  refused("two others", { ...ON_NODE, useAzureTokenProxy: "T" }, TWO_MODES),
  refused("the last two", { usePodIdentity: "t", useAzureTokenProxy: "True" }, TWO_MODES),
  refused("identity binding without a client", { clientID: " ", useAzureTokenProxy: "true" }, "clientID is required for identity binding"), // prettier-ignore
  refused("a client that is none", { clientID: "<client id>" }, "is no client ID"),
  refused("a client too long", { clientID: "x".repeat(257) }, "is no client ID"),
  refused("a resource ID", { ...ON_NODE, userAssignedIdentityID: "/subscriptions/x" }, "is a resource ID"),
  refused(
    "an assigned identity that is none",
    { ...ON_NODE, userAssignedIdentityID: "a b" },
    "is no client ID",
  ),
  refused("a tenant that is none", { tenantID: "contoso/common" }, "is no tenant"),
  refused("a tenant with dots", { tenantID: "a..b" }, "is no tenant"),
  refused("an older tenant that is none", { tenantID: "", tenantId: "<tenant>" }, "is no tenant"),

  hidden("objects that are no YAML", "array: ["),
  hidden("an empty list", "array: []"),
  hidden("an object without a type", "- objectName: db"),
  hidden("a file twice", "- {objectName: a, objectType: secret}\n- {objectName: a, objectType: key}"),
];

/** The parameters of a case. */
export function parametersOf({ changes }: ClassCase): Record<string, string> {
  const all = { ...SOUND_PARAMETERS, ...changes };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
