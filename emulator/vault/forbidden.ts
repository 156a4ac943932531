import type { Answer } from "../http/answer.js";
import type { Principal } from "../entra/principal.js";
import { vaultError } from "./errors.js";
import { COLLECTIONS } from "./object-type.js";
import type { ObjectType } from "./object-type.js";
import type { Operation } from "./permissions.js";
import type { VaultDouble } from "./vault-double.js";

const SUBSCRIPTION = "5d1f0e3a-3a4e-4b8e-9d65-2b1f7c0a9e77";

/** The 403 of a caller without a permission, in the words of the vault's way of authorizing. */
export function forbidden(
  vault: VaultDouble,
  principal: Principal,
  operation: Operation,
  type: ObjectType,
  name: string | undefined,
): Answer {
  return vault.authorization === "rbac"
    ? forbiddenByRbac(vault, principal, operation, type, name)
    : forbiddenByPolicy(vault, principal, operation, type);
}

function forbiddenByRbac(
  vault: VaultDouble,
  principal: Principal,
  operation: Operation,
  type: ObjectType,
  name: string | undefined,
): Answer {
  const { path } = COLLECTIONS[type];
  const vaultId = `/subscriptions/${SUBSCRIPTION}/resourcegroups/emulated/providers/microsoft.keyvault/vaults/${vault.name.toLowerCase()}`;
  const lines = [
    "Caller is not authorized to perform action on resource.",
    "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
    `Caller: appid=${principal.clientId};oid=${principal.objectId};iss=${vault.cloud.tokenIssuer}${principal.tenantId}/`,
    `Action: '${actionOf(type, operation)}'`,
    `Resource: '${vaultId}${name === undefined ? "" : `/${path}/${name.toLowerCase()}`}'`,
    "Assignment: (not found)",
    "DenyAssignmentId: null",
    "DecisionReason: 'DeniedWithNoValidRBAC' ",
    `Vault: ${vault.name};location=${vault.region}`,
    "",
  ];
  return vaultError(403, "Forbidden", lines.join("\r\n"), "ForbiddenByRbac");
}

function actionOf(type: ObjectType, operation: Operation): string {
  if (type === "secret") {
    return operation === "get"
      ? "Microsoft.KeyVault/vaults/secrets/getSecret/action"
      : "Microsoft.KeyVault/vaults/secrets/readMetadata/action";
  }
  return `Microsoft.KeyVault/vaults/${COLLECTIONS[type].path}/read`;
}

function forbiddenByPolicy(
  vault: VaultDouble,
  principal: Principal,
  operation: Operation,
  type: ObjectType,
): Answer {
  return vaultError(
    403,
    "Forbidden",
    `The user, group or application 'appid=${principal.clientId};oid=${principal.objectId};iss=${vault.cloud.tokenIssuer}${principal.tenantId}/' does not have ${COLLECTIONS[type].path} ${operation} permission on key vault '${vault.name};location=${vault.region}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
    "AccessDenied",
  );
}
