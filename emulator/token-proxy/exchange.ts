import type { PlayedCloud } from "../clouds.js";
import type { EntraDirectory } from "../entra/directory.js";
import { audiencesOf, isSignedBy, parseJwt, secondsClaim, textClaim } from "../entra/jwt.js";
import type { OidcIssuer } from "../entra/oidc-issuer.js";
import { answerTokenRequest } from "../entra/token-endpoint.js";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import type { Bindings } from "./bindings.js";

/** What the proxy decides with. */
export interface ExchangeParts {
  readonly bindings: Bindings;
  /** Issuer of the cluster's service-account tokens. */
  readonly issuer: OidcIssuer;
  readonly directory: EntraDirectory;
  readonly cloud: PlayedCloud;
}

/** Audience of the service-account tokens that the proxy takes. */
export const PROXY_AUDIENCE = "api://AKSIdentityBinding";

/**
 * Answers a token request: path and host do not matter to the proxy, only the form. A pod's token that is good and
 * may use the identity becomes an assertion of the identity's own issuer, and that goes to Entra ID.
 */
export async function exchangeToken(call: Call, parts: ExchangeParts): Promise<Answer> {
  if (call.method !== "POST") return refuse(404, "invalid_request", "the token proxy answers POST only");
  const form = new URLSearchParams(call.body);
  const subject = subjectOfToken(form.get("client_assertion") ?? "", parts.issuer, call.atMs);
  if ("problem" in subject) return refuse(401, "invalid_client", subject.problem);
  const clientId = form.get("client_id") ?? "";
  const binding = parts.bindings.find(clientId);
  if (binding === undefined) {
    return refuse(403, "unauthorized_client", `no identity binding for client ${clientId} in this cluster`);
  }
  if (!parts.bindings.mayUse(subject.subject, clientId)) {
    return refuse(
      403,
      "unauthorized_client",
      `${subject.subject} may not use-managed-identity ${clientId} in API group cid.wi.aks.azure.com`,
    );
  }
  form.set(
    "client_assertion",
    binding.issuer.serviceAccountToken({
      namespace: "aks",
      serviceAccount: "identity-binding",
      claims: { sub: binding.subject },
    }),
  );
  const { tenantId } = binding.identity.principal;
  const route = { cloud: parts.cloud, tenantId, version: 2 } as const;
  return await answerTokenRequest(route, { ...call, body: form.toString() }, parts.directory);
}

function subjectOfToken(
  token: string,
  issuer: OidcIssuer,
  nowMs: number,
): { readonly subject: string } | { readonly problem: string } {
  const jwt = parseJwt(token);
  if (jwt === undefined) return { problem: "client_assertion is not a JSON Web Token" };
  const key = issuer.keyFor(jwt);
  if (textClaim(jwt.claims, "iss") !== issuer.url || key === undefined || !isSignedBy(jwt, key.publicKey)) {
    return { problem: "client_assertion is not a token of this cluster" };
  }
  if (!audiencesOf(jwt.claims).includes(PROXY_AUDIENCE)) {
    return { problem: `client_assertion is not for audience ${PROXY_AUDIENCE}` };
  }
  if ((secondsClaim(jwt.claims, "exp") ?? 0) <= nowMs / 1000)
    return { problem: "client_assertion has expired" };
  return { subject: textClaim(jwt.claims, "sub") ?? "" };
}

function refuse(status: number, error: string, description: string): Answer {
  return jsonAnswer(status, { error, error_description: description }, {}, { code: error });
}
