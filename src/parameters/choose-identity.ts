import { nearestName } from "../model/nearest-name.js";
import { quote } from "../model/quote.js";
import type { Sensitive } from "../model/sensitive.js";
import { PARAMETER } from "./attributes.js";
import {
  type ChosenIdentity,
  chooseServicePrincipal,
  namesServicePrincipal,
} from "./choose-service-principal.js";
import type { DecodedRequest } from "./decode-mount-request.js";
import type { ParameterReader } from "./parameter-reader.js";
import type { Problems } from "./problems.js";
import { findToken } from "./service-account-tokens.js";

/** For whom the pod's service account token must be meant. */
export const EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";
export const BINDING_AUDIENCE = "api://AKSIdentityBinding";

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
 * | none               | missing  | there (exchange)   | neither key        | workload identity as the default client, if there is one |
 * | none               | missing  | any                | a key missing, none| IDENTITY_SECRET_MISSING |
 *
 * @param defaultClientId - `--default-client-id`. It only names an application: the pod's own token is what Entra ID is
 * shown, and it accepts that only where the application trusts the pod's service account. Empty: there is none
 * @returns undefined after a problem
 */
export function chooseIdentity(
  request: DecodedRequest,
  read: ParameterReader,
  problems: Problems,
  defaultClientId = "",
): ChosenIdentity | undefined {
  const usePodIdentity = read.boolean(PARAMETER.usePodIdentity);
  const useManagedIdentity = read.boolean(PARAMETER.useVmManagedIdentity);
  const useTokenProxy = read.boolean(PARAMETER.useAzureTokenProxy);
  // The node's services decide without clientID: what the old provider does not read is not held against its rules.
  const isPodMeant = usePodIdentity ?? isYes(read.text(PARAMETER.usePodIdentity));
  const isManagedMeant = useManagedIdentity ?? isYes(read.text(PARAMETER.useVmManagedIdentity));
  const isProxyMeant = useTokenProxy ?? isYes(read.text(PARAMETER.useAzureTokenProxy));
  const isOnNode = isPodMeant || isManagedMeant;
  const clientId = isOnNode ? read.text(PARAMETER.clientId) : read.identifier(PARAMETER.clientId);
  const assigned = readUserAssignedIdentity(isManagedMeant, read, problems);

  if ([isPodMeant, isManagedMeant, isProxyMeant].filter(Boolean).length > 1) {
    problems.add(
      "IDENTITY_CONFLICT",
      `only one identity mode can be enabled at a time; of ${PARAMETER.usePodIdentity}, ` +
        `${PARAMETER.useVmManagedIdentity} and ${PARAMETER.useAzureTokenProxy} leave one true`,
    );
    return undefined;
  }
  if (usePodIdentity === undefined || useManagedIdentity === undefined || useTokenProxy === undefined) {
    return undefined;
  }
  if (clientId === "") {
    if (useTokenProxy) {
      problems.add(
        "PARAMETER_MISSING",
        `clientID is required for identity binding${read.misspelling(PARAMETER.clientId)}; ` +
          `set it beside ${PARAMETER.useAzureTokenProxy}`,
        { parameter: PARAMETER.clientId },
      );
      return undefined;
    }
    if (!isOnNode) {
      const chosen =
        chooseDefaultClient(request, read, defaultClientId) ??
        chooseServicePrincipal(request, read, problems);
      return withWarnings(chosen, assigned.warnings);
    }
  }

  // Sought even where clientID itself is wrong, so that both are said at once.
  const token =
    clientId === ""
      ? undefined
      : requireToken(request, useTokenProxy ? BINDING_AUDIENCE : EXCHANGE_AUDIENCE, problems);
  if (clientId === undefined || (clientId !== "" && token === undefined)) return undefined;
  if (token !== undefined && !isOnNode) {
    const mode = useTokenProxy ? "identity-binding" : "workload-identity";
    return { identity: { mode, clientId, federatedToken: token }, warnings: assigned.warnings };
  }

  const flag = usePodIdentity ? PARAMETER.usePodIdentity : PARAMETER.useVmManagedIdentity;
  const warnings =
    clientId === "" ? [] : [`clientID is ignored, because ${flag} is true; remove one of them`];
  if (assigned.id === undefined) return undefined;
  return {
    identity: usePodIdentity
      ? { mode: "pod-identity" }
      : { mode: "managed-identity", userAssignedIdentityId: assigned.id },
    warnings: [...warnings, ...assigned.warnings],
  };
}

/**
 * Workload identity as the client that the installation names. Whatever the class, or the Secret beside it, says of an
 * identity of its own, be it misspelt or in part, is followed or refused instead.
 */
function chooseDefaultClient(
  request: DecodedRequest,
  read: ParameterReader,
  clientId: string,
): ChosenIdentity | undefined {
  if (clientId === "" || namesServicePrincipal(request) || read.misspelling(PARAMETER.clientId) !== "") {
    return undefined;
  }
  const found = findToken(request.serviceAccountTokens, EXCHANGE_AUDIENCE);
  return "token" in found
    ? { identity: { mode: "workload-identity", clientId, federatedToken: found.token }, warnings: [] }
    : undefined;
}

/**
 * Whether a flag that is no boolean means true all the same. The class is refused for it; what else would then be wrong is
 * said along with it.
 */
function isYes(text: string): boolean {
  return /^(?:y|yes|on|enabled?)$/i.test(text) || nearestName(text, ["true", "false"]) === "true";
}

/** Of no meaning, and so of any form, but for the managed identity; then its client ID, or empty. */
function readUserAssignedIdentity(
  useManagedIdentity: boolean,
  read: ParameterReader,
  problems: Problems,
): { readonly id: string | undefined; readonly warnings: readonly string[] } {
  const name = PARAMETER.userAssignedIdentityId;
  const text = read.text(name);
  if (!useManagedIdentity) {
    const warning = `${name} is ignored, because ${PARAMETER.useVmManagedIdentity} is not true; set that, or remove it`;
    return { id: "", warnings: text === "" ? [] : [warning] };
  }
  if (text.startsWith("/")) {
    // The metadata service is asked for a client_id; it knows none that is a path.
    problems.add(
      "PARAMETER_INVALID",
      `${name} ${quote(text)} is a resource ID; write the client ID of that identity, a UUID ` +
        "(az identity show --ids <resource ID> --query clientId)",
      { parameter: name },
    );
    return { id: undefined, warnings: [] };
  }
  return { id: read.identifier(name), warnings: [] };
}

function withWarnings(
  chosen: ChosenIdentity | undefined,
  warnings: readonly string[],
): ChosenIdentity | undefined {
  return chosen && { ...chosen, warnings: [...warnings, ...chosen.warnings] };
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
    { parameter: PARAMETER.clientId },
  );
  return undefined;
}
