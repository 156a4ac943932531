import type { ErrorCode } from "../../src/errors/codes.js";
import { CLOUD_NAME_SPELLINGS } from "../../src/model/cloud.js";
import { GO_BOOLEAN_SPELLINGS } from "../../src/model/go-scalars.js";
import type { PARAMETER } from "../../src/parameters/attributes.js";
import type { ObjectField } from "../../src/parameters/object-fields.js";
import { MAX_OBJECT_NAME_LENGTH } from "../../src/parameters/object-rules.js";
import { MAX_OBJECTS, MAX_OBJECTS_LENGTH } from "../../src/parameters/parse-objects.js";

/** A value that is refused, and how: held against the code by test/manifests/docs-parameters.test.ts. */
export interface Refusal {
  readonly given: string;
  readonly code: ErrorCode;
  /** A part of the message. */
  readonly says: string;
}

/** What a person must know of one parameter, or of one field of an object. */
export interface Facts {
  readonly meaning: string;
  /** What it is when it is left out or blank. */
  readonly withoutIt: string;
  /** What it takes, in words. */
  readonly takes: string;
  /** Values that are taken, each by itself in a class that is sound otherwise. */
  readonly accepted: readonly string[];
  readonly refused: readonly Refusal[];
}

const BOOLEAN = `${GO_BOOLEAN_SPELLINGS}; quoted, as all parameters are texts`;
const notBoolean = (name: string): Refusal => ({
  given: "yes",
  code: "PARAMETER_INVALID",
  says: `failed to parse ${name} flag`,
});

/** By the keys of the code's own table of parameters: a new one does not compile until it stands here. */
export const PARAMETER_FACTS: Readonly<Record<keyof typeof PARAMETER, Facts>> = {
  vaultName: {
    meaning: "The vault: `https://<keyvaultName>.<suffix of the cloud>/`.",
    withoutIt: "refused",
    takes: "3 to 24 letters, digits and hyphens: the name, not the URL",
    accepted: ["contoso-shop", "abc"],
    refused: [
      { given: "", code: "PARAMETER_MISSING", says: "keyvaultName is not provided" },
      { given: "https://contoso.vault.azure.net", code: "PARAMETER_INVALID", says: "Invalid vault name" },
    ],
  },
  tenantId: {
    meaning: "The Entra ID tenant of the vault's subscription.",
    withoutIt: "`tenantId`, then `--default-tenant-id`; else refused",
    takes: "the tenant's ID, one of its domain names, or `adfs`",
    accepted: ["8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59", "contoso.onmicrosoft.com", "adfs"],
    refused: [
      { given: "", code: "PARAMETER_MISSING", says: "tenantId is not provided" },
      { given: "contoso/common", code: "PARAMETER_INVALID", says: "is no tenant" },
    ],
  },
  oldTenantId: {
    meaning: "The older spelling of `tenantID`, which wins where both are set.",
    withoutIt: "see `tenantID`",
    takes: "as `tenantID`",
    accepted: ["8e6b1f3a-2c9d-4b75-a0e4-6f1d2c3b4a59"],
    refused: [],
  },
  objects: {
    meaning: "What to mount: a YAML text, see below.",
    withoutIt: "refused",
    takes: `a list of 1 to ${MAX_OBJECTS} objects, at most ${MAX_OBJECTS_LENGTH / 1024} Ki characters`,
    accepted: [
      "array:\n  - |\n    objectName: db\n    objectType: secret\n",
      "array:\n  - objectName: db\n    objectType: secret\n",
      "- objectName: db\n  objectType: secret\n",
    ],
    refused: [
      { given: "", code: "OBJECTS_MISSING", says: "objects is not set" },
      { given: "array: []", code: "OBJECTS_MISSING", says: "objects lists nothing" },
      { given: "array: {", code: "OBJECTS_NOT_YAML", says: "failed to yaml unmarshal objects" },
    ],
  },
  cloudName: {
    meaning: "The cloud of vault and sign-in; see [networking.md](networking.md#hosts).",
    withoutIt: "`--cloud-name`, which is AzurePublicCloud unless it is set",
    takes: `in any case: ${CLOUD_NAME_SPELLINGS}; also AzureCloud and AzureUSGovernment`,
    accepted: ["AzurePublicCloud", "azurechinacloud", "AzureCloud", "AzureUSGovernment"],
    refused: [{ given: "AzureMoon", code: "CLOUD_UNKNOWN", says: "is not valid" }],
  },
  cloudEnvironmentFile: {
    meaning:
      "With AzureStackCloud: path of its environment file, in the provider's container. Without effect otherwise.",
    withoutIt: "the provider's variable `AZURE_ENVIRONMENT_FILEPATH`",
    takes: "a path; the file is read at each mount",
    accepted: ["/etc/azure-stack/environment.json"],
    refused: [],
  },
  usePodIdentity: {
    meaning: "Sign in by AAD Pod Identity, as the pod.",
    withoutIt: "false",
    takes: BOOLEAN,
    accepted: ["true", "1", "f", "False"],
    refused: [notBoolean("usePodIdentity")],
  },
  useVmManagedIdentity: {
    meaning: "Sign in as an identity of the node's machine.",
    withoutIt: "false",
    takes: BOOLEAN,
    accepted: ["true", "T", "0"],
    refused: [notBoolean("useVMManagedIdentity")],
  },
  userAssignedIdentityId: {
    meaning: "With `useVMManagedIdentity`: which of the machine's identities. Without effect otherwise.",
    withoutIt: "the system-assigned identity",
    takes: "the identity's client ID; neither its object ID nor its resource ID",
    accepted: ["5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21"],
    refused: [
      {
        given: "/subscriptions/0/resourceGroups/shop",
        code: "PARAMETER_INVALID",
        says: "is a resource ID; write the client ID",
      },
    ],
  },
  useAzureTokenProxy: {
    meaning: "Sign in by an AKS identity binding, as `clientID`.",
    withoutIt: "false",
    takes: BOOLEAN,
    accepted: ["false", "F"],
    refused: [notBoolean("useAzureTokenProxy")],
  },
  clientId: {
    meaning: "Workload identity, and identity binding: the application or managed identity to sign in as.",
    withoutIt:
      "`--default-client-id` for pods that bring a token; else the service principal of `nodePublishSecretRef`; else refused",
    takes: "the client ID, mostly a UUID",
    accepted: ["5a2c6d0e-8f4b-4c11-9a57-0d3e1b7c9f21"],
    refused: [{ given: "my app", code: "PARAMETER_INVALID", says: "is no client ID" }],
  },
};

