import type { TokenCredential } from "@azure/core-auth";
import type { PipelinePolicy, PipelineResponse, SendRequest } from "@azure/core-rest-pipeline";
import { TransportFailure } from "./failures.js";
import { requestToken } from "./vault-credential.js";

export interface FirstToken {
  readonly credential: TokenCredential;
  /** The cloud's scope for Key Vault, for example `https://vault.azure.net/.default`. */
  readonly scope: string;
  /** Origin of the vault, `https://<name>.<the cloud's suffix>`: no other gets the token. */
  readonly origin: string;
}

/**
 * Puts a token on requests that the SDK sends without one, so that a vault is not first asked without: the scope is known
 * from the cloud's settings. Twenty objects at once are twenty requests, not twenty challenges and then twenty requests.
 * What fails beneath it becomes a {@link TransportFailure}, to be told from what the SDK throws over a challenge.
 *
 * It stands inside the SDK's `keyVaultAuthenticationPolicy`, which sees every 401 and keeps handling challenges:
 *
 * | The vault answers                      | What happens |
 * |----------------------------------------|--------------|
 * | 200, 403, 404, 429 …                   | passed on; the SDK has seen no challenge, and the next request gets a token here too |
 * | 401, challenge names a resource        | the SDK checks that the vault's host is under the resource's, gets a token for that resource and the challenge's tenant, and sends the request again; from then on it puts its own tokens on, and this policy leaves them alone |
 * | 401, the resource is not above the host| the SDK throws; no token is asked for: VAULT_UNAUTHENTICATED |
 * | 401, expired or revoked token          | as the second row: the SDK asks the credential again and sends the request once more; a second 401 is VAULT_UNAUTHENTICATED |
 * | 401, CAE (`insufficient_claims`)       | handled here for tokens put on here: a token with these claims, and the request once more. The SDK handles CAE only after a challenge of its own, and does so for its own tokens |
 * | 401 without a challenge                | passed on: VAULT_UNAUTHENTICATED |
 */
export function tokenPolicy({ credential, scope, origin }: FirstToken): PipelinePolicy {
  return {
    name: "firstTokenPolicy",
    async sendRequest(request, send) {
      const next: SendRequest = (sent) =>
        send(sent).catch((error: unknown) => {
          throw new TransportFailure(error);
        });
      if (request.headers.has("authorization") || new URL(request.url).origin !== origin)
        return next(request);
      const { abortSignal } = request;
      const options = abortSignal === undefined ? {} : { abortSignal };
      const first = await requestToken(credential, scope, options);
      request.headers.set("authorization", `Bearer ${first.token}`);
      const response = await next(request);
      const claims = challengedClaims(response);
      if (claims === undefined) return response;
      const second = await requestToken(credential, scope, { ...options, claims });
      request.headers.set("authorization", `Bearer ${second.token}`);
      return next(request);
    },
  };
}

/**
 * The claims that a CAE challenge asks for, as JSON text; undefined when the answer is no such challenge.
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
function challengedClaims(response: PipelineResponse): string | undefined {
  if (response.status !== 401) return undefined;
  const challenge = response.headers.get("www-authenticate") ?? "";
  if (!/\berror="insufficient_claims"/.test(challenge)) return undefined;
  const encoded = /\bclaims="([A-Za-z0-9+/_=-]{1,8192})"/.exec(challenge)?.[1];
  if (encoded === undefined) return undefined;
  const claims = Buffer.from(encoded, "base64").toString("utf8");
  return isJsonObject(claims) ? claims : undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
