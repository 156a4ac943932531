import type { Sensitive } from "./sensitive.js";

/** How the pod signs in: exactly one way, chosen from the class, the tokens and the secrets. */
export type IdentityChoice =
  | {
      readonly mode: "workload-identity";
      readonly clientId: string;
      readonly federatedToken: Sensitive<string>;
    }
  | {
      readonly mode: "service-principal";
      readonly clientId: string;
      readonly clientSecret: Sensitive<string>;
    }
  /** `userAssignedIdentityId` empty: the system-assigned identity. */
  | { readonly mode: "managed-identity"; readonly userAssignedIdentityId: string }
  | { readonly mode: "pod-identity" }
  | {
      readonly mode: "identity-binding";
      readonly clientId: string;
      readonly federatedToken: Sensitive<string>;
    };

export type IdentityMode = IdentityChoice["mode"];
