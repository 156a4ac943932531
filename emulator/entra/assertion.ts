import type { Application } from "./application.js";
import type { EntraDirectory } from "./directory.js";
import { SignInRefused } from "./errors.js";
import { audiencesOf, isSignedBy, parseJwt, secondsClaim, textClaim } from "./jwt.js";
import type { Claims } from "./jwt.js";

const FEDERATION_PAGE = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const CREDENTIALS_PAGE = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials";
/** Clock difference that Entra ID allows between itself and an issuer. */
const SKEW_SECONDS = 300;

/**
 * Accepts a client assertion of a federated issuer for an application, or refuses it as Entra ID does: issuer, subject
 * and audience must be those of one federated credential, then the signature must be by a published key, then the time
 * must be right.
 * @throws {SignInRefused}
 */
export function checkAssertion(
  assertion: string,
  application: Application,
  directory: EntraDirectory,
  nowMs: number,
): void {
  const jwt = parseJwt(assertion);
  if (jwt === undefined) {
    throw new SignInRefused(50027, "JWT token is invalid or malformed.");
  }
  matchCredential(jwt.claims, application);
  const issuerUrl = textClaim(jwt.claims, "iss") ?? "";
  const issuer = directory.findIssuer(issuerUrl);
  if (issuer === undefined) {
    throw new SignInRefused(
      50166,
      `Request to External OIDC endpoint failed: '${issuerUrl}' could not be reached.`,
    );
  }
  const key = issuer.keyFor(jwt);
  if (key === undefined || !isSignedBy(jwt, key.publicKey)) {
    const keyId = textClaim(jwt.header, "kid") ?? "";
    throw new SignInRefused(
      50013,
      key === undefined
        ? `Assertion failed signature validation. [Reason - The key was not found., Thumbprint of key used by client: '${keyId}'.]`
        : "Assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]",
    );
  }
  checkTime(jwt.claims, nowMs);
}

function matchCredential(claims: Claims, application: Application): void {
  const issuer = textClaim(claims, "iss") ?? "";
  const subject = textClaim(claims, "sub") ?? "";
  const audiences = audiencesOf(claims);
  const all = application.federatedCredentials;
  const tail = `Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${FEDERATION_PAGE}`;
  if (all.length === 0) {
    throw new SignInRefused(
      70021,
      `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. ` +
        `Assertion Subject: '${subject}'. Assertion Audience: '${audiences.join("', '")}'. ${FEDERATION_PAGE}`,
    );
  }
  const sameIssuer = all.filter((credential) => credential.issuer === issuer);
  if (sameIssuer.length === 0) {
    throw new SignInRefused(
      700211,
      `No matching federated identity record found for presented assertion issuer '${issuer}'. ${tail}`,
    );
  }
  const sameSubject = sameIssuer.filter((credential) => credential.subject === subject);
  if (sameSubject.length === 0) {
    const isCaseOnly = sameIssuer.some(
      (credential) => credential.subject.toLowerCase() === subject.toLowerCase(),
    );
    throw isCaseOnly
      ? new SignInRefused(
          7002138,
          `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${tail}`,
        )
      : new SignInRefused(
          700213,
          `No matching federated identity record found for presented assertion subject '${subject}'. ${tail}`,
        );
  }
  if (!sameSubject.some((credential) => audiences.includes(credential.audience))) {
    throw new SignInRefused(
      700212,
      `No matching federated identity record found for presented assertion audience '${audiences.join("', '")}'. ${tail}`,
    );
  }
}

function checkTime(claims: Claims, nowMs: number): void {
  const nowSeconds = nowMs / 1000;
  const notBefore = secondsClaim(claims, "nbf") ?? 0;
  const expiry = secondsClaim(claims, "exp") ?? 0;
  if (nowSeconds + SKEW_SECONDS < notBefore || nowSeconds - SKEW_SECONDS >= expiry) {
    throw new SignInRefused(
      700024,
      `Client assertion is not within its valid time range. Current time: ${dotNetTime(nowMs)}, ` +
        `assertion valid from ${dotNetTime(notBefore * 1000)}, expiry time of assertion ${dotNetTime(expiry * 1000)}. ` +
        `Review the documentation at ${CREDENTIALS_PAGE} .`,
    );
  }
}

/** ISO 8601 with seven decimals, as the service prints times; a time out of range is cut to what a date can hold. */
function dotNetTime(ms: number): string {
  const bounded = Math.min(Math.max(ms, 0), 253_402_300_799_000);
  return new Date(bounded).toISOString().replace("Z", "0000Z");
}
