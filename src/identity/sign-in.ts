import type { AccessToken, TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { untilAborted } from "../errors/abort.js";
import { ProviderError } from "../errors/provider-error.js";
import type { Cloud } from "../model/cloud.js";
import type { IdentityChoice, IdentityMode } from "../model/identity-choice.js";
import type { PodReference } from "../model/mount-plan.js";
import type { RetryOptions } from "../network/retry.js";
import { acquireToken, type EntraIdentity, type Signer } from "./acquire-token.js";
import { authorityOf } from "./authority.js";
import type { LocalIdentities } from "./local-identities.js";
import { principalKey } from "./principal.js";
import { SignedInCredential } from "./signed-in-credential.js";

/** Who wants to sign in. */
export interface SignInRequest {
  readonly identity: IdentityChoice;
  /** As the class names it: id, domain name, or `adfs`. */
  readonly tenantId: string;
  readonly pod: PodReference;
  readonly cloud: Cloud;
}

/** What every sign-in of this process shares. */
export interface SignInParts {
  /** The process's one client, bare: this room adds the guard of the origin and the retries. */
  readonly httpClient: HttpClient;
  /** Default: the defaults of `withRetries`. */
  readonly retry?: RetryOptions;
  readonly userAgentPrefix?: string;
  /** The node's and the cluster's own token services. */
  readonly local: LocalIdentities;
  /** Put around the client of the cluster's token proxy, which stands in for `httpClient` with identity binding. */
  readonly wrapTokenProxy?: (client: HttpClient) => HttpClient;
  /** Called when a vault challenges a token of this sign-in: it may have been revoked. */
  readonly onChallenge?: () => void;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
  /** How long a later exchange may take. Default 60,000 at an authority, 120,000 at the node's own services. */
  readonly laterLimitMs?: number;
}

/** An identity whose proof the authority has accepted. */
export interface SignedIn {
  readonly mode: IdentityMode;
  /**
   * Key of (mode, authority, tenant, client): whoever has the same one has proven to be the same. In the modes of the node
   * the client is what its service decides by, and the identity that it answered with.
   */
  readonly principal: string;
  /** Gives tokens for the cloud's vaults: from the sign-in while it is valid, then by the same proof. */
  readonly credential: TokenCredential;
  /** When the sign-in's token ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** How long a later exchange may take; the sign-in itself ends with the caller's signal. */
const LATER_EXCHANGE_MS = 60_000;
/** The same for the node's own services, which may keep one waiting: IMDS for 70 s, NMI for 100 s. */
const LATER_LOCAL_MS = 120_000;
const NODE_SERVICE = "the node's token service";

/**
 * Signs in as the pod: exchanges its proof for a first access token, so that a refused identity ends the mount before any
 * vault is asked. Every call is an exchange of its own; nothing of one proof is ever answered from another's.
 * @throws {ProviderError} SIGN_IN_*, PARAMETER_INVALID, CALL_* when the signal aborts, INTERNAL
 */
export async function signIn(
  request: SignInRequest,
  parts: SignInParts,
  signal: AbortSignal,
): Promise<SignedIn> {
  const { identity, cloud, tenantId, pod } = request;
  const at = { cloud, tenantId };
  switch (identity.mode) {
    case "workload-identity":
    case "service-principal":
      return signInAtAuthority(identity, at, parts, signal);
    case "managed-identity": {
      const { managedIdentity } = parts.local;
      const { userAssignedIdentityId: clientId } = identity;
      return signInOnNode({ mode: identity.mode, clientId, ...at }, parts, signal, (scope, until) =>
        managedIdentity.requestToken(clientId, scope, until),
      );
    }
    case "pod-identity": {
      const { podIdentity } = parts.local;
      // NMI decides by the pod: so this principal is never another pod's, though their identity may be one.
      const clientId = `${pod.namespace}/${pod.name}/${pod.uid}`; // names with a slash are refused
      return signInOnNode({ mode: identity.mode, clientId, ...at }, parts, signal, (scope, until) =>
        podIdentity.requestToken(pod, scope, until),
      );
    }
    case "identity-binding": {
      const { tokenProxy } = parts.local;
      const proxyClient = await untilAborted(signal, () => tokenProxy.open());
      const httpClient = parts.wrapTokenProxy?.(proxyClient) ?? proxyClient;
      const answeredBy = `the cluster's token proxy ${tokenProxy.host}`;
      return signInAtAuthority(identity, at, { ...parts, httpClient }, signal, answeredBy);
    }
  }
}

/** Where a class signs in. */
interface Place {
  readonly cloud: Cloud;
  readonly tenantId: string;
}

async function signInAtAuthority(
  identity: EntraIdentity,
  { cloud, tenantId }: Place,
  parts: SignInParts,
  signal: AbortSignal,
  answeredBy?: string,
): Promise<SignedIn> {
  const authority = authorityOf(cloud, tenantId);
  const signer: Signer = {
    identity,
    authority,
    tenantId,
    cloudName: cloud.name,
    httpClient: parts.httpClient,
    retry: parts.retry,
    userAgentPrefix: parts.userAgentPrefix,
    answeredBy,
  };
  const firstToken = await acquireToken(signer, { scope: cloud.vaultScope }, signal);
  return {
    mode: identity.mode,
    principal: principalKey({ mode: identity.mode, authority, tenantId, clientId: identity.clientId }),
    credential: new SignedInCredential({
      cloud,
      tenantId: authority.tenantId,
      firstToken,
      acquire: (scope, claims) =>
        withinLimit(parts.laterLimitMs ?? LATER_EXCHANGE_MS, answeredBy ?? authority.host, (until) =>
          acquireToken(signer, { scope, claims }, until),
        ),
      ...(parts.onChallenge === undefined ? {} : { onChallenge: parts.onChallenge }),
      ...(parts.now === undefined ? {} : { now: parts.now }),
    }),
    expiresAtMs: firstToken.expiresOnTimestamp,
  };
}

/** Asks one of the node's services for a token: no proof is sent, the service knows who asks. */
type AskNode = (
  scope: string,
  signal: AbortSignal,
) => Promise<{ readonly token: AccessToken; readonly clientId?: string | undefined }>;

/** @param who - `clientId` is what the service decides by */
async function signInOnNode(
  who: Place & Pick<SignedIn, "mode"> & { readonly clientId: string },
  parts: SignInParts,
  signal: AbortSignal,
  ask: AskNode,
): Promise<SignedIn> {
  const { cloud, tenantId, mode, clientId } = who;
  const authority = authorityOf(cloud, tenantId);
  const { token: firstToken, clientId: answered = "" } = await ask(cloud.vaultScope, signal);
  return {
    mode,
    // What was asked for may come to mean another identity: the system-assigned one, that of a binding.
    principal: principalKey({ mode, authority, tenantId, clientId: JSON.stringify([clientId, answered]) }),
    credential: new SignedInCredential({
      cloud,
      tenantId: authority.tenantId,
      firstToken,
      // The services of the node know no claims: what helps against a revoked token is a new one.
      acquire: async (scope) => {
        const limitMs = parts.laterLimitMs ?? LATER_LOCAL_MS;
        const later = await withinLimit(limitMs, NODE_SERVICE, (until) => ask(scope, until));
        if ((later.clientId ?? "") === answered) return later.token;
        throw new ProviderError(
          "SIGN_IN_REJECTED",
          `${NODE_SERVICE} answers with another identity than before; the next mount signs in anew`,
        );
      },
      ...(parts.onChallenge === undefined ? {} : { onChallenge: parts.onChallenge }),
      ...(parts.now === undefined ? {} : { now: parts.now }),
    }),
    expiresAtMs: firstToken.expiresOnTimestamp,
  };
}

/**
 * A later exchange belongs to no call, so it ends by a limit of its own, which is no call's deadline.
 * @throws {ProviderError} SIGN_IN_UNREACHABLE when the limit is reached
 */
async function withinLimit<Result>(
  limitMs: number,
  service: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    const words = `${service} gave no further token within ${limitMs / 1_000} s; check that it can be reached from this node`;
    limit.abort(new ProviderError("SIGN_IN_UNREACHABLE", words));
  }, limitMs);
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}
