import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { abortError, untilAborted } from "../errors/abort.js";
import type { ErrorCode } from "../errors/codes.js";
import type { ProviderError } from "../errors/provider-error.js";
import type { ObjectType } from "../model/key-vault-object.js";
import type { VaultValue } from "../model/vault-value.js";
import { guardHttpClient } from "../network/guarded-client.js";
import type { RetryOptions } from "../network/retry.js";
import { answerPolicy } from "./answer-policy.js";
import { explainFailure } from "./explain.js";
import { collectVersions, DEFAULT_LIST_LIMITS, type ListLimits } from "./list-versions.js";
import { createObjectClient, type CallOptions, type ObjectClient } from "./object-clients.js";
import { checkSegments } from "./request-path.js";
import { shownRequestId } from "./service-refusal.js";
import { tokenPolicy } from "./token-policy.js";
import { forChallenges } from "./vault-credential.js";
import { VaultError } from "./vault-error.js";
import type { ObjectName, ObjectReference, VaultReader, VersionInfo } from "./vault-reader.js";

export interface VaultOptions {
  /** For example `https://name.vault.azure.net/`; https, a port is allowed. */
  readonly vaultUrl: string;
  /** Has signed in already: `getToken` for `scope` answers from memory. */
  readonly credential: TokenCredential;
  /** The cloud's scope for Key Vault, for example `https://vault.azure.net/.default`. */
  readonly scope: string;
  /** The process's one client, bare: this room adds the guard of the origin and the retries. */
  readonly httpClient: HttpClient;
  /** Default: the defaults of `withRetries`. */
  readonly retry?: RetryOptions;
  /** Default: this project's name. */
  readonly userAgentPrefix?: string;
  readonly listLimits?: ListLimits;
  /** Called when a `read` or `listVersions` that got as far as asking has ended. It must not throw. */
  readonly onRequest?: (observation: RequestObservation) => void;
  /** Milliseconds on a clock that never goes back, for `durationMs`. Default: `performance.now`. */
  readonly now?: () => number;
}

/** What was asked of the vault and how it ended; one for each `read` and each `listVersions`. */
export interface RequestObservation {
  readonly objectType: ObjectType;
  readonly objectName: string;
  readonly operation: "get" | "list";
  /** Undefined when it succeeded. */
  readonly errorCode: ErrorCode | undefined;
  /** The service's own word for a refusal, the innermost one: `SecretNotFound`, `ForbiddenByRbac`. */
  readonly serviceCode?: string;
  readonly durationMs: number;
  /** `x-ms-request-id` of the answer, as the vault's own log has it; of a list, the first page's. */
  readonly requestId?: string;
}

/** A reader that tells of each of its calls besides. */
export interface ObservedVaultReader extends VaultReader {
  read(reference: ObjectReference, signal: AbortSignal, onEnd?: OnRequest): Promise<VaultValue>;
  listVersions(object: ObjectName, signal: AbortSignal, onEnd?: OnRequest): Promise<readonly VersionInfo[]>;
}

type OnRequest = (observation: RequestObservation) => void;

const DEFAULT_USER_AGENT = "secrets-store-csi-provider-azure";

/**
 * Opens one vault as one identity. Nothing is sent before the first `read`.
 *
 * Reads share one SDK client for each type of object, made when it is first needed. A list of versions gets a client of
 * its own: the SDK fetches later pages without the caller's abort signal, so a policy has to bring it.
 *
 * Every request stays on the origin of `vaultUrl`, with its token; see {@link tokenPolicy} for who puts the token on and
 * what each kind of 401 leads to.
 */
export function openVault(options: VaultOptions): ObservedVaultReader {
  const { origin, host } = new URL(options.vaultUrl);
  const now = options.now ?? (() => performance.now());
  const settings = {
    vaultUrl: origin,
    credential: forChallenges(options.credential),
    httpClient: guardHttpClient(options.httpClient, {
      allowedOrigins: [origin],
      ...(options.retry === undefined ? {} : { retry: options.retry }),
    }),
    userAgentPrefix: options.userAgentPrefix ?? DEFAULT_USER_AGENT,
    innerPolicy: tokenPolicy({ credential: options.credential, scope: options.scope, origin }),
  };

  const clients = new Map<ObjectType, Promise<ObjectClient>>();
  function clientFor(type: ObjectType): Promise<ObjectClient> {
    const existing = clients.get(type);
    if (existing !== undefined) return existing;
    const client = createObjectClient(type, { ...settings, outerPolicy: answerPolicy() });
    clients.set(type, client);
    return client;
  }

  async function ask<Result>(
    asked: ObjectReference,
    operation: "get" | "list",
    callerSignal: AbortSignal,
    onEnd: OnRequest | undefined,
    work: (call: CallOptions) => Promise<Result>,
  ): Promise<Result> {
    checkSegments(asked);
    // One of its own: Node warns of a leak when more than ten listeners share a signal, as the reads of a mount would.
    const signal = AbortSignal.any([callerSignal]);
    const startMs = now();
    const seen: Seen = { isAnswered: false };
    const call: CallOptions = {
      abortSignal: signal,
      onResponse: ({ headers }) => {
        seen.isAnswered = true;
        seen.requestId = shownRequestId(headers.get("x-ms-request-id"));
      },
    };
    try {
      return await untilAborted(signal, () => work(call));
    } catch (error) {
      const question = { host, type: asked.type, operation, hasVersion: asked.version !== "" };
      seen.failure = signal.aborted ? abortError(signal) : explainFailure(error, question, seen.isAnswered);
      throw seen.failure;
    } finally {
      const observation = observe(asked, operation, now() - startMs, seen);
      options.onRequest?.(observation);
      onEnd?.(observation);
    }
  }

  return {
    read: (reference, signal, onEnd) =>
      ask(reference, "get", signal, onEnd, async (call) =>
        (await clientFor(reference.type)).get(reference, call),
      ),
    listVersions: (object, signal, onEnd) =>
      ask({ ...object, version: "" }, "list", signal, onEnd, async (call) => {
        const client = await createObjectClient(object.type, {
          ...settings,
          outerPolicy: answerPolicy(call.abortSignal),
        });
        const pages = client.listVersions(object.name, call);
        return collectVersions(pages, object.name, options.listLimits ?? DEFAULT_LIST_LIMITS);
      }),
  };
}

/** What one call has brought so far. */
interface Seen {
  /** An HTTP 200 has come and was read. */
  isAnswered: boolean;
  requestId?: string | undefined;
  failure?: ProviderError;
}

function observe(
  { type, name }: ObjectReference,
  operation: "get" | "list",
  durationMs: number,
  seen: Readonly<Seen>,
): RequestObservation {
  const { failure } = seen;
  const refused = failure instanceof VaultError ? failure : undefined;
  const requestId = refused?.serviceId ?? seen.requestId;
  return {
    objectType: type,
    objectName: name,
    operation,
    errorCode: failure?.code,
    ...(refused?.serviceCode === undefined ? {} : { serviceCode: refused.serviceCode }),
    durationMs,
    ...(requestId === undefined ? {} : { requestId }),
  };
}
