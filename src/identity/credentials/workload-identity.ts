import type { AccessToken } from "@azure/core-auth";
import type { Sensitive } from "../../model/sensitive.js";
import { loadSdk } from "./load-sdk.js";
import { sdkOptions, tokenOptions, type TokenExchange } from "./sdk-options.js";

/**
 * Exchanges the pod's federated token for an access token. Every exchange has an SDK credential of its own: MSAL's cache
 * knows the client but not the assertion, so a shared one would answer a forged token from a right one's cache.
 * @throws whatever the SDK throws; its message may quote what the authority sent
 */
export async function exchangeFederatedToken(
  exchange: TokenExchange,
  federatedToken: Sensitive<string>,
): Promise<AccessToken> {
  const { ClientAssertionCredential } = await loadSdk();
  const credential = new ClientAssertionCredential(
    exchange.authority.tenantId,
    exchange.clientId,
    () => Promise.resolve(federatedToken.reveal()),
    sdkOptions(exchange),
  );
  return credential.getToken(exchange.scope, tokenOptions(exchange));
}
