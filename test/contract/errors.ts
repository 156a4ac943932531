import { row, type Row, type Section } from "./row.js";

const WIRE = "integration/wire";
const ATTRIBUTES = "the wire attributes without a pod's";
const CLASS = "integration/parameters";
const REFUSED = "parameters of a class that are refused before anything is asked";
const YAML = "integration/objects-yaml";
const REFUSES = "objects: the YAML refuses, before anything is asked";
const FILES = "integration/files";
const NAMES = "files of the volume names";
const WORKLOAD = "integration/workload-identity";
const NO_TOKEN = "workload identity without a usable token is refused before anything is asked";
const PRINCIPAL = "integration/service-principal";
const NO_SECRET = "service principal without what it needs is refused before anything is asked";
const VAULT = "integration/vault-answers";
const REFUSALS =
  "answers of the vault refusals keep the service's code and HTTP status, and name object, version and remedy";

/** A phrase, its test, and the words of the source that hold it: without a word of them the test must fail. */
function phrase(
  words: string,
  test: readonly [file: string, title: string],
  file: string,
  code = words,
): Row {
  const [first = ""] = words.split(" ");
  return row(words, test, [file, code, code.replace(code.includes(first) ? first : code, "oops")]);
}

const PLAN = "parameters/plan-mount";
const RULES = "parameters/object-rules";
const IDENTITY = "parameters/choose-identity";
const SECRET = "parameters/choose-service-principal";
const TOKENS = "parameters/service-account-tokens";

/** Phrases that people search for, in the old provider's words. */
export const ERROR_PHRASE_ROWS: Section = {
  title: "Phrases of errors",
  rows: [
    phrase(
      "failed to mount objects, error: ",
      [VAULT, `${REFUSALS} 404 SecretNotFound is NOT_FOUND`],
      "rpc/status",
    ),
    phrase(
      "failed to get objectType:<t>, objectName:<n>, objectVersion:<v>: <cause>",
      [VAULT, `${REFUSALS} 404 SecretNotFound is NOT_FOUND`],
      "mount/object-files",
      "`failed to get objectType:${type}, objectName:",
    ),
    row(
      "the service's own code",
      [VAULT, `${REFUSALS} 404 SecretNotFound is NOT_FOUND`],
      ["keyvault/service-refusal", 'code: shownServiceCode(field(error, "code")),', "code: undefined,"],
    ),
    row(
      "the service's own inner code: SecretDisabled",
      [VAULT, `${REFUSALS} 403 SecretDisabled is PERMISSION_DENIED and says to enable it`],
      [
        "keyvault/service-refusal",
        'shownServiceCode(field(field(error, "innererror"), "code"))',
        "undefined",
      ],
    ),
    row(
      "the HTTP status",
      [VAULT, `${REFUSALS} 404 SecretNotFound is NOT_FOUND`],
      ["keyvault/explain", "answered HTTP ${facts.status}${facts.code", "answered HTTP${facts.code"],
    ),
    row(
      "the authority's own code: AADSTS7000215",
      [
        PRINCIPAL,
        "service principal that Entra ID does not accept is UNAUTHENTICATED, with its code a wrong secret: AADSTS7000215",
      ],
      ["identity/refusal", "code: numbered ??", "code: undefined ??"],
    ),
    phrase(
      "pod name is not provided",
      [WIRE, `${ATTRIBUTES} name are refused first, whatever else is wrong`],
      PLAN,
      '"pod name", DRIVER',
    ),
    phrase(
      "pod namespace is not provided",
      [WIRE, `${ATTRIBUTES} namespace are refused first, whatever else is wrong`],
      PLAN,
      '"pod namespace", DRIVER',
    ),
    phrase("keyvaultName is not provided", [CLASS, `${REFUSED} no keyvaultName`], PLAN),
    phrase("tenantId is not provided", [CLASS, `${REFUSED} no tenant`], PLAN),
    phrase("objects is not set", [CLASS, `${REFUSED} no objects`], PLAN),
    phrase("failed to yaml unmarshal objects", [YAML, `${REFUSES} no YAML`], "parameters/parse-objects"),
    phrase(
      "unmarshal failed for keyVaultObjects at index N",
      [YAML, `${REFUSES} an entry that is no YAML`],
      "parameters/object-fields",
      "`unmarshal failed for keyVaultObjects at index",
    ),
    phrase(
      "Invalid vault name",
      [CLASS, `${REFUSED} keyvaultName "ab"`],
      PLAN,
      "Invalid vault name: ${quote(name)} in keyvaultName ${problem}",
    ),
    phrase(
      "Invalid vaultObjectTypes. Should be secret, key, or cert",
      [YAML, `${REFUSES} objectType "Secret"`],
      RULES,
    ),
    phrase("file name must not be empty", [YAML, `${REFUSES} no objectName`], RULES),
    phrase(
      "file name must be a relative path",
      [FILES, `${NAMES} "/etc/passwd" is refused before the driver would`],
      "parameters/file-name",
    ),
    phrase(
      "file name must not contain '..'",
      [FILES, `${NAMES} "../x" is refused before the driver would`],
      "parameters/file-name",
    ),
    phrase("invalid objectFormat", [YAML, `${REFUSES} objectFormat der`], RULES),
    phrase(
      "PFX format only supported for objectType: secret",
      [YAML, `${REFUSES} objectFormat pfx of a cert`],
      RULES,
    ),
    phrase("invalid objectEncoding", [YAML, `${REFUSES} objectEncoding rot13`], RULES),
    phrase(
      "objectEncoding only supported for objectType: secret",
      [YAML, `${REFUSES} objectEncoding hex of a key`],
      RULES,
    ),
    phrase(
      "only one identity mode can be enabled at a time",
      [CLASS, `${REFUSED} two identity modes`],
      IDENTITY,
    ),
    phrase(
      "clientID is required for identity binding",
      [CLASS, `${REFUSED} useAzureTokenProxy without clientID`],
      IDENTITY,
    ),
    phrase("service account tokens not found", [WORKLOAD, `${NO_TOKEN} no tokens`], TOKENS),
    phrase(
      "token for audience <a> not found",
      [WORKLOAD, `${NO_TOKEN} tokens for another audience`],
      TOKENS,
      "if (entry === undefined) return { problem: `token for audience ${audience} not found` };",
    ),
    phrase(
      "failed to get credentials, nodePublishSecretRef secret is not set",
      [PRINCIPAL, `${NO_SECRET} {}`],
      SECRET,
    ),
    phrase("could not find clientid in secrets", [PRINCIPAL, `${NO_SECRET} no clientid`], SECRET),
    phrase("could not find clientsecret in secrets", [PRINCIPAL, `${NO_SECRET} no clientsecret`], SECRET),
    phrase(
      "nmi response failed with status code",
      [
        "unit/identity/pod-identity",
        "identity/credentials/pod-identity PodIdentity explains 500, after one request",
      ],
      "identity/credentials/pod-identity-error",
    ),
  ],
};
