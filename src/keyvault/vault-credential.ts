import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { CredentialFailure } from "./failures.js";

/**
 * Asks for a token as the SDK does: with continuous access evaluation (CAE), so that both get the same one from memory.
 * @throws {CredentialFailure}
 */
export async function requestToken(
  credential: TokenCredential,
  scopes: string | string[],
  options: GetTokenOptions = {},
): Promise<AccessToken> {
  let token: AccessToken | null;
  try {
    token = await credential.getToken(scopes, { ...options, enableCae: true });
  } catch (error) {
    throw new CredentialFailure(error, options.tenantId);
  }
  if (token === null) throw new CredentialFailure(undefined, options.tenantId);
  return token;
}

/**
 * The credential as the SDK's challenge handling is to see it. That handling keeps a token and renews it on its own:
 * when a renewal fails while the kept token is unexpired, it tries again every 3 s until then, for up to an hour, past the
 * end of the call; and callers that wait for one renewal share the first one's abort signal. So every token is given out
 * as already expired, which makes it ask each time and fail at once, and the signal is left out. The credential underneath
 * answers from memory; a call that is given up stops waiting by itself.
 */
export function forChallenges(credential: TokenCredential): TokenCredential {
  return {
    async getToken(scopes, options = {}) {
      const { claims, tenantId } = options;
      const { token } = await requestToken(credential, scopes, {
        ...(claims === undefined ? {} : { claims }),
        ...(tenantId === undefined ? {} : { tenantId }),
      });
      return { token, expiresOnTimestamp: 0 };
    },
  };
}