/** By the fields that the code knows: a new one does not compile until it stands here. */
export const FIELD_FACTS: Readonly<Record<ObjectField, Facts>> = {
  objectName: {
    meaning: "The object's name in the vault.",
    withoutIt: "refused",
    takes: `letters, digits and hyphens, at most ${MAX_OBJECT_NAME_LENGTH}`,
    accepted: ["database-password"],
    refused: [
      { given: "", code: "OBJECT_FIELD_INVALID", says: "file name must not be empty" },
      {
        given: "x".repeat(MAX_OBJECT_NAME_LENGTH + 1),
        code: "OBJECT_FIELD_INVALID",
        says: "cannot be the name of an object",
      },
    ],
  },
  objectType: {
    meaning: "What is read, and so what the file holds; see [certificates.md](certificates.md).",
    withoutIt: "refused",
    takes: "`secret`, `key` or `cert`, in lower case",
    accepted: ["secret", "key", "cert"],
    refused: [
      { given: "Secret", code: "OBJECT_FIELD_INVALID", says: "Should be secret, key, or cert" },
      { given: "certificate", code: "OBJECT_FIELD_INVALID", says: "write cert" },
    ],
  },
  objectAlias: {
    meaning: "The file's path inside the volume; of a history, the folder.",
    withoutIt: "`objectName`",
    takes: "a relative path; `/` makes folders; neither `..` nor empty parts",
    accepted: ["password", "tls/bundle.pem"],
    refused: [
      { given: "/etc/passwd", code: "FILE_NAME_INVALID", says: "file name must be a relative path" },
      { given: "../x", code: "FILE_NAME_INVALID", says: "file name must not contain '..'" },
      { given: "a//b", code: "FILE_NAME_INVALID", says: "file name must not have empty parts" },
    ],
  },
  objectVersion: {
    meaning: "One version; of a history, the newest one that is written. See [versions.md](versions.md).",
    withoutIt: "the newest version, and at each rotation the newest of then",
    takes: "32 hexadecimal digits, or `latest`",
    accepted: ["0123456789abcdef0123456789abcdef", "latest"],
    refused: [{ given: "..", code: "OBJECT_FIELD_INVALID", says: "cannot be a version" }],
  },
  objectVersionHistory: {
    meaning: "How many versions back: files `<file>/0` (the newest) to `<file>/n`.",
    withoutIt: "0: one version, in one file",
    takes: "a whole number; 1 and less is no history. `n` gives up to n+1 files",
    accepted: ["5", "0"],
    refused: [{ given: "many", code: "OBJECT_FIELD_INVALID", says: "is no whole number" }],
  },
  objectFormat: {
    meaning: "Of a secret that backs a certificate stored as PKCS#12: as PEM, or the PFX as it is.",
    withoutIt: "`pem`",
    takes: "`pem` or `pfx`, in any case; `pfx` for `objectType: secret` only",
    accepted: ["pem", "PFX"],
    refused: [{ given: "der", code: "OBJECT_FIELD_INVALID", says: "invalid objectFormat" }],
  },
  objectEncoding: {
    meaning: "How the secret's value is encoded in the vault; it is decoded before it is written.",
    withoutIt: "`utf-8`: the value as it is",
    takes: "`utf-8`, `base64` or `hex`, in any case; for `objectType: secret` only",
    accepted: ["utf-8", "base64", "HEX"],
    refused: [{ given: "rot13", code: "OBJECT_FIELD_INVALID", says: "invalid objectEncoding" }],
  },
  filePermission: {
    meaning: "The file's mode.",
    withoutIt: "what the driver asks for: 0644",
    takes: "an octal number from 0000 to 0777",
    accepted: ["0400", "644"],
    refused: [
      { given: "rw-r--r--", code: "OBJECT_FIELD_INVALID", says: "is no file mode" },
      { given: "0899", code: "OBJECT_FIELD_INVALID", says: "is no file mode" },
    ],
  },
};
