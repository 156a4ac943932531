import type { IdentityChoice } from "../model/identity-choice.js";
import { Sensitive } from "../model/sensitive.js";
import { PARAMETER } from "./attributes.js";
import type { DecodedRequest } from "./decode-mount-request.js";
import type { Problems } from "./problems.js";
import type { ParameterReader } from "./read-parameters.js";
import { findToken } from "./service-account-tokens.js";

/** What the token of a service account must be meant for. */
const FEDERATION_AUDIENCE = "api://AzureADTokenExchange";
const BINDING_AUDIENCE = "api://AKSIdentityBinding";

const MAX_CLIENT_ID_LENGTH = 256;
const MAX_CLIENT_SECRET_LENGTH = 64 * 1024;

/**
 * How the pod signs in. An explicit mode wins, then clientID with a token, then the Secret of nodePublishSecretRef:
 *
 * | usePodIdentity, useVMManagedIdentity, useAzureTokenProxy | clientID | token | Secret | outcome |
 * |---|---|---|---|---|
 * | two or three true | any | any | any | IDENTITY_CONFLICT |
 * | useAzureTokenProxy | missing | any | any | PARAMETER_MISSING |
 * | useAzureTokenProxy | set | missing | any | IDENTITY_TOKEN_MISSING |
 * | useAzureTokenProxy | set | for AKSIdentityBinding | any | identity binding |
 * | any other | set | missing | any | IDENTITY_TOKEN_MISSING |
 * | usePodIdentity | missing, or with a token | | any | pod identity |
 * | useVMManagedIdentity | missing, or with a token | | any | managed identity |
 * | none | set | for AzureADTokenExchange | any | workload identity |
 * | none | missing | any | complete | service principal |
 * | none | missing | any | missing or incomplete | IDENTITY_SECRET_MISSING |
 *
 * @returns undefined when a problem was found
 */
export function chooseIdentity(
  request: DecodedRequest,
  read: ParameterReader,
  problems: Problems,
): IdentityChoice | undefined {
  const usePodIdentity = read.boolean(PARAMETER.usePodIdentity);
  const useManagedIdentity = read.boolean(PARAMETER.useVmManagedIdentity);
  const useTokenProxy = read.boolean(PARAMETER.useAzureTokenProxy);
  const clientId = read.identifier(PARAMETER.clientId, MAX_CLIENT_ID_LENGTH);
  const userAssignedIdentityId = read.identifier(PARAMETER.userAssignedIdentityId, MAX_CLIENT_ID_LENGTH);
  if (
    usePodIdentity === undefined ||
    useManagedIdentity === undefined ||
    useTokenProxy === undefined ||
    clientId === undefined ||
    userAssignedIdentityId === undefined
  ) {
    return undefined;
  }

  if ([usePodIdentity, useManagedIdentity, useTokenProxy].filter(Boolean).length > 1) {
    problems.add(
      "IDENTITY_CONFLICT",
      "only one identity mode can be enabled at a time: of usePodIdentity, useVMManagedIdentity and useAzureTokenProxy " +
        "keep one, and set the others to false or remove them",
    );
    return undefined;
  }
  if (useTokenProxy) {
    if (clientId === "") {
      problems.add(
        "PARAMETER_MISSING",
        "clientID is required for identity binding; set it beside useAzureTokenProxy, or remove that",
      );
      return undefined;
    }
    const federatedToken = requireToken(request, BINDING_AUDIENCE, problems);
    return federatedToken && { mode: "identity-binding", clientId, federatedToken };
  }

  const federatedToken = clientId === "" ? undefined : requireToken(request, FEDERATION_AUDIENCE, problems);
  if (clientId !== "" && federatedToken === undefined) return undefined;
  if (usePodIdentity) return { mode: "pod-identity" };
  if (useManagedIdentity) return { mode: "managed-identity", userAssignedIdentityId };
  if (federatedToken !== undefined) return { mode: "workload-identity", clientId, federatedToken };
  return servicePrincipal(request, problems);
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
    `failed to parse workload identity tokens, error: ${found.problem}; clientID needs the pod's service account token: ` +
      `add the audience ${audience} to tokenRequests of the CSIDriver object (the driver's chart: tokenRequests), ` +
      `or remove clientID`,
  );
  return undefined;
}

function servicePrincipal({ secrets }: DecodedRequest, problems: Problems): IdentityChoice | undefined {
  if (secrets.size === 0) {
    problems.add(
      "IDENTITY_SECRET_MISSING",
      "failed to get credentials, nodePublishSecretRef secret is not set; set clientID for workload identity, or " +
        "useVMManagedIdentity, or name a Secret with the keys clientid and clientsecret in the volume's nodePublishSecretRef",
    );
    return undefined;
  }
  const remedy = "add it to the Secret that the volume's nodePublishSecretRef names";
  const clientId = findAnyCase(secrets, "clientid").trim();
  const clientSecret = findAnyCase(secrets, "clientsecret");
  if (clientId === "")
    problems.add("IDENTITY_SECRET_MISSING", `could not find clientid in secrets; ${remedy}`);
  if (clientSecret === "") {
    problems.add("IDENTITY_SECRET_MISSING", `could not find clientsecret in secrets; ${remedy}`);
  }
  if (clientId === "" || clientSecret === "") return undefined;
  if (!isIdentifier(clientId, MAX_CLIENT_ID_LENGTH)) {
    problems.add(
      "PARAMETER_INVALID",
      "the key clientid of the Secret that nodePublishSecretRef names holds no client ID; put the application's ID there",
    );
    return undefined;
  }
  if (clientSecret.length > MAX_CLIENT_SECRET_LENGTH) {
    problems.add(
      "PARAMETER_INVALID",
      "the key clientsecret of the Secret that nodePublishSecretRef names is too long for a client secret",
    );
    return undefined;
  }
  return { mode: "service-principal", clientId, clientSecret: new Sensitive(clientSecret) };
}

/** Keys of the Secret count in any case. */
function findAnyCase(secrets: DecodedRequest["secrets"], wanted: string): string {
  for (const [key, value] of secrets) if (key.toLowerCase() === wanted) return value.reveal();
  return "";
}

/** Printable, without spaces: what can stand in a request to the authority. */
export function isIdentifier(text: string, maxLength: number): boolean {
  return text.length <= maxLength && /^[\x21-\x7e]*$/.test(text);
}
