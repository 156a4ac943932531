import { createServer } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { startDouble } from "../cluster/double-server.js";
import type { DoubleServer } from "../cluster/double-server.js";
import { KNOWN_CLOUDS } from "../clouds.js";
import type { PlayedCloud } from "../clouds.js";
import type { EntraDirectory } from "../entra/directory.js";
import { jsonAnswer } from "../http/answer.js";
import type { Answer } from "../http/answer.js";
import type { Call } from "../http/call.js";
import { CertificateAuthority } from "../tls/certificate-authority.js";
import { Bindings } from "./bindings.js";
import type { BoundIdentity, ServiceAccount } from "./bindings.js";
import { exchangeToken } from "./exchange.js";
import { tokenProxyServerName } from "./server-name.js";

/** How a cluster's API server, with the token proxy behind it, is set up. */
export interface TokenProxyOptions {
  readonly directory: EntraDirectory;
  /** Issuer of the cluster's service-account tokens. */
  readonly issuerUrl: string;
  /** Default: the public cloud. */
  readonly cloud?: PlayedCloud;
  /** The id in the API server's certificate; empty for a certificate without one. Default a made-up one. */
  readonly clusterId?: string;
  /** Milliseconds since the epoch, but for the validity of certificates; default the system's clock. */
  readonly now?: () => number;
  /** Default a free one. */
  readonly port?: number;
  /** Default "127.0.0.1". */
  readonly listenOn?: string;
}

/** A running API server of an AKS cluster, as far as identity bindings need it. */
export interface TokenProxyDouble extends DoubleServer {
  /** `https://<address>:<port>`, in the place of `https://kubernetes.default.svc.cluster.local`. */
  readonly origin: string;
  /** The TLS name that leads to the token proxy; every other one leads to the API server. */
  serverName(): string;
  /** What stands in a pod's `/var/run/secrets/kubernetes.io/serviceaccount/ca.crt`. */
  readonly clusterCaPem: string;
  /** TLS names that clients asked for, in the order of their handshakes; who asks for none is not listed. */
  readonly serverNames: readonly string[];
  /** Binds a managed identity to the cluster and lets a service account use it. */
  bind(identity: BoundIdentity, serviceAccount: ServiceAccount): void;
  unbind(identity: BoundIdentity, serviceAccount: ServiceAccount): void;
  /** The API server gets a new certificate, with another cluster id; the token proxy moves with it. */
  moveTo(clusterId: string): void;
}

const DEFAULT_CLUSTER_ID = "696995ccb303450001b31a18";

/**
 * Starts an API server with a token proxy behind it: which of the two answers depends on the TLS server name alone. The
 * proxy checks the pod's token and its binding, signs an assertion of its own and takes that to Entra ID.
 *
 * What the real proxy says when it refuses is not published; this one answers as a token endpoint does.
 * @see https://learn.microsoft.com/azure/aks/identity-bindings-concepts
 */
export async function startTokenProxy(options: TokenProxyOptions): Promise<TokenProxyDouble> {
  const { directory, cloud = KNOWN_CLOUDS[0] } = options;
  if (cloud === undefined) throw new Error("no cloud is known");
  const authority = new CertificateAuthority("ca");
  const bindings = new Bindings(directory);
  const issuer = directory.issuer(options.issuerUrl);
  const serverNames: string[] = [];
  let clusterId = options.clusterId ?? DEFAULT_CLUSTER_ID;

  const answer = (call: Call, socket: Socket): Answer | Promise<Answer> =>
    socket instanceof TLSSocket && socket.servername === tokenProxyServerName(clusterId)
      ? exchangeToken(call, { bindings, issuer, directory, cloud })
      : answerAsApiServer();
  const server = await startDouble({
    answer,
    busy: (status) =>
      jsonAnswer(status, {
        error: "temporarily_unavailable",
        error_description: status === 429 ? "too many requests" : "the token proxy is out of order",
      }),
    now: options.now,
    port: options.port,
    listenOn: options.listenOn,
    createServer: (listener) =>
      createServer(
        {
          ...authority.settingsFor(apiServerNames(clusterId), "current"),
          SNICallback: (name, callback) => {
            serverNames.push(name);
            const proxyName = tokenProxyServerName(clusterId);
            const names = name.toLowerCase() === proxyName ? [proxyName] : apiServerNames(clusterId);
            callback(null, authority.contextFor(names));
          },
        },
        listener,
      ),
  });
  return Object.assign(server, {
    origin: `https://${options.listenOn ?? "127.0.0.1"}:${server.port}`,
    serverName: () => tokenProxyServerName(clusterId),
    clusterCaPem: authority.pem,
    serverNames,
    bind: (identity: BoundIdentity, serviceAccount: ServiceAccount) => {
      bindings.bind(identity, serviceAccount);
    },
    unbind: (identity: BoundIdentity, serviceAccount: ServiceAccount) => {
      bindings.unbind(identity, serviceAccount);
    },
    moveTo: (next: string) => {
      clusterId = next;
    },
  });
}

/** The names in the certificate of an AKS cluster's API server. */
function apiServerNames(clusterId: string): string[] {
  return [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    ...(clusterId === "" ? [] : [`hcp-kubernetes.${clusterId}.svc.cluster.local`]),
    "10.0.0.1",
    "127.0.0.1",
  ];
}

function answerAsApiServer(): Answer {
  return jsonAnswer(401, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "Unauthorized",
    reason: "Unauthorized",
    code: 401,
  });
}
