import type { AccessToken } from "@azure/core-auth";
import type { Sensitive } from "../../model/sensitive.js";
import { loadSdk } from "./load-sdk.js";
import { sdkOptions, tokenOptions, type TokenExchange } from "./sdk-options.js";

/**
 * Exchanges a client secret for an access token. Every exchange has an SDK credential of its own: a shared one would
 * answer a wrong secret from a right one's cache.
 * @throws whatever the SDK throws; its message may quote what the authority sent
 */
export async function exchangeClientSecret(
  exchange: TokenExchange,
  clientSecret: Sensitive<string>,
): Promise<AccessToken> {
  const { ClientSecretCredential } = await loadSdk();
  const credential = new ClientSecretCredential(
    exchange.authority.tenantId,
    exchange.clientId,
    clientSecret.reveal(),
    sdkOptions(exchange),
  );
  return credential.getToken(exchange.scope, tokenOptions(exchange));
}
