import type { IdentityChoice } from "../model/identity-choice.js";
import { Sensitive } from "../model/sensitive.js";
import { PARAMETER } from "./attributes.js";
import type { DecodedRequest } from "./decode-mount-request.js";
import { isIdentifier, type ParameterReader } from "./parameter-reader.js";
import type { Problems } from "./problems.js";
import { findToken } from "./service-account-tokens.js";

/** For whom the pod's service account token must be meant. */
export const EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";
export const BINDING_AUDIENCE = "api://AKSIdentityBinding";

/** Entra ID makes secrets of 40 characters. */
export const MAX_CLIENT_SECRET_LENGTH = 4096;

export interface ChosenIdentity {
  readonly identity: IdentityChoice;
  /** What is set but has no part in it. */
  readonly warnings: readonly string[];
}

/**
 * How the pod signs in. An explicit mode wins, then clientID with a token, then the Secret of nodePublishSecretRef.
 * "Token" is the service account token for the audience in brackets.
 *
 * | use… true          | clientID | token              | Secret             | outcome                 |
 * |--------------------|----------|--------------------|--------------------|-------------------------|
 * | two or three       | any      | any                | any                | IDENTITY_CONFLICT       |
 * | AzureTokenProxy    | missing  | any                | any                | PARAMETER_MISSING       |
 * | AzureTokenProxy    | set      | missing (binding)  | any                | IDENTITY_TOKEN_MISSING  |
 * | AzureTokenProxy    | set      | there (binding)    | any                | identity binding        |
 * | none or one other  | set      | missing (exchange) | any                | IDENTITY_TOKEN_MISSING  |
 * | PodIdentity        | missing  | any                | any                | pod identity            |
 * | PodIdentity        | set      | there (exchange)   | any                | pod identity, warned    |
 * | VMManagedIdentity  | missing  | any                | any                | managed identity        |
 * | VMManagedIdentity  | set      | there (exchange)   | any                | managed identity, warned|
 * | none               | set      | there (exchange)   | any                | workload identity       |
 * | none               | missing  | any                | both keys          | service principal       |
 * | none               | missing  | any                | a key missing, none| IDENTITY_SECRET_MISSING |
 *
 * @returns undefined after a problem
 */
export function chooseIdentity(
  request: DecodedRequest,
  read: ParameterReader,
  problems: Problems,
): ChosenIdentity | undefined {
  const usePodIdentity = read.boolean(PARAMETER.usePodIdentity);
  const useManagedIdentity = read.boolean(PARAMETER.useVmManagedIdentity);
  const useTokenProxy = read.boolean(PARAMETER.useAzureTokenProxy);
  const clientId = read.identifier(PARAMETER.clientId);
  const userAssignedIdentityId = read.identifier(PARAMETER.userAssignedIdentityId);

  if ([usePodIdentity, useManagedIdentity, useTokenProxy].filter((isUsed) => isUsed === true).length > 1) {
    problems.add(
      "IDENTITY_CONFLICT",
      `only one identity mode can be enabled at a time; of ${PARAMETER.usePodIdentity}, ` +
        `${PARAMETER.useVmManagedIdentity} and ${PARAMETER.useAzureTokenProxy} leave one true`,
    );
    return undefined;
  }
  if (
    usePodIdentity === undefined ||
    useManagedIdentity === undefined ||
    useTokenProxy === undefined ||
    clientId === undefined ||
    userAssignedIdentityId === undefined
  ) {
    return undefined;
  }

  if (useTokenProxy) {
    if (clientId === "") {
      problems.add(
        "PARAMETER_MISSING",
        `clientID is required for identity binding${read.misspelling(PARAMETER.clientId)}; ` +
          `set it beside ${PARAMETER.useAzureTokenProxy}`,
      );
      return undefined;
    }
    const token = requireToken(request, BINDING_AUDIENCE, problems);
    return token && { identity: { mode: "identity-binding", clientId, federatedToken: token }, warnings: [] };
  }

  const token = clientId === "" ? undefined : requireToken(request, EXCHANGE_AUDIENCE, problems);
  if (clientId !== "" && token === undefined) return undefined;
  if (usePodIdentity || useManagedIdentity) {
    return {
      identity: usePodIdentity
        ? { mode: "pod-identity" }
        : { mode: "managed-identity", userAssignedIdentityId },
      warnings:
        token === undefined
          ? []
          : [
              `clientID is ignored, because ${usePodIdentity ? PARAMETER.usePodIdentity : PARAMETER.useVmManagedIdentity} ` +
                "is true; remove one of them",
            ],
    };
  }
  if (token !== undefined) {
    return { identity: { mode: "workload-identity", clientId, federatedToken: token }, warnings: [] };
  }
  return chooseServicePrincipal(request, read, problems);
}

