import { startDouble } from "../cluster/double-server.js";
import type { DoubleServer } from "../cluster/double-server.js";
import { KNOWN_CLOUDS } from "../clouds.js";
import type { PlayedCloud } from "../clouds.js";
import type { EntraDirectory } from "../entra/directory.js";
import type { Principal } from "../entra/principal.js";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import { AssignedIdentities } from "./assigned-identities.js";

/** How a node's metadata service is set up. */
export interface ImdsOptions {
  /** Signs the tokens. */
  readonly directory: EntraDirectory;
  /** Default: the public cloud. */
  readonly cloud?: PlayedCloud;
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
  /** Default a free one. */
  readonly port?: number;
  /** Default "127.0.0.1"; "169.254.169.254" where a network namespace has that address. */
  readonly listenOn?: string;
}

/** A running Instance Metadata Service of one virtual machine. */
export interface ImdsDouble extends DoubleServer {
  /** `http://<address>:<port>`, in the place of `http://169.254.169.254`. */
  readonly origin: string;
  readonly identities: AssignedIdentities;
}

const TOKEN_PATH = "/metadata/identity/oauth2/token";
const API_VERSION = /^20\d\d-\d\d-\d\d$/;
/** Managed identities get tokens for a day. */
const TOKEN_LIFETIME_SECONDS = 86_400;
/** A cached token with less time left than this is not given out again. */
const LEAST_CACHED_MS = 5 * 60_000;

/**
 * Starts the metadata service of one virtual machine, as far as it gives out tokens of managed identities.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export async function startImds(options: ImdsOptions): Promise<ImdsDouble> {
  const identities = new AssignedIdentities();
  const tokens = new TokenCache(options);
  const server = await startDouble({
    answer: (call) => answerToken(call, identities, tokens),
    busy: (status) =>
      status === 429
        ? refuse(429, "too_many_requests", "Too many requests")
        : refuse(503, "unknown", "Service is unavailable"),
    now: options.now,
    port: options.port,
    listenOn: options.listenOn,
  });
  const { listenOn = "127.0.0.1" } = options;
  return Object.assign(server, { origin: `http://${listenOn}:${server.port}`, identities });
}

async function answerToken(call: Call, identities: AssignedIdentities, tokens: TokenCache): Promise<Answer> {
  if (call.headers["metadata"] !== "true") {
    return refuse(400, "invalid_request", "Required metadata header not specified");
  }
  if (call.headers["x-forwarded-for"] !== undefined) {
    return refuse(400, "invalid_request", "X-Forwarded-For header is not allowed");
  }
  if (call.path !== TOKEN_PATH) return refuse(404, "not_found", "The requested resource is not found");
  if (call.method !== "GET") return refuse(405, "invalid_request", `Method ${call.method} is not allowed`);
  if (!API_VERSION.test(call.query.get("api-version") ?? "")) {
    return refuse(400, "invalid_request", "Required api-version parameter not specified");
  }
  const resource = call.query.get("resource") ?? "";
  if (resource === "") return refuse(400, "invalid_request", "Required audience parameter not specified");
  const found = identities.find({
    clientId: call.query.get("client_id"),
    resourceId: call.query.get("msi_res_id") ?? call.query.get("mi_res_id"),
  });
  if ("problem" in found) return refuse(400, "invalid_request", found.problem);
  return await tokens.answer(found.principal, found.resourceId, resource, call.atMs);
}

/** Gives the same token again until it is about to expire, as the real service does. */
class TokenCache {
  readonly #directory: EntraDirectory;
  readonly #cloud: PlayedCloud;
  readonly #tokens = new Map<string, { readonly token: string; readonly expiresAtMs: number }>();

  constructor({ directory, cloud }: ImdsOptions) {
    const [publicCloud] = KNOWN_CLOUDS;
    if (publicCloud === undefined) throw new Error("no cloud is known");
    this.#directory = directory;
    this.#cloud = cloud ?? publicCloud;
  }

  async answer(principal: Principal, resourceId: string, resource: string, nowMs: number): Promise<Answer> {
    if (resource.replace(/\/$/, "") !== this.#cloud.vaultAudience.replace(/\/$/, "")) {
      return refuse(
        400,
        "invalid_resource",
        `AADSTS500011: The resource principal named ${resource} was not found in the tenant named ${principal.tenantId}. ` +
          "This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
      );
    }
    const { token, expiresAtMs } = await this.#token(principal, resourceId, resource, nowMs);
    const expiresOn = Math.floor(expiresAtMs / 1000);
    return jsonAnswer(
      200,
      {
        access_token: token,
        client_id: principal.clientId,
        expires_in: String(expiresOn - Math.floor(nowMs / 1000)),
        expires_on: String(expiresOn),
        ext_expires_in: String(TOKEN_LIFETIME_SECONDS - 1),
        not_before: String(expiresOn - TOKEN_LIFETIME_SECONDS - 300),
        resource,
        token_type: "Bearer",
      },
      { Server: "IMDS/150.870.65.1854" },
      { principal },
    );
  }

  async #token(
    principal: Principal,
    resourceId: string,
    resource: string,
    nowMs: number,
  ): Promise<{ readonly token: string; readonly expiresAtMs: number }> {
    const key = `${principal.clientId} ${resource}`;
    const kept = this.#tokens.get(key);
    if (kept !== undefined && kept.expiresAtMs - nowMs > LEAST_CACHED_MS) return kept;
    const { token, expiresInSeconds } = await this.#directory.issueAccessToken({
      principal,
      cloud: this.#cloud,
      audience: resource,
      appidacr: "2",
      lifetimeSeconds: TOKEN_LIFETIME_SECONDS,
      claims: { xms_mirid: resourceId },
    });
    const made = { token, expiresAtMs: nowMs + expiresInSeconds * 1000 };
    this.#tokens.set(key, made);
    return made;
  }
}

function refuse(status: number, error: string, description: string): Answer {
  return jsonAnswer(
    status,
    { error, error_description: description },
    { Server: "IMDS/150.870.65.1854" },
    { code: error },
  );
}
