import type { LookupFunction } from "node:net";
import type { Trust } from "../network/certificate-authorities.js";
import type { Retry } from "../network/retry.js";
import { ManagedIdentity } from "./credentials/managed-identity.js";
import { PodIdentity } from "./credentials/pod-identity.js";
import {
  API_SERVER_HOST,
  CLUSTER_CA_FILE,
  DEFAULT_TOKEN_PROXY_URL,
  TokenProxy,
} from "./credentials/token-proxy.js";

/** Where a node and its cluster offer their token services. */
export interface LocalAddresses {
  /** Default `http://169.254.169.254`. */
  readonly imdsOrigin?: string;
  /** Default `http://localhost:2579`. */
  readonly nmiOrigin?: string;
  /** Default `/var/run/secrets/kubernetes.io/serviceaccount/ca.crt`. */
  readonly clusterCaFile?: string;
  /** Default `kubernetes.default.svc.cluster.local`. */
  readonly apiServerHost?: string;
}

export interface LocalIdentitySettings {
  /** `--token-proxy-url`; empty: the default. */
  readonly tokenProxyUrl: string;
  /** `--sni-name`; empty: found from the API server's certificate. */
  readonly sniName: string;
  /** KUBERNETES_SERVICE_PORT; anything but a port means 443. */
  readonly apiServerPort: string | undefined;
  /** The process's own trust. */
  readonly trust: Trust;
  /** Default: getaddrinfo. */
  readonly lookup?: LookupFunction;
  /** Called before each wait for the metadata service, for logs and metrics. */
  readonly onRetry?: (retry: Retry) => void;
  readonly addresses?: LocalAddresses;
}

/** What signs in on the spot: with the node's and the cluster's own services, past every proxy. */
export interface LocalIdentities {
  readonly managedIdentity: ManagedIdentity;
  readonly podIdentity: PodIdentity;
  readonly tokenProxy: TokenProxy;
  close(): void;
}

/**
 * Makes what every sign-in by managed identity, pod identity and identity binding shares. Nothing is asked before one of
 * them is needed.
 * @throws {RangeError} with words for the operator, when a flag cannot be used
 */
export function createLocalIdentities(settings: LocalIdentitySettings): LocalIdentities {
  const { addresses = {}, apiServerPort, lookup, onRetry } = settings;
  const tokenProxy = new TokenProxy({
    url: settings.tokenProxyUrl === "" ? DEFAULT_TOKEN_PROXY_URL : settings.tokenProxyUrl,
    serverName: settings.sniName,
    caFile: addresses.clusterCaFile ?? CLUSTER_CA_FILE,
    apiServer: { host: addresses.apiServerHost ?? API_SERVER_HOST, port: portOf(apiServerPort) },
    processTrust: settings.trust,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const managedIdentity = new ManagedIdentity({
    ...(addresses.imdsOrigin === undefined ? {} : { origin: addresses.imdsOrigin }),
    ...(onRetry === undefined ? {} : { onRetry }),
  });
  const podIdentity = new PodIdentity({
    ...(addresses.nmiOrigin === undefined ? {} : { origin: addresses.nmiOrigin }),
    ...(lookup === undefined ? {} : { lookup }),
  });
  return {
    managedIdentity,
    podIdentity,
    tokenProxy,
    close: () => {
      managedIdentity.close();
      podIdentity.close();
      tokenProxy.close();
    },
  };
}

function portOf(text = ""): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : 443;
}
