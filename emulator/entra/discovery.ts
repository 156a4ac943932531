import type { PlayedCloud } from "../clouds.js";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import type { EntraDirectory } from "./directory.js";
import { SignInRefused, entraError } from "./errors.js";

/** The tenants of the path that stand for no one directory. */
const SHARED_TENANTS: ReadonlySet<string> = new Set(["common", "organizations", "consumers", "adfs"]);

/** GET `/common/discovery/instance`: which authority hosts belong together. */
export function answerInstanceDiscovery(call: Call, known: readonly PlayedCloud[]): Answer {
  const endpoint = call.query.get("authorization_endpoint");
  if (endpoint === null) {
    return refuse(
      call,
      900144,
      "The request body must contain the following parameter: 'authorization_endpoint'.",
    );
  }
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  if (!known.some(({ authorityHosts }) => authorityHosts.includes(host))) {
    return jsonAnswer(400, {
      error: "invalid_instance",
      error_description: "AADSTS50049: Unknown or invalid instance.",
      error_codes: [50049],
    });
  }
  return jsonAnswer(200, {
    tenant_discovery_endpoint: `https://${host}/${tenantOf(endpoint)}/v2.0/.well-known/openid-configuration`,
    "api-version": call.query.get("api-version") ?? "1.1",
    metadata: known.map(({ authorityHosts, instanceName }) => {
      const preferred = authorityHosts.find((name) => name === `login.${instanceName}`) ?? authorityHosts[0];
      const cache = authorityHosts.find((name) => name === "login.windows.net") ?? preferred;
      return { preferred_network: preferred, preferred_cache: cache, aliases: authorityHosts };
    }),
  });
}

/** GET `/<tenant>[/v2.0]/.well-known/openid-configuration`. */
export function answerOpenIdConfiguration(
  cloud: PlayedCloud,
  tenantId: string,
  version: 1 | 2,
  call: Call,
  directory: EntraDirectory,
): Answer {
  if (!SHARED_TENANTS.has(tenantId) && directory.findTenant(tenantId, cloud) === undefined) {
    return refuse(
      call,
      90002,
      `Tenant '${tenantId}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    );
  }
  const root = `https://${call.host}/${tenantId}`;
  const path = version === 2 ? "oauth2/v2.0" : "oauth2";
  return jsonAnswer(200, {
    token_endpoint: `${root}/${path}/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${root}/discovery/${version === 2 ? "v2.0/" : ""}keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: version === 2 ? `${root}/v2.0` : `${cloud.tokenIssuer}${tenantId}/`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `https://${call.host}/oidc/userinfo`,
    authorization_endpoint: `${root}/${path}/authorize`,
    device_authorization_endpoint: `${root}/${path}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${root}/${path}/logout`,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "tid", "ver"],
    kerberos_endpoint: `${root}/kerberos`,
    tenant_region_scope: "WW",
    cloud_instance_name: cloud.instanceName,
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: "graph.microsoft.com",
    rbac_url: "https://pas.windows.net",
  });
}

/** GET `/<tenant>/discovery[/v2.0]/keys`. */
export async function answerKeys(directory: EntraDirectory): Promise<Answer> {
  const keys = await directory.signingKeys();
  return jsonAnswer(200, { keys: keys.map((key) => key.toJwk()) });
}

function tenantOf(endpoint: string): string {
  return new URL(endpoint).pathname.split("/")[1] ?? "common";
}

function refuse(call: Call, number: 900144 | 90002, text: string): Answer {
  return entraError(new SignInRefused(number, text), { host: call.host, nowMs: call.atMs });
}
