import { createHttpHeaders, type PipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";

const PATH = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/;

/**
 * The answer to a question for an authority's OpenID configuration, made on the spot; undefined for any other request.
 * MSAL asks for it in clouds whose endpoints it does not know by heart, only to learn a token endpoint whose path is the same
 * everywhere. Whoever takes the place of the authority need not answer that.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#fetch-the-openid-configuration-document
 */
export function answerOpenIdConfiguration(request: PipelineRequest): PipelineResponse | undefined {
  const { origin, pathname } = new URL(request.url);
  const tenant = PATH.exec(pathname)?.[1];
  if (request.method !== "GET" || tenant === undefined) return undefined;
  const authority = `${origin}/${tenant}`;
  return {
    request,
    status: 200,
    headers: createHttpHeaders({ "content-type": "application/json; charset=utf-8" }),
    bodyAsText: JSON.stringify({
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      jwks_uri: `${authority}/discovery/v2.0/keys`,
    }),
  };
}
