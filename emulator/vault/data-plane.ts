import { randomUUID } from "node:crypto";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import type { EntraDirectory } from "../entra/directory.js";
import type { Principal } from "../entra/principal.js";
import type { RequestKind } from "../request-log.js";
import { knownApiVersion } from "./api-version.js";
import { OBJECT_NAME } from "./collection.js";
import { vaultError } from "./errors.js";
import { forbidden } from "./forbidden.js";
import { COLLECTIONS, objectTypeOfPath } from "./object-type.js";
import type { ObjectType } from "./object-type.js";
import { answerPage } from "./paging.js";
import { viewOf } from "./object-view.js";
import type { ObjectView } from "./object-view.js";
import { checkAccessToken } from "./token-check.js";
import type { VaultDouble } from "./vault-double.js";

/** What a vault tells of the role assignment that let a caller in. */
const RBAC_HEADERS = {
  "x-ms-keyvault-rbac-assignment-id": "7c0d0c5e-2f0b-5b8e-9f6e-1d2a3b4c5d6e",
  "x-ms-keyvault-rbac-cache": "ra_age=60;da_age=60;rd_age=60;brd_age=6000;ra_notif_age=600;dec_lev=1;",
} as const;

/** What a request to a vault's host asks for. */
export interface VaultRoute {
  readonly role: "vault";
  readonly kind: RequestKind;
  readonly vault: VaultDouble;
  readonly objectType?: ObjectType | undefined;
  readonly objectName?: string | undefined;
  readonly objectVersion?: string | undefined;
  readonly list?: "objects" | "versions" | undefined;
}

/** Reads a path of a vault: `/secrets`, `/secrets/<name>[/<version>]`, `/secrets/<name>/versions`. */
export function routeVault(vault: VaultDouble, path: string, isAuthorized: boolean): VaultRoute {
  const [collection = "", name, version, ...rest] = path.split("/").filter((segment) => segment !== "");
  const objectType = objectTypeOfPath(collection);
  const list = name === undefined ? "objects" : version === "versions" ? "versions" : undefined;
  const isKnown = objectType !== undefined && rest.length === 0;
  const asked = list === undefined ? "read" : "list";
  return {
    role: "vault",
    kind: !isAuthorized ? "challenge" : isKnown ? asked : "unknown",
    vault,
    ...(isKnown ? { objectType, list, objectName: name } : {}),
    ...(isKnown && list === undefined ? { objectVersion: version } : {}),
  };
}

/** Answers a request to a vault. */
export async function answerVault(route: VaultRoute, call: Call, directory: EntraDirectory): Promise<Answer> {
  const answer = await authorize(route, call, directory);
  const clientRequestId = call.headers["x-ms-client-request-id"];
  return {
    ...answer,
    headers: {
      "Cache-Control": "no-cache",
      Pragma: "no-cache",
      Expires: "-1",
      "x-ms-keyvault-region": route.vault.region,
      ...(typeof clientRequestId === "string" ? { "x-ms-client-request-id": clientRequestId } : {}),
      "x-ms-request-id": randomUUID(),
      "x-ms-keyvault-service-version": "1.9.2854.1",
      "x-ms-keyvault-network-info": `conn_type=Ipv4;addr=${call.clientAddress};act_addr_fam=InterNetwork;`,
      "X-Content-Type-Options": "nosniff",
      "Strict-Transport-Security": "max-age=31536000;includeSubDomains",
      ...answer.headers,
    },
  };
}

async function authorize(route: VaultRoute, call: Call, directory: EntraDirectory): Promise<Answer> {
  const { vault } = route;
  const token = /^Bearer\s+(.+)$/i.exec(call.headers.authorization ?? "")?.[1];
  if (token === undefined) return challenge(vault, "AKV10000: Request is missing a Bearer or PoP token.");
  const verdict = await checkAccessToken(token, vault, directory, call.atMs);
  if ("refusal" in verdict) return challenge(vault, verdict.refusal);
  const answer = answerCaller(route, call, verdict.principal);
  const isAuthorized = answer.status !== 401 && answer.status !== 403;
  return {
    ...answer,
    headers: { ...(isAuthorized && vault.authorization === "rbac" ? RBAC_HEADERS : {}), ...answer.headers },
    principal: verdict.principal,
  };
}

function challenge(vault: VaultDouble, message: string): Answer {
  const [authority = ""] = vault.cloud.authorityHosts;
  return {
    ...vaultError(401, "Unauthorized", message),
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "WWW-Authenticate": `Bearer authorization="https://${authority}/${vault.tenantId}", resource="${vault.cloud.vaultAudience}"`,
    },
    code: /^\[?(\w+)/.exec(message)?.[1],
  };
}

function answerCaller(route: VaultRoute, call: Call, principal: Principal): Answer {
  const { vault, objectType, objectName } = route;
  if (objectType === undefined) return vaultError(404, "NotFound", "The requested resource was not found.");
  if (call.method !== "GET") {
    return vaultError(405, "MethodNotAllowed", `The emulator answers GET, not ${call.method}.`);
  }
  const askedVersion = call.query.get("api-version");
  const apiVersion =
    askedVersion === null ? undefined : knownApiVersion(askedVersion, vault.latestApiVersion);
  if (apiVersion === undefined) {
    return vaultError(
      400,
      "BadParameter",
      askedVersion === null
        ? "The request is missing the api-version parameter."
        : `The specified version (${askedVersion}) is not recognized. Consider using the latest supported version (${vault.latestApiVersion}).`,
    );
  }
  if (objectName !== undefined && !OBJECT_NAME.test(objectName)) {
    return vaultError(400, "BadParameter", `The request URI contains an invalid name: ${objectName}`);
  }
  const operation = route.list === undefined ? "get" : "list";
  if (!vault.permissions.allows(principal, operation, objectType, objectName)) {
    return forbidden(vault, principal, operation, objectType, objectName);
  }
  const place = { origin: `https://${call.host}`, recovery: vault.recovery, apiVersion };
  const view = viewOf(vault, objectType, place);
  if (route.list === "objects") return answerPage(call, view.listObjects(), vault.isPagingSparse);
  if (objectName === undefined) return vaultError(404, "NotFound", "The requested resource was not found.");
  if (route.list === "versions") {
    return answerPage(call, view.listVersions(objectName), vault.isPagingSparse);
  }
  return read(view, objectType, objectName, route.objectVersion);
}

function read(view: ObjectView, type: ObjectType, name: string, versionId: string | undefined): Answer {
  const { word, titled } = COLLECTIONS[type];
  const found = view.read(name, versionId);
  if (found === undefined) {
    const id = versionId === undefined ? name : `${name}/${versionId}`;
    return vaultError(
      404,
      `${titled}NotFound`,
      `A ${word} with (name/id) ${id} was not found in this key vault. If you recently deleted this ${word} you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
    );
  }
  // Only a secret's value is withheld: public keys and certificates of disabled versions can be read.
  if (type === "secret" && !found.isEnabled) {
    return vaultError(
      403,
      "Forbidden",
      "Operation get is not allowed on a disabled secret.",
      "SecretDisabled",
    );
  }
  return jsonAnswer(200, found.bundle);
}
