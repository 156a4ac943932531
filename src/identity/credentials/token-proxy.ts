import { createPipelineRequest, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { SecureContext } from "node:tls";
import { ProviderError } from "../../errors/provider-error.js";
import type { Trust } from "../../network/certificate-authorities.js";
import { createHttpClient, type ClosableHttpClient } from "../../network/http-client.js";
import { NetworkError } from "../../network/network-error.js";
import { stayOnOrigin } from "../../network/stay-on-origin.js";
import { readAlternativeNames, type ApiServerAddress } from "./api-server.js";
import { findClusterId, tokenProxyServerName } from "./cluster-id.js";
import { ClusterAuthority, type ClusterTrust } from "./cluster-trust.js";
import { lookupInstead } from "./lookup-instead.js";
import { answerOpenIdConfiguration } from "./openid-configuration.js";
import { SharedAnswer } from "./shared-answer.js";

/** `--token-proxy-url` where it is not given. */
export const DEFAULT_TOKEN_PROXY_URL = "https://kubernetes.default.svc.cluster.local";
/** Where a pod finds the authority of its cluster. */
export const CLUSTER_CA_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
/** Name of the API server inside of its cluster. */
export const API_SERVER_HOST = "kubernetes.default.svc.cluster.local";

export interface TokenProxySettings {
  /** `--token-proxy-url`; see {@link parseTokenProxyUrl}. */
  readonly url: string;
  /** `--sni-name`; empty: found from the API server's certificate. */
  readonly serverName: string;
  readonly caFile: string;
  readonly apiServer: ApiServerAddress;
  /** The process's own trust, for a pod without `caFile`. */
  readonly processTrust: Trust;
  /** Default: getaddrinfo. */
  readonly lookup?: LookupFunction;
  /** Time that one request may take in all. Default 15,000. */
  readonly tryTimeoutMs?: number;
  /** Time that the handshake with the API server may take. Default 10,000. */
  readonly probeTimeoutMs?: number;
}

/** Largest answer of the proxy. */
const MAX_RESPONSE_BYTES = 256 * 1024;
const DEFAULT_PROBE_TIMEOUT_MS = 10_000;
const DNS_REMEDY = "a provider with hostNetwork needs dnsPolicy ClusterFirstWithHostNet";
const SERVER_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/**
 * The way to a cluster's token proxy, shared by all its callers: whom to trust, which TLS name to ask for, and the
 * connections.
 */
export class TokenProxy {
  readonly #url: URL;
  readonly #settings: TokenProxySettings;
  readonly #authority: ClusterAuthority;
  readonly #foundName: SharedAnswer<string>;
  #current:
    | { readonly serverName: string; readonly context: SecureContext; readonly client: ClosableHttpClient }
    | undefined;

  /** @throws {RangeError} when the URL or the server name cannot be one */
  constructor(settings: TokenProxySettings) {
    this.#url = parseTokenProxyUrl(settings.url);
    if (settings.serverName !== "" && !SERVER_NAME.test(settings.serverName)) {
      throw new RangeError("--sni-name must be a DNS name, as in a0123456789.ests.aks");
    }
    this.#settings = settings;
    this.#authority = new ClusterAuthority(settings.caFile, settings.processTrust);
    this.#foundName = new SharedAnswer(() => this.#findServerName());
  }

  /** The proxy's host and port, for messages. */
  get host(): string {
    return this.#url.host;
  }

  /**
   * A client that takes every request for an authority to the proxy instead, under the path that it had; only discovery is
   * answered on the spot. The cluster's authority and the TLS name are settled before it is handed out.
   *
   * It asks `https://<TLS name><port>` of the proxy's address, as `curl --resolve` would: so the name is sent in the
   * handshake, checked against the certificate, and stands in the Host header. (The proxy itself looks at the name
   * in the handshake only; the SDKs of different languages send three different Host headers.)
   * @throws {ProviderError} SIGN_IN_UNREACHABLE, SIGN_IN_FAILED
   */
  async open(): Promise<HttpClient> {
    const { context } = await this.#authority.trust();
    const { serverName: given } = this.#settings;
    const serverName = given === "" ? await this.#foundName.get() : given;
    const client = this.#clientFor(serverName, context);
    const port = this.#url.port === "" ? "" : `:${this.#url.port}`;
    const origin = `https://${serverName}${port}`;
    const guarded = stayOnOrigin(client, [origin]);
    return {
      sendRequest: async (request) => {
        const known = answerOpenIdConfiguration(request);
        if (known !== undefined) return known;
        try {
          return await guarded.sendRequest(this.#redirected(request, origin));
        } catch (error) {
          if (!(error instanceof NetworkError)) throw error;
          // Whoever answered is not the proxy of the cluster that the name was made from.
          if (error.kind === "tls") this.#foundName.forget(serverName);
          throw this.#named(error, serverName);
        }
      },
    };
  }

  close(): void {
    this.#current?.client.close();
    this.#current = undefined;
  }

  /** Connections are kept as long as name and trust stay; older ones end by themselves once they are idle. */
  #clientFor(serverName: string, context: SecureContext): HttpClient {
    if (this.#current?.serverName !== serverName || this.#current.context !== context) {
      const { lookup = systemLookup, tryTimeoutMs } = this.#settings;
      const proxyHost = this.#url.hostname.replace(/^\[|\]$/g, "");
      const client = createHttpClient({
        trust: () => Promise.resolve(context),
        lookup: lookupInstead(proxyHost, lookup),
        maxResponseBytes: MAX_RESPONSE_BYTES,
        ...(tryTimeoutMs === undefined ? {} : { tryTimeoutMs }),
      });
      this.#current = { serverName, context, client };
    }
    return this.#current.client;
  }

  #redirected(request: PipelineRequest, origin: string): PipelineRequest {
    const { pathname, search } = new URL(request.url);
    const { method, headers, body, timeout, abortSignal } = request;
    return createPipelineRequest({
      url: `${origin}${this.#url.pathname.replace(/\/$/, "")}${pathname}${search}`,
      method,
      headers,
      timeout,
      ...(body === undefined ? {} : { body }),
      ...(abortSignal === undefined ? {} : { abortSignal }),
    });
  }

  /** The same error in words for this way: the client underneath knows the TLS name only, and other authorities. */
  #named(error: NetworkError, serverName: string): NetworkError {
    return new NetworkError(error.kind, this.#explain(error, serverName), {
      host: this.host,
      ...(error.systemCode === undefined ? {} : { systemCode: error.systemCode }),
      ...(error.status === undefined ? {} : { status: error.status }),
    });
  }

  #explain(error: NetworkError, serverName: string): string {
    const proxy = `the cluster's token proxy ${this.host}`;
    const code = error.systemCode ?? "no code";
    if (error.kind === "dns") return `the name of ${proxy} cannot be resolved (${code}); ${DNS_REMEDY}`;
    const seen = isAboutCertificate(error)
      ? `has no certificate for ${serverName} by the cluster's authority (${code})`
      : `(TLS name ${serverName}) failed: ${error.message}`;
    const remedy =
      error.kind === "tls"
        ? "; check that this cluster has identity bindings, and --token-proxy-url and --sni-name"
        : "";
    return `${proxy} ${seen}${remedy}`;
  }

  async #findServerName(): Promise<string> {
    const { apiServer, caFile, lookup = systemLookup, probeTimeoutMs } = this.#settings;
    const trust = await this.#authority.trust();
    if (!trust.isClusters) throw noAuthority(caFile);
    const timeoutMs = probeTimeoutMs ?? DEFAULT_PROBE_TIMEOUT_MS;
    const names = await readNames(apiServer, trust, { timeoutMs, lookup });
    const clusterId = findClusterId(names);
    if (clusterId !== undefined) return tokenProxyServerName(clusterId);
    throw new ProviderError(
      "SIGN_IN_FAILED",
      `the certificate of the API server ${apiServer.host}:${apiServer.port} names no cluster ` +
        "(hcp-kubernetes.<id>.svc.cluster.local); identity binding works on AKS only: on AKS give the proxy's TLS name with " +
        "--sni-name, elsewhere use workload identity",
    );
  }
}

