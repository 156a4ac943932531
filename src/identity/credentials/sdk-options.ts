import type { TokenCredentialOptions } from "@azure/identity";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Authority } from "../authority.js";

/** One token to be had from an authority. */
export interface TokenExchange {
  readonly authority: Authority;
  readonly clientId: string;
  /** For example `https://vault.azure.net/.default`. */
  readonly scope: string;
  /** JSON text of a claims challenge; undefined when there was none. */
  readonly claims: string | undefined;
  readonly httpClient: HttpClient;
  readonly userAgentPrefix: string | undefined;
}

/**
 * What every SDK credential of this provider is given. Instance discovery is off in every cloud: with it MSAL asks
 * login.microsoftonline.com about authorities that it does not know, and sends the proof to another host than the named
 * one where it thinks it knows better. Retries are those of our own client.
 */
export function sdkOptions({
  authority,
  httpClient,
  userAgentPrefix,
}: TokenExchange): TokenCredentialOptions & {
  disableInstanceDiscovery: boolean;
} {
  return {
    authorityHost: authority.url,
    disableInstanceDiscovery: true,
    httpClient,
    retryOptions: { maxRetries: 0 },
    ...(userAgentPrefix === undefined ? {} : { userAgentOptions: { userAgentPrefix } }),
  };
}

/** Tokens are asked for with continuous access evaluation, as the SDK's Key Vault clients want them. */
export function tokenOptions({ claims }: TokenExchange): { enableCae: boolean; claims?: string } {
  return { enableCae: true, ...(claims === undefined ? {} : { claims }) };
}
