import { createHmac, randomBytes } from "node:crypto";
import type { IdentityChoice } from "../../model/identity-choice.js";
import type { PodReference } from "../../model/mount-plan.js";
import { authorityOf } from "../authority.js";
import type { SignInRequest } from "../sign-in.js";

/** Names a proof without holding it: a keyed hash of the whole token or secret and of all that it is presented with. */
export class ProofKeys {
  /** Of this process only: a hash in a dump cannot be held against guesses. */
  readonly #secret = randomBytes(32);

  /**
   * Two requests have one key only if they would send the very same proof, for the same client, to the same place, for a
   * token of the same use. Everything of the cloud counts, since a class may bring a cloud of its own making.
   * @throws {ProviderError} PARAMETER_INVALID as {@link authorityOf}
   */
  of({ identity, tenantId, cloud, pod }: SignInRequest): string {
    const { url } = authorityOf(cloud, tenantId);
    return createHmac("sha256", this.#secret)
      .update(JSON.stringify([identity.mode, url, tenantId, cloud, presented(identity, pod)]))
      .digest("base64url");
  }
}

/** What the identity service decides by. */
function presented(identity: IdentityChoice, pod: PodReference): readonly string[] {
  switch (identity.mode) {
    case "workload-identity":
    case "identity-binding":
      return [identity.clientId, identity.federatedToken.reveal()];
    case "service-principal":
      return [identity.clientId, identity.clientSecret.reveal()];
    case "managed-identity":
      return [identity.userAssignedIdentityId]; // IMDS knows the node, which needs no proof
    case "pod-identity":
      return [pod.namespace, pod.name, pod.uid];
  }
}
