import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { ProviderError } from "../errors/provider-error.js";
import type { Cloud } from "../model/cloud.js";
import type { IdentityChoice, IdentityMode } from "../model/identity-choice.js";
import type { PodReference } from "../model/mount-plan.js";
import type { RetryOptions } from "../network/retry.js";
import { acquireToken, type EntraIdentity, type Signer } from "./acquire-token.js";
import { authorityOf } from "./authority.js";
import { principalKey } from "./principal.js";
import { SignedInCredential } from "./signed-in-credential.js";

/** Who wants to sign in. */
export interface SignInRequest {
  readonly identity: IdentityChoice;
  /** As the class names it: id, domain name, or `adfs`. */
  readonly tenantId: string;
  readonly pod: PodReference;
  readonly cloud: Cloud;
}

/** What every sign-in of this process shares. */
export interface SignInParts {
  /** The process's one client, bare: this room adds the guard of the origin and the retries. */
  readonly httpClient: HttpClient;
  /** Default: the defaults of `withRetries`. */
  readonly retry?: RetryOptions;
  readonly userAgentPrefix?: string;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** An identity whose proof the authority has accepted. */
export interface SignedIn {
  readonly mode: IdentityMode;
  /** Key of (mode, authority, tenant, client): whoever has the same one has proven to be the same. */
  readonly principal: string;
  /** Gives tokens for the cloud's vaults: from the sign-in while it is valid, then by the same proof. */
  readonly credential: TokenCredential;
  /** When the sign-in's token ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** How long a later exchange may take; the sign-in itself ends with the caller's signal. */
const LATER_EXCHANGE_MS = 60_000;

/**
 * Signs in as the pod: exchanges its proof for a first access token, so that a refused identity ends the mount before any
 * vault is asked. Every call is an exchange of its own; nothing of one proof is ever answered from another's.
 * @throws {ProviderError} SIGN_IN_*, PARAMETER_INVALID, IDENTITY_MODE_UNSUPPORTED, CALL_* when the signal aborts, INTERNAL
 */
export async function signIn(
  request: SignInRequest,
  parts: SignInParts,
  signal: AbortSignal,
): Promise<SignedIn> {
  const { identity, cloud, tenantId } = request;
  switch (identity.mode) {
    case "workload-identity":
    case "service-principal":
      return signInAtAuthority(identity, { cloud, tenantId }, parts, signal);
    case "managed-identity":
      throw unsupported("useVMManagedIdentity");
    case "pod-identity":
      throw unsupported("usePodIdentity");
    case "identity-binding":
      throw unsupported("useAzureTokenProxy");
  }
}

async function signInAtAuthority(
  identity: EntraIdentity,
  { cloud, tenantId }: { readonly cloud: Cloud; readonly tenantId: string },
  parts: SignInParts,
  signal: AbortSignal,
): Promise<SignedIn> {
  const authority = authorityOf(cloud, tenantId);
  const signer: Signer = {
    identity,
    authority,
    tenantId,
    cloudName: cloud.name,
    httpClient: parts.httpClient,
    retry: parts.retry,
    userAgentPrefix: parts.userAgentPrefix,
  };
  const firstToken = await acquireToken(signer, { scope: cloud.vaultScope }, signal);
  return {
    mode: identity.mode,
    principal: principalKey({ mode: identity.mode, authority, tenantId, clientId: identity.clientId }),
    credential: new SignedInCredential({
      cloud,
      tenantId: authority.tenantId,
      firstToken,
      acquire: (scope, claims) =>
        acquireToken(signer, { scope, claims }, AbortSignal.timeout(LATER_EXCHANGE_MS)),
      ...(parts.now === undefined ? {} : { now: parts.now }),
    }),
    expiresAtMs: firstToken.expiresOnTimestamp,
  };
}

function unsupported(parameter: string): ProviderError {
  return new ProviderError(
    "IDENTITY_MODE_UNSUPPORTED",
    `${parameter} is not supported by this version; use workload identity (clientID) or a service principal ` +
      "(nodePublishSecretRef)",
  );
}