function requireToken(
  { serviceAccountTokens }: DecodedRequest,
  audience: string,
  problems: Problems,
): Sensitive<string> | undefined {
  const found = findToken(serviceAccountTokens, audience);
  if ("token" in found) return found.token;
  problems.add(
    "IDENTITY_TOKEN_MISSING",
    `failed to parse workload identity tokens, error: ${found.problem}; clientID needs the pod's service account ` +
      `token: add the audience ${audience} to tokenRequests of the CSIDriver object secrets-store.csi.k8s.io ` +
      "(tokenRequests in the driver's chart), or remove clientID",
  );
  return undefined;
}

function chooseServicePrincipal(
  { secrets }: DecodedRequest,
  read: ParameterReader,
  problems: Problems,
): ChosenIdentity | undefined {
  if (secrets.size === 0) {
    problems.add(
      "IDENTITY_SECRET_MISSING",
      "failed to get credentials, nodePublishSecretRef secret is not set, and no other identity is chosen" +
        `${read.misspelling(PARAMETER.clientId)}; set clientID for workload identity, or useVMManagedIdentity, or ` +
        "name in the volume's nodePublishSecretRef a Secret with the keys clientid and clientsecret",
    );
    return undefined;
  }
  const where = "the Secret that the volume's nodePublishSecretRef names";
  const clientId = findSecret(secrets, "clientid")?.reveal().trim() ?? "";
  const clientSecret = findSecret(secrets, "clientsecret") ?? new Sensitive("");
  const before = problems.count;
  if (clientId === "") {
    problems.add("IDENTITY_SECRET_MISSING", `could not find clientid in secrets; add that key to ${where}`);
  } else if (!isIdentifier(clientId)) {
    problems.add(
      "PARAMETER_INVALID",
      `clientid in secrets is no client ID; put the application's ID there, in ${where}`,
    );
  }
  const { length } = clientSecret.reveal();
  if (length === 0) {
    problems.add(
      "IDENTITY_SECRET_MISSING",
      `could not find clientsecret in secrets; add that key to ${where}`,
    );
  } else if (length > MAX_CLIENT_SECRET_LENGTH) {
    problems.add(
      "PARAMETER_INVALID",
      `clientsecret in secrets is longer than ${MAX_CLIENT_SECRET_LENGTH} characters; put the client secret there, in ${where}`,
    );
  }
  if (problems.count > before) return undefined;
  return {
    identity: { mode: "service-principal", clientId, clientSecret },
    warnings: /[\r\n]$/.test(clientSecret.reveal())
      ? [
          "clientsecret in secrets ends with a line break, which is sent as part of it; if sign-in fails, remove it",
        ]
      : [],
  };
}

/** Keys count in any case, the lower-case one first, then in the order of the Secret. */
function findSecret(
  secrets: ReadonlyMap<string, Sensitive<string>>,
  name: string,
): Sensitive<string> | undefined {
  const exact = secrets.get(name);
  if (exact !== undefined && exact.reveal() !== "") return exact;
  for (const [key, value] of secrets) if (key.toLowerCase() === name && value.reveal() !== "") return value;
  return undefined;
}
