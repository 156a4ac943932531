import { row, type Section } from "./row.js";

const CLASS = "integration/parameters";
const ACCEPTED = "parameters of a class that are accepted";
const IDENTITY = "unit/contract/attributes";
const ATTRIBUTES = "the attributes of a mount";
const PRINCIPAL = "integration/service-principal";
const WORKLOAD = "integration/workload-identity";
const CLOUDS = "integration/clouds";
const IN_STACK = "clouds AzureStackCloud by cloudEnvFileName";

/** Every name of `PARAMETER` in src/parameters/attributes.ts. */
export const PARAMETER_ROWS: Section = {
  title: "Parameters of a SecretProviderClass",
  rows: [
    row(
      "keyvaultName",
      [CLASS, `${ACCEPTED} as the documentation writes them`],
      ["parameters/plan-mount", "const name = read.text(PARAMETER.vaultName);", 'const name = "";'],
    ),
    row(
      "tenantID",
      [CLASS, `${ACCEPTED} with both tenants, of which tenantID wins`],
      ["parameters/plan-mount", "const current = read.text(PARAMETER.tenantId);", 'const current = "";'],
    ),
    row(
      "tenantId",
      [CLASS, `${ACCEPTED} with the older tenantId`],
      [
        "parameters/plan-mount",
        'const name = current === "" ? PARAMETER.oldTenantId : PARAMETER.tenantId;',
        "const name = PARAMETER.tenantId;",
      ],
    ),
    row(
      "objects",
      [
        "integration/objects-yaml",
        "objects: the YAML takes array of blocks, as the documentation writes them",
      ],
      [
        "parameters/decode-mount-request",
        'return decoded.attributes.get(PARAMETER.objects) ?? "";',
        'return "";',
      ],
    ),
    row(
      "cloudName",
      [
        CLOUDS,
        'clouds by name, each with its own authority and vaults "AzureUSGovernmentCloud" signs in at login.microsoftonline.us',
      ],
      ["parameters/plan-mount", "const text = read.text(PARAMETER.cloudName);", 'const text = "";'],
    ),
    row(
      "cloudEnvFileName",
      [CLOUDS, `${IN_STACK} signs in and reads where the file says, and nowhere else`],
      [
        "parameters/plan-mount",
        "const environmentFile = read.text(PARAMETER.cloudEnvironmentFile);",
        'const environmentFile = "";',
      ],
    ),
    row(
      "usePodIdentity",
      [IDENTITY, `${ATTRIBUTES} usePodIdentity chooses AAD Pod Identity`],
      [
        "parameters/choose-identity",
        "const usePodIdentity = read.boolean(PARAMETER.usePodIdentity);",
        "const usePodIdentity = false;",
      ],
    ),
    row(
      "useVMManagedIdentity",
      [IDENTITY, `${ATTRIBUTES} useVMManagedIdentity chooses the node's own identity`],
      [
        "parameters/choose-identity",
        "const useManagedIdentity = read.boolean(PARAMETER.useVmManagedIdentity);",
        "const useManagedIdentity = false;",
      ],
    ),
    row(
      "userAssignedIdentityID",
      [IDENTITY, `${ATTRIBUTES} userAssignedIdentityID names one of the node's identities`],
      [
        "parameters/choose-identity",
        "return { id: read.identifier(name), warnings: [] };",
        'return { id: "", warnings: [] };',
      ],
    ),
    row(
      "useAzureTokenProxy",
      [IDENTITY, `${ATTRIBUTES} useAzureTokenProxy chooses identity binding`],
      [
        "parameters/choose-identity",
        "const useTokenProxy = read.boolean(PARAMETER.useAzureTokenProxy);",
        "const useTokenProxy = false;",
      ],
    ),
    row(
      "clientID",
      [WORKLOAD, "workload identity signs in with the pod's own token as client assertion"],
      ["parameters/choose-identity", ": read.identifier(PARAMETER.clientId);", ': "";'],
    ),
  ],
};

