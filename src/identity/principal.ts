import type { IdentityMode } from "../model/identity-choice.js";
import type { Authority } from "./authority.js";

export interface PrincipalParts {
  readonly mode: IdentityMode;
  readonly authority: Authority;
  readonly tenantId: string;
  readonly clientId: string;
}

/**
 * The key of whoever has signed in: (mode, authority, tenant, client). Only a sign-in that the authority has accepted
 * yields it; a class or a pod that merely names a client does not. Written as JSON, so that no part can reach into its
 * neighbour; Entra ID compares tenant and client without regard to case.
 */
export function principalKey({ mode, authority, tenantId, clientId }: PrincipalParts): string {
  return JSON.stringify([mode, authority.url.toLowerCase(), tenantId.toLowerCase(), clientId.toLowerCase()]);
}
