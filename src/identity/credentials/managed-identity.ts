import type { AccessToken, TokenCredential } from "@azure/core-auth";
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { setTimeout as sleepFor } from "node:timers/promises";
import { ProviderError } from "../../errors/provider-error.js";
import type { Retry } from "../../network/retry.js";
import { NetworkError } from "../../network/network-error.js";
import { imdsWaitMs, type ImdsOutcome } from "./imds-retry.js";
import {
  explainImdsAnswer,
  explainImdsFailure,
  explainImdsRefusal,
  type ManagedIdentityQuestion,
} from "./managed-identity-error.js";
import { createNodeLocalClient } from "./node-local-client.js";
import { rememberToken } from "./remembered-token.js";
import { resourceOf } from "./resource.js";
import { fieldOf, parseJson, readTokenAnswer } from "./token-answer.js";

/** Where every Azure virtual machine finds its metadata service. */
export const IMDS_ORIGIN = "http://169.254.169.254";

export interface ManagedIdentitySettings {
  /** Default {@link IMDS_ORIGIN}. */
  readonly origin?: string;
  /** Time that one request may take in all. Default 10,000: the service may have to ask Entra ID first. */
  readonly tryTimeoutMs?: number;
  /** Called before each wait, for logs and metrics. */
  readonly onRetry?: (retry: Retry) => void;
  /** Waits; ends at once, in whatever way, when the signal aborts. Default: a timer. */
  readonly sleep?: (delayMs: number, signal: AbortSignal | undefined) => Promise<void>;
  /** 0 up to 1. Default: Math.random. */
  readonly random?: () => number;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** A managed identity that the metadata service has given a token of. */
export interface SignedInManagedIdentity {
  readonly credential: TokenCredential;
  /** As the service names it; undefined when it does not. */
  readonly clientId: string | undefined;
}

const DEFAULT_TRY_TIMEOUT_MS = 10_000;
/** Longest id that is asked for; the longest resource id has some 300. */
const MAX_ID_CHARACTERS = 512;

/**
 * The managed identities of the node's virtual machine, by its metadata service and nothing else.
 *
 * Not @azure/identity's ManagedIdentityCredential: that one first looks at IDENTITY_ENDPOINT, MSI_ENDPOINT,
 * AZURE_POD_IDENTITY_AUTHORITY_HOST and half a dozen other variables to find out where it runs, sends a probe that
 * may decide wrongly on a slow node, keeps its tokens in a cache of the whole process, and would let its own retries
 * multiply ours. One GET to one address needs none of that, and here its answer is bounded and no redirect followed.
 */
export class ManagedIdentity {
  readonly #origin: string;
  readonly #client: HttpClient & { close(): void };
  readonly #settings: ManagedIdentitySettings;
  readonly #now: () => number;