/** Every name of `DRIVER_ATTRIBUTE` in src/parameters/attributes.ts. */
export const DRIVER_ATTRIBUTE_ROWS: Section = {
  title: "Attributes that the driver adds",
  rows: [
    row(
      "csi.storage.k8s.io/pod.name",
      [IDENTITY, `${ATTRIBUTES} csi.storage.k8s.io/pod.name is the pod's name`],
      ["parameters/plan-mount", "name: read.text(DRIVER_ATTRIBUTE.podName),", 'name: "",'],
    ),
    row(
      "csi.storage.k8s.io/pod.namespace",
      [IDENTITY, `${ATTRIBUTES} csi.storage.k8s.io/pod.namespace is the pod's namespace`],
      ["parameters/plan-mount", "namespace: read.text(DRIVER_ATTRIBUTE.podNamespace),", 'namespace: "",'],
    ),
    row(
      "csi.storage.k8s.io/pod.uid",
      [IDENTITY, `${ATTRIBUTES} csi.storage.k8s.io/pod.uid is the pod's uid`],
      ["parameters/plan-mount", "uid: read.text(DRIVER_ATTRIBUTE.podUid),", 'uid: "",'],
    ),
    row(
      "csi.storage.k8s.io/serviceAccount.name",
      [IDENTITY, `${ATTRIBUTES} csi.storage.k8s.io/serviceAccount.name is the pod's service account`],
      [
        "parameters/plan-mount",
        "serviceAccountName: read.text(DRIVER_ATTRIBUTE.serviceAccountName),",
        'serviceAccountName: "",',
      ],
    ),
    row(
      "csi.storage.k8s.io/serviceAccount.tokens",
      [WORKLOAD, "workload identity picks the token of its audience among several"],
      [
        "parameters/decode-mount-request",
        'attributes.get(DRIVER_ATTRIBUTE.serviceAccountTokens)?.trim() ?? ""',
        '""',
      ],
    ),
    row(
      "secretProviderClass",
      [IDENTITY, `${ATTRIBUTES} secretProviderClass is the name of the class`],
      ["parameters/plan-mount", "className: read.text(DRIVER_ATTRIBUTE.className),", 'className: "",'],
    ),
  ],
};

