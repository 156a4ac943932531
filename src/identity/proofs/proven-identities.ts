import type { HttpClient } from "@azure/core-rest-pipeline";
import { LRUCache } from "lru-cache";
import { abortError } from "../../errors/abort.js";
import { ProviderError } from "../../errors/provider-error.js";
import type { IdentityMode } from "../../model/identity-choice.js";
import { gatedClient } from "../../network/gated-client.js";
import { closedWords, untilHopeless } from "../../network/hopeless.js";
import type { ThrottleGateOptions } from "../../network/throttle-gate.js";
import { ThrottleGates } from "../../network/throttle-gates.js";
import { Flight } from "../../sharing/flight.js";
import { authorityOf } from "../authority.js";
import { readUnverifiedClaims } from "../jwt-claims.js";
import { signIn, type SignedIn, type SignInParts, type SignInRequest } from "../sign-in.js";
import { ProofKeys } from "./proof-key.js";
import { RefusedProofs } from "./refused-proofs.js";

/** How a sign-in came out: from memory, with another call's exchange, or with one of its own. */
export type SignInOutcome = "remembered" | "joined" | "accepted" | "failed" | "paused";

export interface ProvenIdentitiesOptions extends SignInParts {
  readonly throttle?: ThrottleGateOptions;
  /** Proofs remembered; the one used longest ago makes room. Default 600: some 250 pods, each with a new token hourly. */
  readonly maxProofs?: number;
  readonly onSignIn?: (mode: IdentityMode, outcome: SignInOutcome) => void;
  /** Called when a sign-in waited for its authority's patience, with how long. */
  readonly onWaited?: (waitedMs: number) => void;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly clock?: () => number;
}

/** A caller of {@link ProvenIdentities.prove}. */
export interface ProvingCall {
  readonly signal: AbortSignal;
  /** When the caller must have its answer, on the clock; Infinity when it has all the time there is. */
  readonly deadlineMs: number;
}

/** An identity whose own proof was accepted, now or not long ago. */
export interface ProvenIdentity extends SignedIn {
  /** To be called when a vault no longer takes the identity's token: the next call signs in anew. */
  readonly forget: () => void;
}

/** A sign-in that was not sent, because its authority wants to be left alone. */
class NotAskedError extends ProviderError {}

interface Proven {
  readonly signedIn: SignedIn;
  /** Milliseconds since 1970: the other clock stands still while a node sleeps. */
  readonly untilMs: number;
}

const HOUR_MS = 60 * 60_000;
/** All proofs on record together; a service-account token has some 1,500 characters. */
const MAX_CHARACTERS = 8 * 1024 * 1024;
/** What a record holds beside the proof: the access token above all. */
const RECORD_CHARACTERS = 4_096;
/** A token that ends sooner is not handed to a mount. */
const MARGIN_MS = 60_000;

/**
 * Who has proven to be whom. A proof (the whole service-account token or client secret, for this client, at this
 * authority) counts only after its own exchange was accepted. From then on it is remembered, by a keyed hash, until the
 * earliest of: the end of the access token, the end of the service-account token, one hour; a 401 or a claims challenge
 * drops it at once. The access token is reachable only by presenting the same proof again.
 *
 * Calls with the same proof at the same time share its exchange, which goes on when the one that began it gives up.
 */
export class ProvenIdentities {
  readonly #options: ProvenIdentitiesOptions;
  readonly #clock: () => number;
  readonly #now: () => number;
  readonly #keys = new ProofKeys();
  readonly #proven: LRUCache<string, Proven>;
  readonly #exchanges = new Map<string, Flight<SignedIn>>();
  readonly #refused: RefusedProofs;
  readonly #gates: ThrottleGates;

