import type { IdentityMode } from "../model/identity-choice.js";
import type { FederatedClaims } from "./jwt-claims.js";

/** What is known of a refused sign-in, beside the authority's answer. */
export interface Attempt {
  readonly mode: IdentityMode;
  readonly clientId: string;
  readonly tenantId: string;
  readonly cloudName: string;
  /** What the token was to be for. */
  readonly scope: string;
  /** Of a federated token that could be read. */
  readonly claims: FederatedClaims | undefined;
}

/**
 * What a person should do about an AADSTS code; undefined for codes that are not known here.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function remedyFor(aadsts: number, attempt: Attempt): string | undefined {
  switch (aadsts) {
    case 70021:
    case 700211:
    case 700212:
    case 700213:
    case 7002138:
      if (attempt.mode === "identity-binding") {
        return "the identity's federated credential that AKS keeps (aks-identity-binding) is gone or was changed; make the identity binding anew";
      }
      return `no federated identity credential of this client matches the pod's token; add or correct one with ${presented(attempt)}`;
    case 700024:
      return "the pod's service account token has expired or is not valid yet; check the node's clock";
    case 50013:
    case 700027:
      return `the signature of the pod's token does not match the keys that its issuer publishes; check that the issuer's keys are those of this cluster (${presented(attempt)})`;
    case 50166:
    case 500082:
      return `Entra ID cannot read the documents of the token's issuer; make the cluster's OIDC issuer public (${presented(attempt)})`;
    case 50027:
      return "the pod's token is not a JSON Web Token; do not set csi.storage.k8s.io/serviceAccount.tokens by hand";
    case 7000215:
      return 'the client secret is wrong; put the secret\'s value, not its id, under the key "clientsecret" of the Secret that nodePublishSecretRef names';
    case 7000222:
      return "the client secret has expired; make a new one and update the Secret that nodePublishSecretRef names";
    case 7000218:
      return "the authority found no secret or assertion in the request";
    case 700016:
      return `there is no such application in this tenant; check ${clientField(attempt)} and tenantID`;
    case 7000112:
    case 7000111:
    case 1000502:
      return "the application is disabled or expired; its owner must enable it in Entra ID";
    case 90002:
    case 90013:
    case 900023:
    case 900021:
      return `there is no such tenant at this authority; check tenantID, and cloudName (${attempt.cloudName})`;
    case 500011:
    case 50001:
    case 70011:
    case 1002012:
      return `this tenant knows no resource for "${attempt.scope}"; check cloudName (${attempt.cloudName}), and for AzureStackCloud resourceIdentifiers.keyVault of its environment file`;
    case 53003:
    case 530035:
      return "a Conditional Access policy blocks this sign-in; exempt the workload identity or allow the node's address";
    default:
      return undefined;
  }
}

/** Codes by which Entra ID asks for patience, whatever the HTTP status. */
export function isThrottling(aadsts: number | undefined): boolean {
  return aadsts === 90055 || aadsts === 50196;
}

/** What to do when nothing better is known. */
export function generalRemedy(attempt: Attempt): string {
  if (attempt.mode === "identity-binding") {
    return (
      "check that the identity of clientID is bound to this cluster (az aks identity-binding list), and that a ClusterRole lets " +
      `the pod's service account${subjectOf(attempt)} use it (verb use-managed-identity, apiGroup cid.wi.aks.azure.com, resource ${attempt.clientId})`
    );
  }
  return `check ${clientField(attempt)}, tenantID and the identity's credentials in Entra ID`;
}

function clientField({ mode }: Attempt): string {
  return mode === "service-principal"
    ? 'the key "clientid" of the Secret that nodePublishSecretRef names'
    : "clientID";
}

function subjectOf({ claims }: Attempt): string {
  return claims === undefined ? "" : ` (${claims.subject})`;
}

function presented({ claims }: Attempt): string {
  if (claims === undefined) return "the issuer, subject and audience of the pod's token";
  return `issuer "${claims.issuer}", subject "${claims.subject}", audience "${claims.audience}"`;
}