/**
 * Reads `--token-proxy-url`: https, with a path or without, nothing else.
 * @throws {RangeError} that says what it must be; it never quotes the text, which may hold a password
 */
export function parseTokenProxyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url?.protocol === "https:" && isPlain) return url;
  throw new RangeError(
    `--token-proxy-url must be an https address without user, query and fragment, as in ${DEFAULT_TOKEN_PROXY_URL}`,
  );
}

async function readNames(
  apiServer: ApiServerAddress,
  trust: ClusterTrust,
  options: { readonly timeoutMs: number; readonly lookup: LookupFunction },
): Promise<string> {
  try {
    return await readAlternativeNames(apiServer, trust.context, options);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new ProviderError(
      "SIGN_IN_UNREACHABLE",
      `identity binding needs the cluster's id from the API server's certificate: ${explainProbe(error)}; or give the token ` +
        "proxy's TLS name with --sni-name",
      { cause: error },
    );
  }
}

function explainProbe(error: NetworkError): string {
  const code = error.systemCode ?? "no code";
  if (error.kind === "dns") return `the name of ${error.host} cannot be resolved (${code}); ${DNS_REMEDY}`;
  return isAboutCertificate(error)
    ? `${error.host} has no certificate for that name by the cluster's authority (${code})`
    : error.message;
}

/** A certificate was shown and not accepted; other handshakes fail before, or for another reason. */
function isAboutCertificate({ kind, systemCode = "" }: NetworkError): boolean {
  return kind === "tls" && !/^(?:EPROTO|ERR_SSL_)/.test(systemCode);
}

function noAuthority(caFile: string): ProviderError {
  return new ProviderError(
    "SIGN_IN_FAILED",
    `identity binding needs the cluster's certificate authority to find the token proxy's TLS name, but ${caFile} does not ` +
      "exist; let the provider's pod mount its service account's token, or give the name with --sni-name",
  );
}
