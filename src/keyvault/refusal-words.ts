import type { ErrorCode } from "../errors/codes.js";
import type { ObjectType } from "../model/key-vault-object.js";
import type { RefusalFacts } from "./service-refusal.js";

/** What was being asked when it went wrong. */
export interface Question {
  /** The vault as `host` or `host:port`. */
  readonly host: string;
  readonly type: ObjectType;
  readonly operation: "get" | "list";
  /** True when one version was named. */
  readonly hasVersion: boolean;
}

/** What a refusal means here: its code, why, and what to do about it. */
export interface Explanation {
  readonly code: ErrorCode;
  /** `<cause>; <remedy>` on one line. */
  readonly words: string;
}

/** What each type is called, and the narrowest built-in role that may read it. @see https://learn.microsoft.com/azure/key-vault/general/rbac-guide */
export const TYPE_WORDS: Readonly<Record<ObjectType, { noun: string; plural: string; role: string }>> = {
  secret: { noun: "secret", plural: "secrets", role: "Key Vault Secrets User" },
  key: { noun: "key", plural: "keys", role: "Key Vault Reader" },
  cert: { noun: "certificate", plural: "certificates", role: "Key Vault Reader" },
};

/**
 * Explains an answer other than 200 by its status and the service's codes.
 * @see https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
 * @see https://learn.microsoft.com/azure/key-vault/general/common-error-codes
 */
export function explainRefusal(facts: RefusalFacts, question: Question): Explanation {
  const { noun } = TYPE_WORDS[question.type];
  switch (facts.status) {
    case 400:
      return {
        code: "VAULT_REQUEST_REJECTED",
        words: `the vault does not take this request; check objectName (letters, digits and hyphens, at most 127) and objectVersion (32 hexadecimal digits, or empty for the newest)`,
      };
    case 401:
      return { code: "VAULT_UNAUTHENTICATED", words: explainUnauthenticated(facts) };
    case 403:
      return { code: "VAULT_FORBIDDEN", words: explainForbidden(facts, question) };
    case 404:
      return explainMissing(question);
    case 409:
      return {
        code: "VAULT_OBJECT_NOT_FOUND",
        words: `the ${noun} is being deleted, recovered or changed; wait until that has ended, or recover it in the vault`,
      };
    case 429:
      return {
        code: "VAULT_THROTTLED",
        words:
          "the vault is asked too often (its limit counts every caller in the vault and subscription); " +
          "spread pods over more vaults, or rotate less often",
      };
    default:
      return facts.status >= 500 || facts.status === 408 || facts.status < 400
        ? { code: "VAULT_FAILED", words: "the vault could not answer; it is asked again at the next mount" }
        : { code: "VAULT_REQUEST_REJECTED", words: "the vault does not take this request" };
  }
}

function explainUnauthenticated({ challengeTenant }: RefusalFacts): string {
  const owner =
    challengeTenant === undefined ? "" : ` (the vault asks for tokens of tenant ${challengeTenant})`;
  return (
    `the vault does not accept the identity's token${owner}; ` +
    "check that tenantID is the tenant of the vault's subscription and that cloudName fits the vault"
  );
}

function explainMissing({ type, operation, hasVersion }: Question): Explanation {
  const { noun, plural } = TYPE_WORDS[type];
  const recover = `recover it in the vault if it was deleted`;
  if (operation === "get" && hasVersion) {
    return {
      code: "VAULT_VERSION_NOT_FOUND",
      words: `this vault has no such version of the ${noun}, or no such ${noun}; check objectVersion, objectName and keyvaultName, or ${recover}`,
    };
  }
  return {
    code: "VAULT_OBJECT_NOT_FOUND",
    words: `this vault has no such ${noun}; check objectName, objectType (it is looked for under ${plural}) and keyvaultName, or ${recover}`,
  };
}

function explainForbidden(facts: RefusalFacts, { type, operation }: Question): string {
  const { noun, plural, role } = TYPE_WORDS[type];
  const permissions = operation === "list" ? "get and list" : "get";
  const policy = `the ${permissions} permission for ${plural} in the vault's access policies`;
  const history = operation === "list" ? " (objectVersionHistory lists versions)" : "";
  switch (facts.innerCode ?? facts.code) {
    case "SecretDisabled":
    case "KeyDisabled":
    case "CertificateDisabled":
      return `this version of the ${noun} is disabled; enable it in the vault, or name another objectVersion`;
    case "ForbiddenByRbac":
      return `the identity may not ${operation} ${plural}${history}; give it the role "${role}" on the vault, and allow some minutes for it to take effect`;
    case "ForbiddenByPolicy":
    case "AccessDenied":
      return `the identity may not ${operation} ${plural}${history}; give it ${policy}`;
    case "ForbiddenByFirewall":
      return "the vault's firewall does not let this node in; add the node's outbound address or its subnet to the vault's networking rules, or use a private endpoint";
    case "ForbiddenByConnection":
      return "the vault takes no connections from public networks; reach it by a private endpoint, and check that its name resolves to the private address on this node";
    case undefined:
    default:
      return `the identity may not ${operation} ${plural}${history}; give it the role "${role}" (vaults with Azure RBAC) or ${policy}, and check the vault's firewall`;
  }
}
