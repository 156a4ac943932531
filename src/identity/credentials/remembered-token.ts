import type { AccessToken, TokenCredential } from "@azure/core-auth";

/** Asks for a new token; without a signal it must end by itself. */
export type FetchToken = (signal: AbortSignal | undefined) => Promise<AccessToken>;

/** A token with less time left than this is renewed before it is used. */
export const RENEW_BEFORE_MS = 60_000;

/**
 * A credential with one token for one resource, which asks again only when that is about to expire or when the vault
 * wants other claims. Callers that find it expired wait for one request together; it belongs to none of them, so none of
 * them can cancel it.
 *
 * What it is asked for (scope, tenant) does not change what it gives: a token of the node is for one identity in one
 * tenant, and for the resource that the cloud names, whatever a vault's challenge says.
 * @param first - the token of the sign-in
 * @param now - milliseconds since 1970
 */
export function rememberToken(
  first: AccessToken,
  fetchToken: FetchToken,
  now: () => number,
): TokenCredential {
  let kept = first;
  let pending: Promise<AccessToken> | undefined;
  const renew = async (): Promise<AccessToken> => {
    try {
      kept = await fetchToken(undefined);
      return kept;
    } finally {
      pending = undefined;
    }
  };
  return {
    async getToken(_scopes, options = {}) {
      const isFresh = kept.expiresOnTimestamp - now() > RENEW_BEFORE_MS;
      return isFresh && options.claims === undefined ? kept : await (pending ??= renew());
    },
  };
}