export const PARAMETER_RULE_ROWS: Section = {
  title: "Rules of parameters and of the choice of identity",
  rows: [
    row(
      "every value is trimmed",
      [CLASS, `${ACCEPTED} with blanks and line ends around every value`],
      [
        "parameters/decode-mount-request",
        "attributes.set(name, value.trim());",
        "attributes.set(name, value);",
      ],
    ),
    row(
      "booleans as Go's ParseBool: true",
      [IDENTITY, `${ATTRIBUTES} a boolean is true as 1, t, T, TRUE, true and True`],
      ["model/go-scalars", '"1", "t", "T", "TRUE", "true", "True"', '"true"'],
    ),
    row(
      "booleans as Go's ParseBool: false",
      [CLASS, `${ACCEPTED} with every boolean as "F"`],
      ["model/go-scalars", '"0", "f", "F", "FALSE", "false", "False"', '"false"'],
    ),
    row(
      "a value that is no boolean is an error",
      [CLASS, 'parameters of a class that are refused before anything is asked usePodIdentity "yes"'],
      ["parameters/parameter-reader", "if (value === undefined) {", "if (value === null) {"],
    ),
    row(
      "cloudName in any case",
      [
        CLOUDS,
        'clouds by name, each with its own authority and vaults "AZUREUSGOVERNMENT" signs in at login.microsoftonline.us',
      ],
      ["model/cloud", "CLOUD_NAMES.get(text.toLowerCase())", "CLOUD_NAMES.get(text)"],
    ),
    row(
      "cloudEnvFileName counts for its own class only",
      [CLOUDS, `${IN_STACK} does not leak to a later class that names no file`],
      [
        "cloud/resolve-cloud",
        "const [source, path] =",
        "selection = { ...selection, environmentFile: (resolveCloud.last = selection.environmentFile || resolveCloud.last || '') };\n  const [source, path] =",
      ],
    ),
    row(
      "legacy and unknown parameters are ignored, with a warning",
      [
        CLASS,
        "parameters of a class that are unknown or of old times get a word in the log, their values none",
      ],
      [
        "parameters/unknown-parameters",
        "const looked = unknown.slice(0, MAX_WARNINGS).map(warningFor);",
        "const looked = [];",
      ],
    ),
    row(
      "other attributes of the driver are no mistake: csi.storage.k8s.io/ephemeral",
      [
        IDENTITY,
        `${ATTRIBUTES} csi.storage.k8s.io/ephemeral, and whatever else the driver adds, gets no warning`,
      ],
      ["parameters/unknown-parameters", " && !name.startsWith(DRIVER_ATTRIBUTE_PREFIX)", ""],
    ),
    row(
      "a pod's volumeAttributes override the class",
      [
        "integration/wire",
        "the wire attributes carry the pod's volumeAttributes over the class's parameters",
      ],
      [
        "parameters/decode-mount-request",
        'return decoded.attributes.get(PARAMETER.objects) ?? "";',
        'return "";',
      ],
    ),
    row(
      "service principal: clientid in secrets",
      [PRINCIPAL, "service principal signs in with clientid and clientsecret"],
      [
        "parameters/choose-service-principal",
        'findSecret(secrets, "clientid")',
        'findSecret(secrets, "no-clientid")',
      ],
    ),
    row(
      "service principal: clientsecret in secrets",
      [PRINCIPAL, "service principal signs in with clientid and clientsecret"],
      [
        "parameters/choose-service-principal",
        'findSecret(secrets, "clientsecret")',
        'findSecret(secrets, "no-clientsecret")',
      ],
    ),
    row(
      "service principal: keys in any case",
      [PRINCIPAL, "service principal signs in with keys in odd case"],
      ["parameters/choose-service-principal", "key.toLowerCase() === name", "key === name"],
    ),
    row(
      "workload identity: audience api://AzureADTokenExchange",
      [WORKLOAD, "workload identity picks the token of its audience among several"],
      [
        "parameters/choose-identity",
        'EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"',
        'EXCHANGE_AUDIENCE = "api://Other"',
      ],
    ),
    row(
      "identity binding: audience api://AKSIdentityBinding",
      [IDENTITY, `${ATTRIBUTES} useAzureTokenProxy chooses identity binding`],
      [
        "parameters/choose-identity",
        'BINDING_AUDIENCE = "api://AKSIdentityBinding"',
        'BINDING_AUDIENCE = "api://Other"',
      ],
    ),
    row(
      "an explicit mode wins over clientID",
      [IDENTITY, `${ATTRIBUTES} useVMManagedIdentity wins over clientID with its token`],
      ["parameters/choose-identity", "if (token !== undefined && !isOnNode) {", "if (token !== undefined) {"],
    ),
    row(
      "clientID with a token wins over secrets",
      [WORKLOAD, "workload identity wins over secrets that came beside it"],
      [
        "parameters/choose-identity",
        'if (clientId === "") {\n    if (useTokenProxy)',
        'if (clientId === "" || request.secrets.size > 0) {\n    if (useTokenProxy)',
      ],
    ),
    row(
      "clientID without a token is an error, beside useVMManagedIdentity too",
      [
        WORKLOAD,
        "workload identity without a usable token is refused before anything is asked also beside useVMManagedIdentity",
      ],
      [
        "parameters/choose-identity",
        'clientId === ""\n      ? undefined',
        'clientId === "" || isOnNode\n      ? undefined',
      ],
    ),
    row(
      "pod name and namespace are checked first",
      [
        CLASS,
        "parameters of a class that are refused before anything is asked pod name and namespace before all else",
      ],
      [
        "parameters/plan-mount",
        "const pod = readPod(read, problems);\n  problems.throwIfAny();",
        "const pod = readPod(read, problems);",
      ],
    ),
  ],
};