  constructor(options: ProvenIdentitiesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#now = options.now ?? Date.now;
    this.#refused = new RefusedProofs(this.#clock);
    this.#gates = new ThrottleGates(options.throttle);
    this.#proven = new LRUCache({
      max: options.maxProofs ?? 600,
      maxSize: MAX_CHARACTERS,
      ttl: HOUR_MS,
      ttlAutopurge: true,
      perf: { now: this.#clock },
    });
  }

  /** Proofs on record. */
  get size(): number {
    return this.#proven.size;
  }

  /** @throws {ProviderError} SIGN_IN_*, PARAMETER_INVALID, CALL_*, INTERNAL */
  async prove(request: SignInRequest, call: ProvingCall): Promise<ProvenIdentity> {
    const key = this.#keys.of(request);
    const { mode } = request.identity;
    const remembered = this.#recall(key);
    if (remembered !== undefined) {
      this.#options.onSignIn?.(mode, "remembered");
      return this.#given(key, remembered);
    }
    const { namespace, name, uid } = request.pod;
    const podAndKey = JSON.stringify([key, namespace, name, uid]);
    try {
      this.#refused.check(podAndKey);
    } catch (error) {
      this.#options.onSignIn?.(mode, "paused");
      throw error;
    }
    try {
      const signedIn = await this.#exchange(key, request, call);
      this.#refused.delete(podAndKey);
      return this.#given(key, signedIn);
    } catch (error) {
      if (call.signal.aborted) throw abortError(call.signal);
      // A gate tells by itself until when nothing is asked.
      if (!(error instanceof NotAskedError)) this.#refused.add(podAndKey, error);
      throw error;
    }
  }

  #recall(key: string): SignedIn | undefined {
    const proven = this.#proven.get(key);
    if (proven === undefined || proven.untilMs > this.#now()) return proven?.signedIn;
    this.#proven.delete(key);
    return undefined;
  }

  #forget(key: string, signedIn: SignedIn): void {
    if (this.#proven.peek(key)?.signedIn === signedIn) this.#proven.delete(key);
  }

  async #exchange(key: string, request: SignInRequest, call: ProvingCall): Promise<SignedIn> {
    const running = this.#exchanges.get(key);
    const isShared = running !== undefined && !running.isStopped;
    const flight = isShared ? running : this.#begin(key, request);
    const gate = this.#gates.of(serviceOf(request));
    const { mode } = request.identity;
    try {
      const signedIn = await untilHopeless(
        gate,
        call,
        this.#clock,
        (closed) => {
          const { host } = authorityOf(request.cloud, request.tenantId);
          return new NotAskedError(
            "SIGN_IN_THROTTLED",
            `too many sign-ins of this client: ${host} ${closedWords(closed)}`,
          );
        },
        (signal) => flight.attend(signal),
      );
      this.#options.onSignIn?.(mode, isShared ? "joined" : "accepted");
      return signedIn;
    } catch (error) {
      this.#options.onSignIn?.(mode, "failed");
      throw error;
    }
  }

  #begin(key: string, request: SignInRequest): Flight<SignedIn> {
    const { namespace, serviceAccountName } = request.pod;
    const service = serviceOf(request);
    const gated = (httpClient: HttpClient): HttpClient =>
      gatedClient(httpClient, {
        gateOf: () => this.#gates.of(service),
        place: { principal: `${namespace}/${serviceAccountName}`, urgency: { isUrgent: true } },
        lineFull: () =>
          new NotAskedError(
            "SIGN_IN_THROTTLED",
            "too many sign-ins of this client wait already; the kubelet tries again by itself",
          ),
        ...(this.#options.onWaited === undefined ? {} : { onWaited: this.#options.onWaited }),
      });
    const parts: SignInParts = {
      ...this.#options,
      httpClient: gated(this.#options.httpClient),
      wrapTokenProxy: gated,
    };
    const flight = new Flight(this.#clock(), (signal) => this.#accept(key, request, parts, signal));
    this.#exchanges.set(key, flight);
    const land = (): void => {
      if (this.#exchanges.get(key) === flight) this.#exchanges.delete(key);
    };
    flight.outcome.then(land, land);
    return flight;
  }

  /** By itself, so that what stays on record holds on to nothing of the exchange. */
  async #accept(
    key: string,
    request: SignInRequest,
    parts: SignInParts,
    signal: AbortSignal,
  ): Promise<SignedIn> {
    const exchange: { isDoubted: boolean; accepted?: SignedIn } = { isDoubted: false };
    const doubt = (): void => {
      exchange.isDoubted = true;
      if (exchange.accepted !== undefined) this.#forget(key, exchange.accepted);
    };
    const accepted = await signIn(request, { ...parts, onChallenge: doubt }, signal);
    exchange.accepted = accepted;
    const ttl = this.#lifetimeOf(request, accepted);
    const proven = { signedIn: accepted, untilMs: this.#now() + ttl };
    if (ttl > 0 && !exchange.isDoubted) this.#proven.set(key, proven, { ttl, size: sizeOf(request) });
    return accepted;
  }

  /** Until the earliest of the two tokens' ends and one hour, in milliseconds; not more than 0: not at all. */
  #lifetimeOf({ identity }: SignInRequest, { expiresAtMs }: SignedIn): number {
    const nowMs = this.#now();
    const own = "federatedToken" in identity ? endOf(identity.federatedToken.reveal()) : Infinity;
    return Math.min(HOUR_MS, expiresAtMs - nowMs - MARGIN_MS, own - nowMs);
  }

  #given(key: string, signedIn: SignedIn): ProvenIdentity {
    return {
      ...signedIn,
      forget: () => {
        this.#forget(key, signedIn);
      },
    };
  }
}

/** Whose sign-ins a throttling stops: those of one client at one authority, and no other's. */
function serviceOf({ identity, cloud, tenantId }: SignInRequest): string {
  const clientId = "clientId" in identity ? identity.clientId.toLowerCase() : "";
  const { url } = authorityOf(cloud, tenantId);
  return JSON.stringify([identity.mode === "identity-binding", url.toLowerCase(), clientId]);
}

/** Roughly, in characters. */
function sizeOf({ identity }: SignInRequest): number {
  const proof =
    "federatedToken" in identity
      ? identity.federatedToken
      : "clientSecret" in identity
        ? identity.clientSecret
        : undefined;
  return RECORD_CHARACTERS + (proof?.reveal().length ?? 0);
}

/** The authority has verified the token by now. One without an end is not remembered. */
function endOf(token: string): number {
  const end = readUnverifiedClaims(token)?.get("exp");
  return typeof end === "number" ? end * 1_000 : 0;
}
