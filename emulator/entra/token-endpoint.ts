import type { PlayedCloud } from "../clouds.js";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import { checkAssertion } from "./assertion.js";
import type { Application } from "./application.js";
import type { EntraDirectory } from "./directory.js";
import { SignInRefused, entraError } from "./errors.js";

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** Most form fields of one request; the real ones have about ten. */
const MAX_FIELDS = 50;

/** One token request: which cloud's host and which path it came to. */
export interface TokenRoute {
  readonly cloud: PlayedCloud;
  /** Tenant id of the path, or "adfs". */
  readonly tenantId: string;
  /** The version 2 endpoint takes `scope`, the older one `resource`. */
  readonly version: 1 | 2;
}

/**
 * Answers POST `/<tenant>/oauth2/v2.0/token` and `/<tenant>/oauth2/token` for the client-credentials grant.
 * @see RFC 6749 section 4.4, RFC 7523 section 2.2
 */
export async function answerTokenRequest(
  route: TokenRoute,
  call: Call,
  directory: EntraDirectory,
): Promise<Answer> {
  const correlation = call.headers["client-request-id"];
  const setting = {
    host: call.host,
    nowMs: call.atMs,
    correlationId: typeof correlation === "string" ? correlation : undefined,
  };
  try {
    return await grant(route, readForm(call), call, directory);
  } catch (error) {
    if (error instanceof SignInRefused) return entraError(error, setting);
    throw error;
  }
}

async function grant(
  route: TokenRoute,
  form: ReadonlyMap<string, string>,
  call: Call,
  directory: EntraDirectory,
): Promise<Answer> {
  const grantType = required(form, "grant_type");
  const tenant = directory.findTenant(route.tenantId, route.cloud);
  if (tenant === undefined) {
    throw new SignInRefused(
      90002,
      `Tenant '${route.tenantId}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    );
  }
  if (grantType !== "client_credentials") {
    throw new SignInRefused(70003, `The app requested an unsupported grant type '${grantType}'.`);
  }
  const clientId = required(form, "client_id");
  const application = tenant.find(clientId);
  if (application === undefined) {
    throw new SignInRefused(
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant.id}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }
  const audience = audienceOf(route, form);
  const appidacr = authenticate(form, application, directory, call.atMs);
  if (application.isDisabled) {
    throw new SignInRefused(7000112, `Application '${clientId}'(emulated) is disabled.`);
  }
  if (!isResource(audience, route.cloud)) {
    throw new SignInRefused(
      500011,
      `The resource principal named ${audience} was not found in the tenant named ${tenant.id}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    );
  }
  const { principal } = application;
  const issued = await directory.issueAccessToken({ principal, cloud: route.cloud, audience, appidacr });
  return jsonAnswer(200, tokenBody(route, issued, audience, call.atMs), {}, { principal });
}

/** The credential that the form shows, checked: "1" for a secret, "2" for an assertion. */
function authenticate(
  form: ReadonlyMap<string, string>,
  application: Application,
  directory: EntraDirectory,
  nowMs: number,
): "1" | "2" {
  const secret = form.get("client_secret");
  const assertion = form.get("client_assertion");
  if (assertion !== undefined) {
    if (required(form, "client_assertion_type") !== JWT_BEARER) {
      throw new SignInRefused(90023, `The 'client_assertion_type' must be '${JWT_BEARER}'.`);
    }
    checkAssertion(assertion, application, directory, nowMs);
    return "2";
  }
  if (secret === undefined) {
    throw new SignInRefused(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  const verdict = application.judgeSecret(secret, nowMs);
  if (verdict === "expired") {
    throw new SignInRefused(
      7000222,
      `The provided client secret keys for app '${application.clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    );
  }
  if (verdict === "unknown") {
    throw new SignInRefused(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.clientId}'.`,
    );
  }
  return "1";
}

/** `aud` of the token: a version 2 scope is the resource with `/.default` behind it; AD FS takes it at its one endpoint. */
function audienceOf(route: TokenRoute, form: ReadonlyMap<string, string>): string {
  const isByScope = route.version === 2 || (route.tenantId === "adfs" && form.get("resource") === undefined);
  if (!isByScope) return required(form, "resource");
  const scopes = required(form, "scope").split(" ");
  const forResource = scopes.filter((scope) => !["openid", "profile", "offline_access"].includes(scope));
  const [scope = ""] = forResource;
  if (!scope.endsWith("/.default")) {
    throw new SignInRefused(
      1002012,
      `The provided value for scope ${scopes.join(" ")} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  return scope.slice(0, -"/.default".length);
}

function isResource(audience: string, cloud: PlayedCloud): boolean {
  return audience.replace(/\/$/, "") === cloud.vaultAudience.replace(/\/$/, "");
}

function tokenBody(
  route: TokenRoute,
  { token, expiresInSeconds }: { token: string; expiresInSeconds: number },
  audience: string,
  nowMs: number,
): Record<string, unknown> {
  if (route.version === 2) {
    return {
      token_type: "Bearer",
      expires_in: expiresInSeconds,
      ext_expires_in: expiresInSeconds,
      access_token: token,
    };
  }
  const nowSeconds = Math.floor(nowMs / 1000);
  return {
    token_type: "Bearer",
    expires_in: String(expiresInSeconds),
    ext_expires_in: String(expiresInSeconds),
    expires_on: String(nowSeconds + expiresInSeconds),
    not_before: String(nowSeconds - 300),
    resource: audience,
    access_token: token,
  };
}

function readForm(call: Call): ReadonlyMap<string, string> {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(call.body)) {
    if (form.size >= MAX_FIELDS) {
      throw new SignInRefused(90100, "The request has more parameters than this endpoint takes.");
    }
    form.set(name, value);
  }
  return form;
}

function required(form: ReadonlyMap<string, string>, name: string): string {
  const value = form.get(name);
  if (value === undefined || value === "") {
    throw new SignInRefused(900144, `The request body must contain the following parameter: '${name}'.`);
  }
  return value;
}
