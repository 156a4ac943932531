import { isIdentifier } from "../model/entra-names.js";
import type { IdentityChoice } from "../model/identity-choice.js";
import { Sensitive } from "../model/sensitive.js";
import { PARAMETER } from "./attributes.js";
import type { DecodedRequest } from "./decode-mount-request.js";
import type { ParameterReader } from "./parameter-reader.js";
import type { Problems } from "./problems.js";

/** Entra ID makes secrets of 40 characters. */
export const MAX_CLIENT_SECRET_LENGTH = 4096;

export interface ChosenIdentity {
  readonly identity: IdentityChoice;
  /** What is set but has no part in it, or is probably not what was meant. */
  readonly warnings: readonly string[];
}

/** Whether the Secret of nodePublishSecretRef says anything of a service principal, whole or in part. */
export function namesServicePrincipal({ secrets }: DecodedRequest): boolean {
  return ["clientid", "clientsecret"].some((name) => findSecret(secrets, name) !== undefined);
}

/**
 * The identity that the Secret of nodePublishSecretRef holds, in its keys `clientid` and `clientsecret`.
 * @returns undefined after a problem, which quotes nothing of the Secret
 */
export function chooseServicePrincipal(
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
