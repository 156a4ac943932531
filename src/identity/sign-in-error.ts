import type { ErrorCode } from "../errors/codes.js";
import { ProviderError } from "../errors/provider-error.js";
import type { NetworkError } from "../network/network-error.js";
import type { Refusal } from "./refusal.js";
import { generalRemedy, isThrottling, remedyFor, type Attempt } from "./remedies.js";

/** A sign-in that failed, explained. */
export class SignInError extends ProviderError {
  /** The authority's own word: `AADSTS700016`, `invalid_client`; undefined when there was none. */
  readonly serviceCode: string | undefined;
  /** Undefined when there was no answer. */
  readonly httpStatus: number | undefined;

  constructor(code: ErrorCode, message: string, facts: { cause?: unknown; refusal?: Refusal } = {}) {
    const { correlationId, traceId } = facts.refusal ?? {};
    super(code, message, { cause: facts.cause, serviceId: correlationId ?? traceId });
    this.name = "SignInError";
    this.serviceCode = facts.refusal?.code;
    this.httpStatus = facts.refusal?.status;
  }
}

/** The authority answered with HTTP 400 or more. */
export function explainRefusal(refusal: Refusal, attempt: Attempt): SignInError {
  const { status, aadsts } = refusal;
  const code = codeFor(refusal);
  const words =
    code === "SIGN_IN_THROTTLED"
      ? "too many sign-ins; the next mount tries again"
      : code === "SIGN_IN_FAILED"
        ? "the authority is out of order; the next mount tries again"
        : ((aadsts === undefined ? undefined : remedyFor(aadsts, attempt)) ?? generalRemedy(attempt));
  const said = refusal.text === "" ? "" : `; the authority says: ${withoutClient(refusal.text, attempt)}`;
  const origin =
    refusal.code === undefined ? " (not the authority's own words: perhaps a proxy answered for it)" : "";
  return new SignInError(
    code,
    `sign-in of ${clientOf(attempt)} in tenant ${attempt.tenantId} was refused by ${refusal.host} with HTTP ` +
      `${status}${refusal.code === undefined ? "" : ` ${refusal.code}`}${origin}: ${words}${said}`,
    { refusal },
  );
}

/**
 * A client ID that comes out of a Secret is shown only if it looks like one: in a Secret whose two values were swapped,
 * it is the client secret.
 */
function clientOf(attempt: Attempt): string {
  return isShown(attempt)
    ? `client ${attempt.clientId}`
    : "the client that the Secret names (its clientid is not shown, since it is no GUID; was it swapped with clientsecret?)";
}

function withoutClient(text: string, attempt: Attempt): string {
  return isShown(attempt) ? text : text.replaceAll(attempt.clientId, "<clientid>");
}

function isShown({ mode, clientId }: Attempt): boolean {
  return mode !== "service-principal" || /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(clientId);
}

function codeFor({ status, aadsts }: Refusal): ErrorCode {
  if (status === 429 || isThrottling(aadsts)) return "SIGN_IN_THROTTLED";
  return status >= 500 || status === 408 ? "SIGN_IN_FAILED" : "SIGN_IN_REJECTED";
}

/** No usable answer came from the authority. */
export function explainSilence(error: NetworkError, attempt: Attempt): SignInError {
  const begin = `sign-in of ${clientOf(attempt)} in tenant ${attempt.tenantId} failed`;
  switch (error.kind) {
    case "timeout":
    case "dns":
    case "connect":
    case "tls":
    case "proxy":
    case "reset":
    case "aborted":
      return new SignInError("SIGN_IN_UNREACHABLE", `${begin}: ${error.message}`, { cause: error });
    case "redirect":
    case "off-origin":
      return new SignInError(
        "SIGN_IN_FAILED",
        `${begin}: ${error.message}; the identity's proof was not sent there. Check what stands between this node and the ` +
          "authority, and for AzureStackCloud activeDirectoryEndpoint of its environment file",
        { cause: error },
      );
    case "too-large":
    case "invalid-answer":
    case "invalid-request":
      return new SignInError(
        "SIGN_IN_FAILED",
        `${begin}: ${error.message}; check what stands between this node and the authority (proxy, gateway)`,
        { cause: error },
      );
  }
}

/** The authority answered with HTTP 200, but the SDK can use nothing of it. */
export function explainUselessAnswer(
  { host, isDiscovery }: { readonly host: string; readonly isDiscovery: boolean },
  attempt: Attempt,
  cause: unknown,
): SignInError {
  const answered = isDiscovery
    ? "an OpenID configuration that cannot be used: it must name a token endpoint, and an issuer on the same host"
    : "no access token";
  return new SignInError(
    "SIGN_IN_FAILED",
    `sign-in of ${clientOf(attempt)} in tenant ${attempt.tenantId} failed: ${host} answered HTTP 200 with ${answered}; ` +
      "check what stands between this node and the authority, and cloudName",
    { cause },
  );
}
