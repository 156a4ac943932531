import type { PlayedCloud } from "../clouds.js";
import type { EntraDirectory } from "../entra/directory.js";
import { audiencesOf, isSignedBy, parseJwt, secondsClaim, textClaim } from "../entra/jwt.js";
import type { Principal } from "../entra/principal.js";

/** What a vault thinks of a bearer token: whose it is, or the message of the 401. */
export type TokenVerdict = { readonly principal: Principal } | { readonly refusal: string };

/** Clock difference that a vault allows. */
const SKEW_SECONDS = 300;

/** Checks an access token as a vault of this cloud and tenant does: form, signature, audience, issuer, time. */
export async function checkAccessToken(
  token: string,
  vault: { readonly cloud: PlayedCloud; readonly tenantId: string },
  directory: EntraDirectory,
  nowMs: number,
): Promise<TokenVerdict> {
  const jwt = parseJwt(token);
  if (jwt === undefined) return { refusal: "[TokenExpired] Error validating token: 'S2S12086'." };
  const kid = textClaim(jwt.header, "kid");
  const key = (await directory.signingKeys()).find((candidate) => candidate.kid === kid);
  if (key === undefined) {
    const header = jwt.signedPart.slice(0, jwt.signedPart.indexOf("."));
    return {
      refusal: `AKV10046: Unable to resolve the key used for signature validation. EncodedJwtHeader: '${header}'`,
    };
  }
  if (!isSignedBy(jwt, key.publicKey)) {
    return { refusal: "[AggregatedAuthenticationFailure] Error validating token: 'S2S17001'." };
  }
  const expected = vault.cloud.vaultAudience.replace(/\/$/, "");
  const audiences = audiencesOf(jwt.claims);
  if (!audiences.some((audience) => audience.replace(/\/$/, "") === expected)) {
    return { refusal: `AKV10022: Invalid audience. Expected ${expected}, found: ${audiences.join(", ")}.` };
  }
  const issuer = textClaim(jwt.claims, "iss") ?? "";
  const trusted = `${vault.cloud.tokenIssuer}${vault.tenantId}/`;
  if (issuer !== trusted) {
    return { refusal: `AKV10032: Invalid issuer. Expected one of ${trusted}, found ${issuer}.` };
  }
  const nowSeconds = nowMs / 1000;
  const notBefore = secondsClaim(jwt.claims, "nbf") ?? 0;
  const expiry = secondsClaim(jwt.claims, "exp") ?? 0;
  if (nowSeconds - SKEW_SECONDS >= expiry) {
    return { refusal: "[TokenExpired] Error validating token: 'S2S12086'." };
  }
  if (nowSeconds + SKEW_SECONDS < notBefore) {
    return { refusal: "[TokenNotYetValid] Error validating token: 'S2S12016'." };
  }
  const clientId = textClaim(jwt.claims, "appid");
  const objectId = textClaim(jwt.claims, "oid");
  if (clientId === undefined || objectId === undefined) {
    return { refusal: "[AggregatedAuthenticationFailure] Error validating token: 'S2S17001'." };
  }
  return { principal: { tenantId: vault.tenantId, clientId, objectId } };
}
