import type { AccessToken } from "@azure/core-auth";
import { createHttpHeaders, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { throwIfAborted } from "../../errors/abort.js";
import { ProviderError } from "../../errors/provider-error.js";
import type { PodReference } from "../../model/mount-plan.js";
import { createNodeLocalClient } from "./node-local-client.js";
import { explainNmiAnswer, explainNmiFailure, explainNmiRefusal } from "./pod-identity-error.js";
import { resourceOf } from "./resource.js";
import { fieldOf, parseJson, readTokenAnswer } from "./token-answer.js";

/** Where the Node Managed Identity server of AAD Pod Identity listens for the node's own processes. */
export const NMI_ORIGIN = "http://localhost:2579";

export interface PodIdentitySettings {
  /** Default {@link NMI_ORIGIN}. */
  readonly origin?: string;
  /**
   * Time that a request may take in all. Default 110,000: the server waits up to 100 s for an identity that is being
   * assigned before it answers, and a new pod's always is.
   */
  readonly tryTimeoutMs?: number;
  /** Default: getaddrinfo. */
  readonly lookup?: LookupFunction;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** A token of the identity that AAD Pod Identity has bound to a pod. */
export interface PodIdentityToken {
  readonly token: AccessToken;
  /** Client id of the identity. */
  readonly clientId: string;
}

const DEFAULT_TRY_TIMEOUT_MS = 110_000;
/** Names of pods and namespaces. @see RFC 1123 section 2.1 */
const DNS_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * The identities that AAD Pod Identity binds to pods, by the node's NMI. It is asked once for each sign-in: the server
 * does its own waiting, and kubelet repeats the mount.
 */
export class PodIdentity {
  readonly #origin: string;
  readonly #client: HttpClient & { close(): void };
  readonly #now: () => number;

  /** @throws {RangeError} when `origin` is no http origin */
  constructor(settings: PodIdentitySettings = {}) {
    this.#origin = settings.origin ?? NMI_ORIGIN;
    this.#now = settings.now ?? Date.now;
    const { lookup = systemLookup } = settings;
    this.#client = createNodeLocalClient({
      origin: this.#origin,
      tryTimeoutMs: settings.tryTimeoutMs ?? DEFAULT_TRY_TIMEOUT_MS,
      // The server answers 127.0.0.1 only, and takes ::1 for a stranger.
      lookup: (host, options, callback) => {
        lookup(host, { ...options, family: 4 }, callback);
      },
    });
  }

  /**
   * Asks for a token of a pod's identity, every time anew.
   * @param scope - for example `https://vault.azure.net/.default`
   * @throws {ProviderError} SIGN_IN_REJECTED, SIGN_IN_THROTTLED, SIGN_IN_UNREACHABLE, SIGN_IN_FAILED, REQUEST_MALFORMED,
   *   CALL_* when the signal aborts
   */
  async requestToken(
    pod: Pick<PodReference, "name" | "namespace">,
    scope: string,
    signal: AbortSignal,
  ): Promise<PodIdentityToken> {
    if (!DNS_NAME.test(pod.name) || !DNS_NAME.test(pod.namespace)) {
      throw new ProviderError(
        "REQUEST_MALFORMED",
        "pod identity needs the pod's name and namespace as Kubernetes writes them; the driver sent something else",
      );
    }
    throwIfAborted(signal);
    const query = new URLSearchParams({ resource: resourceOf(scope) });
    const response = await this.#client
      .sendRequest(
        createPipelineRequest({
          url: `${this.#origin}/host/token/?${query.toString()}`,
          headers: createHttpHeaders({ podname: pod.name, podns: pod.namespace }),
          abortSignal: signal,
        }),
      )
      .catch((error: unknown) => {
        throwIfAborted(signal);
        throw explainNmiFailure(error);
      });
    const text = response.bodyAsText ?? "";
    if (response.status !== 200) throw explainNmiRefusal(response.status, text, pod);
    return readAnswer(text, this.#now());
  }

  close(): void {
    this.#client.close();
  }
}

function readAnswer(text: string, nowMs: number): PodIdentityToken {
  const body = parseJson(text);
  if (body === undefined) throw explainNmiAnswer("is not JSON");
  const answer = readTokenAnswer(fieldOf(body, "token"), nowMs);
  if (!answer.ok) throw explainNmiAnswer(answer.problem);
  const clientId = fieldOf(body, "clientid");
  if (typeof clientId !== "string" || !/^[\w-]{1,64}$/.test(clientId)) {
    throw explainNmiAnswer("has no clientid");
  }
  return { token: answer.token, clientId };
}