  /** @throws {RangeError} when `origin` is no http origin */
  constructor(settings: ManagedIdentitySettings = {}) {
    this.#settings = settings;
    this.#origin = settings.origin ?? IMDS_ORIGIN;
    this.#now = settings.now ?? Date.now;
    this.#client = createNodeLocalClient({
      origin: this.#origin,
      tryTimeoutMs: settings.tryTimeoutMs ?? DEFAULT_TRY_TIMEOUT_MS,
    });
  }

  /**
   * Signs in as one of the node's identities.
   * @param userAssignedIdentityId - client id; empty: the system-assigned identity
   * @param scope - the cloud's scope for Key Vault, for example `https://vault.azure.net/.default`
   * @throws {ProviderError} SIGN_IN_REJECTED, SIGN_IN_THROTTLED, SIGN_IN_UNREACHABLE, SIGN_IN_FAILED, PARAMETER_INVALID;
   *   {@link NetworkError} of kind aborted when the signal aborts
   */
  async signIn(
    userAssignedIdentityId: string,
    scope: string,
    signal: AbortSignal,
  ): Promise<SignedInManagedIdentity> {
    if (userAssignedIdentityId.length > MAX_ID_CHARACTERS) {
      throw new ProviderError(
        "PARAMETER_INVALID",
        `userAssignedIdentityID has more than ${MAX_ID_CHARACTERS} characters; write the identity's client id`,
      );
    }
    const question = { userAssignedIdentityId, resource: resourceOf(scope) };
    const { token, clientId } = await this.#fetch(question, signal);
    const renew = async (later: AbortSignal | undefined): Promise<AccessToken> =>
      (await this.#fetch(question, later)).token;
    return { credential: rememberToken(token, renew, this.#now), clientId };
  }

  close(): void {
    this.#client.close();
  }

  async #fetch(
    question: ManagedIdentityQuestion,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly token: AccessToken; readonly clientId: string | undefined }> {
    const { sleep = defaultSleep, random = Math.random, onRetry } = this.#settings;
    const startMs = this.#now();
    for (let retry = 1; ; retry += 1) {
      const outcome = await this.#attempt(question, signal);
      if ("response" in outcome && outcome.response.status === 200) {
        return readAnswer(outcome.response, question, this.#now());
      }
      const failure = "response" in outcome ? refusalOf(outcome.response) : outcome;
      const delayMs = imdsWaitMs(failure, retry, this.#now() - startMs, random());
      if (delayMs === undefined) throw explain(outcome, question);
      onRetry?.({ retry, delayMs, cause: causeOf(failure), host: new URL(this.#origin).host });
      await sleep(delayMs, signal);
    }
  }

  async #attempt(
    { userAssignedIdentityId, resource }: ManagedIdentityQuestion,
    signal: AbortSignal | undefined,
  ): Promise<Attempt> {
    const query = new URLSearchParams({ "api-version": "2018-02-01", resource });
    if (userAssignedIdentityId !== "") query.set("client_id", userAssignedIdentityId);
    try {
      const response = await this.#client.sendRequest(
        createPipelineRequest({
          url: `${this.#origin}/metadata/identity/oauth2/token?${query.toString()}`,
          // Without this header the service answers nobody, so that no redirected browser or server can ask it.
          headers: createHttpHeaders({ Metadata: "true", Accept: "application/json" }),
          ...(signal === undefined ? {} : { abortSignal: signal }),
        }),
      );
      return { response };
    } catch (error) {
      return { error };
    }
  }
}

type Attempt = { readonly response: PipelineResponse } | { readonly error: unknown };

function refusalOf(response: PipelineResponse): ImdsOutcome & { readonly status: number } {
  const seconds = response.headers.get("retry-after")?.trim() ?? "";
  return {
    status: response.status,
    retryAfterMs: /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : undefined,
  };
}

function causeOf(outcome: ImdsOutcome): Retry["cause"] {
  if ("status" in outcome) return outcome.status;
  return outcome.error instanceof NetworkError ? outcome.error.kind : "reset";
}

function explain(attempt: Attempt, question: ManagedIdentityQuestion): unknown {
  if ("response" in attempt) {
    const { status, bodyAsText } = attempt.response;
    return explainImdsRefusal({ status, body: bodyAsText ?? "" }, question);
  }
  return explainImdsFailure(attempt.error);
}

function readAnswer(
  response: PipelineResponse,
  { userAssignedIdentityId }: ManagedIdentityQuestion,
  nowMs: number,
): { readonly token: AccessToken; readonly clientId: string | undefined } {
  const body = parseJson(response.bodyAsText ?? "");
  if (body === undefined) throw explainImdsAnswer("is not JSON");
  const answer = readTokenAnswer(body, nowMs);
  if (!answer.ok) throw explainImdsAnswer(answer.problem);
  const named = fieldOf(body, "client_id");
  const clientId = typeof named === "string" && /^[\w-]{1,64}$/.test(named) ? named : undefined;
  // What this identity may see is shared among all who name it: so it must be this one.
  if (
    userAssignedIdentityId !== "" &&
    clientId !== undefined &&
    clientId.toLowerCase() !== userAssignedIdentityId.toLowerCase()
  ) {
    throw explainImdsAnswer("has a token of another identity than the one asked for");
  }
  return { token: answer.token, clientId };
}

/** Ends early, and without a word, when the signal aborts: the next try then says so. */
async function defaultSleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await sleepFor(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
