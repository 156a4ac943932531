import type { Application } from "../entra/application.js";
import type { EntraDirectory } from "../entra/directory.js";
import type { OidcIssuer } from "../entra/oidc-issuer.js";

/** A managed identity that is bound to the cluster: its application in Entra ID. */
export type BoundIdentity = Application;

export interface ServiceAccount {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** One identity with the issuer that AKS keeps for it. */
export interface Binding {
  readonly identity: BoundIdentity;
  readonly issuer: OidcIssuer;
  /** `sub` of the assertions that the proxy signs. */
  readonly subject: string;
}

/**
 * Which identities are bound to the cluster, and which service accounts may use them (a ClusterRole with the verb
 * `use-managed-identity`). Each identity has one federated credential, for an issuer that AKS keeps for it.
 */
export class Bindings {
  readonly #directory: EntraDirectory;
  readonly #bound = new Map<string, Binding>();
  readonly #allowed = new Set<string>();

  constructor(directory: EntraDirectory) {
    this.#directory = directory;
  }

  bind(identity: BoundIdentity, serviceAccount: ServiceAccount): void {
    const { clientId, tenantId } = identity.principal;
    if (!this.#bound.has(clientId)) {
      const issuer = this.#directory.issuer(`https://ib.oic.prod-aks.azure.com/${tenantId}/${clientId}`);
      const subject = `identity-binding:${clientId}`;
      identity.addFederatedCredential({ issuer: issuer.url, subject });
      this.#bound.set(clientId, { identity, issuer, subject });
    }
    this.#allowed.add(keyOf(clientId, subjectOf(serviceAccount)));
  }

  /** Takes the right back from a service account; the identity stays bound. */
  unbind(identity: BoundIdentity, serviceAccount: ServiceAccount): void {
    this.#allowed.delete(keyOf(identity.clientId, subjectOf(serviceAccount)));
  }

  find(clientId: string): Binding | undefined {
    return this.#bound.get(clientId.toLowerCase());
  }

  /** @param subject - `sub` of the pod's token */
  mayUse(subject: string, clientId: string): boolean {
    return this.#allowed.has(keyOf(clientId, subject));
  }
}

function subjectOf({ namespace, serviceAccount }: ServiceAccount): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

function keyOf(clientId: string, subject: string): string {
  return `${clientId.toLowerCase()} ${subject}`;
}
