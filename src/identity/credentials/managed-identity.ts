import type { AccessToken } from "@azure/core-auth";
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { setTimeout as sleepFor } from "node:timers/promises";
import { throwIfAborted } from "../../errors/abort.js";
import { ProviderError } from "../../errors/provider-error.js";
import { NetworkError } from "../../network/network-error.js";
import { retryAfterMs } from "../../network/retry-after.js";
import type { Retry } from "../../network/retry.js";
import { imdsWaitMs, type ImdsOutcome } from "./imds-retry.js";
import {
  explainImdsAnswer,
  explainImdsFailure,
  explainImdsRefusal,
  type ManagedIdentityQuestion,
} from "./managed-identity-error.js";
import { createNodeLocalClient } from "./node-local-client.js";
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
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** 0 up to 1. Default: Math.random. */
  readonly random?: () => number;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** A token of a managed identity. */
export interface ManagedIdentityToken {
  readonly token: AccessToken;
  /** Client id of the identity as the service names it; undefined when it does not. */
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
   * Asks for a token of one of the node's identities, every time anew (the service itself remembers tokens).
   * @param userAssignedIdentityId - client id; empty: the system-assigned identity
   * @param scope - for example `https://vault.azure.net/.default`
   * @throws {ProviderError} SIGN_IN_REJECTED, SIGN_IN_THROTTLED, SIGN_IN_UNREACHABLE, SIGN_IN_FAILED, PARAMETER_INVALID,
   *   CALL_* when the signal aborts
   */
  async requestToken(
    userAssignedIdentityId: string,
    scope: string,
    signal: AbortSignal,
  ): Promise<ManagedIdentityToken> {
    if (userAssignedIdentityId.length > MAX_ID_CHARACTERS) {
      throw new ProviderError(
        "PARAMETER_INVALID",
        `userAssignedIdentityID has more than ${MAX_ID_CHARACTERS} characters; write the identity's client id`,
      );
    }
    const { sleep = defaultSleep, random = Math.random, onRetry } = this.#settings;
    const question = { userAssignedIdentityId, resource: resourceOf(scope) };
    const startMs = this.#now();
    for (let retry = 1; ; retry += 1) {
      throwIfAborted(signal);
      const attempt = await this.#attempt(question, signal);
      if (attempt.response?.status === 200) return readAnswer(attempt.response, question, this.#now());
      throwIfAborted(signal);
      const outcome = attempt.response === undefined ? attempt : refusalOf(attempt.response, this.#now);
      const delayMs = imdsWaitMs(outcome, retry, this.#now() - startMs, random());
      if (delayMs === undefined) {
        throw attempt.response === undefined
          ? explainImdsFailure(attempt.error)
          : explainImdsRefusal(attempt.response, question);
      }
      onRetry?.({ retry, delayMs, cause: causeOf(outcome), host: new URL(this.#origin).host });
      await sleep(delayMs, signal);
    }
  }

  close(): void {
    this.#client.close();
  }

  async #attempt(
    { userAssignedIdentityId, resource }: ManagedIdentityQuestion,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const query = new URLSearchParams({ "api-version": "2018-02-01", resource });
    if (userAssignedIdentityId !== "") query.set("client_id", userAssignedIdentityId);
    try {
      const response = await this.#client.sendRequest(
        createPipelineRequest({
          url: `${this.#origin}/metadata/identity/oauth2/token?${query.toString()}`,
          // Without this header the service answers nobody, so that no redirected browser or server can ask it.
          headers: createHttpHeaders({ Metadata: "true", Accept: "application/json" }),
          abortSignal: signal,
        }),
      );
      return { response };
    } catch (error) {
      return { error };
    }
  }
}

type Attempt =
  { readonly response: PipelineResponse } | { readonly response?: undefined; readonly error: unknown };

function refusalOf(response: PipelineResponse, now: () => number): ImdsOutcome {
  return {
    status: response.status,
    retryAfterMs: retryAfterMs(response, now),
  };
}

function causeOf(outcome: ImdsOutcome): Retry["cause"] {
  if ("status" in outcome) return outcome.status;
  return outcome.error instanceof NetworkError ? outcome.error.kind : "reset";
}

function readAnswer(
  response: PipelineResponse,
  { userAssignedIdentityId }: ManagedIdentityQuestion,
  nowMs: number,
): ManagedIdentityToken {
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

/** Ends early, and without a word, when the signal aborts. */
async function defaultSleep(delayMs: number, signal: AbortSignal): Promise<void> {
  await sleepFor(delayMs, undefined, { signal }).catch(() => undefined);
}
