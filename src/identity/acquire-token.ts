import type { AccessToken } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { throwIfAborted } from "../errors/abort.js";
import { ProviderError } from "../errors/provider-error.js";
import type { CloudName } from "../model/cloud.js";
import type { IdentityChoice } from "../model/identity-choice.js";
import type { Sensitive } from "../model/sensitive.js";
import type { RetryOptions } from "../network/retry.js";
import { AuthorityClient, type LastSeen } from "./authority-client.js";
import type { Authority } from "./authority.js";
import type { TokenExchange } from "./credentials/sdk-options.js";
import { exchangeClientSecret } from "./credentials/service-principal.js";
import { exchangeFederatedToken } from "./credentials/workload-identity.js";
import { readFederatedClaims } from "./jwt-claims.js";
import { readRefusal } from "./refusal.js";
import type { Attempt } from "./remedies.js";
import { explainRefusal, explainSilence, explainUselessAnswer } from "./sign-in-error.js";

/** The ways to sign in at Entra ID or AD FS. */
export type EntraIdentity = Extract<
  IdentityChoice,
  { mode: "workload-identity" | "service-principal" | "identity-binding" }
>;

/** Who signs in, and where. */
export interface Signer {
  readonly identity: EntraIdentity;
  readonly authority: Authority;
  /** tenantID as the class has it. */
  readonly tenantId: string;
  readonly cloudName: CloudName;
  readonly httpClient: HttpClient;
  readonly retry: RetryOptions | undefined;
  readonly userAgentPrefix: string | undefined;
  /** Who answers in the authority's place, for messages. Default: the authority's host. */
  readonly answeredBy?: string | undefined;
}

/** What the token is to be for. */
export interface Wanted {
  readonly scope: string;
  /** JSON text of a claims challenge. */
  readonly claims?: string | undefined;
}

/**
 * Exchanges the identity's proof for an access token, every time anew.
 * @throws {ProviderError} SIGN_IN_*, CALL_* when the signal aborts, INTERNAL
 */
export async function acquireToken(
  signer: Signer,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<AccessToken> {
  throwIfAborted(signal);
  const { identity, authority } = signer;
  const client = new AuthorityClient(signer.httpClient, authority, signal, signer.retry);
  const exchange: TokenExchange = {
    authority,
    clientId: identity.clientId,
    scope: wanted.scope,
    claims: wanted.claims,
    httpClient: client,
    userAgentPrefix: signer.userAgentPrefix,
  };
  try {
    const token =
      identity.mode === "service-principal"
        ? await exchangeClientSecret(exchange, identity.clientSecret)
        : await exchangeFederatedToken(exchange, identity.federatedToken);
    // MSAL passes on whatever JSON value it finds.
    if (typeof token.token !== "string" || !Number.isFinite(token.expiresOnTimestamp)) {
      throw new TypeError("the token is not text, or has no end");
    }
    return token;
  } catch (error) {
    throwIfAborted(signal);
    throw explain(error, client.lastSeen, signer, wanted);
  }
}

function explain(error: unknown, seen: LastSeen, signer: Signer, wanted: Wanted): ProviderError {
  const { identity } = signer;
  const attempt: Attempt = {
    mode: identity.mode,
    clientId: identity.clientId,
    tenantId: signer.tenantId,
    cloudName: signer.cloudName,
    scope: wanted.scope,
    claims:
      identity.mode === "service-principal"
        ? undefined
        : readFederatedClaims(identity.federatedToken.reveal()),
  };
  if (seen === undefined) {
    return new ProviderError("INTERNAL", "the sign-in failed inside this provider before anything was sent", {
      cause: error,
    });
  }
  if ("failure" in seen) return seen.failure;
  if ("network" in seen) return explainSilence(seen.network, attempt);
  const { response, isDiscovery } = seen;
  const host = signer.answeredBy ?? seen.host;
  if (response.status < 400) return explainUselessAnswer({ host, isDiscovery }, attempt, error);
  return explainRefusal(readRefusal(host, response, proofOf(identity).reveal()), attempt);
}

function proofOf(identity: EntraIdentity): Sensitive<string> {
  return identity.mode === "service-principal" ? identity.clientSecret : identity.federatedToken;
}
