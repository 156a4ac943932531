import type { Socket } from "node:net";
import { startDouble } from "../cluster/double-server.js";
import type { DoubleServer } from "../cluster/double-server.js";
import { KNOWN_CLOUDS } from "../clouds.js";
import type { PlayedCloud } from "../clouds.js";
import type { EntraDirectory } from "../entra/directory.js";
import type { Principal } from "../entra/principal.js";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";

/** How a node's NMI is set up. */
export interface NmiOptions {
  /** Signs the tokens. */
  readonly directory: EntraDirectory;
  /** Default: the public cloud. */
  readonly cloud?: PlayedCloud;
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
  /** Default a free one. */
  readonly port?: number;
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** A running Node Managed Identity server of AAD Pod Identity. */
export interface NmiDouble extends DoubleServer {
  /** `http://localhost:<port>`, in the place of `http://localhost:2579`. */
  readonly origin: string;
  /** Binds an identity to a pod: its tokens are given out from now on. */
  assign(pod: PodName, principal: Principal): void;
  /** Begins to bind an identity: asked for a token, the server says 404 until it is assigned. */
  beginAssigning(pod: PodName): void;
  /** Takes it back: 403 from now on. */
  unassign(pod: PodName): void;
}

const TOKEN_LIFETIME_SECONDS = 86_400;

/**
 * Starts the part of NMI that answers the host: it gives the node's own processes tokens for the pods that they name. The
 * real one waits up to 100 s for a binding before it says 403 or 404; this one does not, add a delay where it matters.
 * @see https://azure.github.io/aad-pod-identity/docs/concepts/nmi/
 */
export async function startNmi(options: NmiOptions): Promise<NmiDouble> {
  const bindings = new Map<string, Principal | "created">();
  const server = await startDouble({
    answer: (call, socket) => answerHost(call, socket, bindings, options),
    busy: (status) =>
      status === 429 ? plainText(429, "too many requests") : plainText(503, "service unavailable"),
    now: options.now,
    port: options.port,
  });
  return Object.assign(server, {
    origin: `http://localhost:${server.port}`,
    assign: (pod: PodName, principal: Principal) => bindings.set(keyOf(pod), principal),
    beginAssigning: (pod: PodName) => bindings.set(keyOf(pod), "created"),
    unassign: (pod: PodName) => bindings.delete(keyOf(pod)),
  });
}

function keyOf({ namespace, name }: PodName): string {
  return `${namespace}/${name}`;
}

async function answerHost(
  call: Call,
  socket: Socket,
  bindings: ReadonlyMap<string, Principal | "created">,
  { directory, cloud = KNOWN_CLOUDS[0] }: NmiOptions,
): Promise<Answer> {
  if (cloud === undefined) throw new Error("no cloud is known");
  if (call.path.replace(/\/$/, "") !== "/host/token") return plainText(404, "404 page not found");
  if (socket.remoteAddress !== "127.0.0.1") {
    return plainText(500, "request remote address is not from a host");
  }
  const pod = { namespace: headerOf(call, "podns"), name: headerOf(call, "podname") };
  if (pod.namespace === "" || pod.name === "") {
    return plainText(400, "missing 'podname' and 'podns' from request header");
  }
  const resource = call.query.get("resource") ?? "";
  if (resource === "") return plainText(400, "parameter resource cannot be empty");
  const bound = bindings.get(keyOf(pod));
  if (bound === undefined || bound === "created") {
    const state = bound === undefined ? "CREATED" : "ASSIGNED";
    return plainText(
      bound === undefined ? 403 : 404,
      `getting assigned identities for pod ${keyOf(pod)} in ${state} state failed after 16 attempts, retry duration [5]s, ` +
        "error: <nil>. Check MIC pod logs for identity assignment errors",
    );
  }
  const { token, expiresInSeconds } = await directory.issueAccessToken({
    principal: bound,
    cloud,
    audience: resource,
    appidacr: "2",
    lifetimeSeconds: TOKEN_LIFETIME_SECONDS,
  });
  const nowSeconds = Math.floor(call.atMs / 1000);
  return jsonAnswer(
    200,
    {
      // Go's json.Number: numbers without quotes.
      token: {
        access_token: token,
        refresh_token: "",
        expires_in: expiresInSeconds,
        expires_on: nowSeconds + expiresInSeconds,
        not_before: nowSeconds - 300,
        resource,
        token_type: "Bearer",
      },
      clientid: bound.clientId,
    },
    { "Content-Type": "application/json" },
    { principal: bound },
  );
}

function headerOf(call: Call, name: string): string {
  const value = call.headers[name];
  return typeof value === "string" ? value : "";
}

/** As Go's http.Error answers. */
function plainText(status: number, text: string): Answer {
  return {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
    body: `${text}\n`,
  };
}
