import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { ProviderError } from "../errors/provider-error.js";
import type { VaultValue } from "../model/vault-value.js";
import { gatedClient } from "../network/gated-client.js";
import { closedWords, untilHopeless } from "../network/hopeless.js";
import type { RetryOptions } from "../network/retry.js";
import type { Closed, ThrottleGateOptions } from "../network/throttle-gate.js";
import { ThrottleGates } from "../network/throttle-gates.js";
import { SharedReads, type Source } from "../sharing/shared-reads.js";
import { openVault, type RequestObservation } from "./open-vault.js";
import { approximateBytes } from "./value-size.js";
import { VaultError } from "./vault-error.js";
import type { ObjectReference, VaultReader, VersionInfo } from "./vault-reader.js";

export interface SharedVaultsOptions {
  readonly httpClient: HttpClient;
  readonly userAgentPrefix: string;
  readonly retry?: RetryOptions;
  /** How old a value may be that a remount is answered with, in milliseconds; 0: always ask. */
  readonly cacheTtlMs: number;
  /** How old a value may be that a starting pod gets while its vault is out of reach, in milliseconds; 0: none. */
  readonly staleMs: number;
  readonly throttle?: ThrottleGateOptions;
  readonly onRequest?: (vaultHost: string, observation: RequestObservation) => void;
  readonly onServed?: (vaultHost: string, source: ServedFrom) => void;
  /** @param isNews - false for the other requests that were out when the vault began to refuse */
  readonly onThrottled?: (vaultHost: string, closedForMs: number, isNews: boolean) => void;
  readonly onWaited?: (vaultHost: string, waitedMs: number) => void;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly clock?: () => number;
}

/** Who reads a vault, and how fresh it must be. */
export interface SharedVaultCall {
  readonly vaultUrl: string;
  /** The cloud's scope for Key Vault. */
  readonly scope: string;
  /** Of an accepted proof: what is read as this principal is shown to this principal only. */
  readonly principal: string;
  readonly credential: TokenCredential;
  /** Called when the vault no longer takes the credential's token. */
  readonly forget: () => void;
  /** A first mount takes no read that began before its call arrived, and goes before remounts. */
  readonly isStarting: boolean;
  /** On the clock. */
  readonly arrivedAtMs: number;
  /** On the clock; Infinity when there is none. */
  readonly deadlineMs: number;
}

/** Where a value came from: the vault, a read that another mount began, memory, or memory because of an outage. */
export type ServedFrom = "vault" | "shared" | "cache" | "stale";

/** One value or list that a mount was given, for the log: `requestId` is in Key Vault's own audit log. */
export interface ServedRead {
  /** With the concrete version; undefined for a list of versions. */
  readonly reference: Omit<ObjectReference, "version"> & { readonly version: string | undefined };
  readonly from: ServedFrom;
  /** `x-ms-request-id` of the answer that the value came with; undefined when it had none. */
  readonly requestId: string | undefined;
}

export interface SharedVault extends VaultReader {
  /** What was given so far. */
  readonly served: readonly ServedRead[];
}

/** What a vault answered, with `x-ms-request-id` of that answer. */
interface Answered<Value> {
  readonly value: Value;
  readonly requestId: string | undefined;
}

const MAX_ENTRIES = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;
const BYTES_OF_A_VERSION = 160;
const SERVED_FROM: Readonly<Record<Source, ServedFrom>> = { kept: "cache", joined: "shared", asked: "vault" };
/** What part of its time a starting pod waits for a vault that does not answer, before a stale value is better. */
const OUTAGE_PATIENCE = 0.5;
const MAX_OUTAGE_PATIENCE_MS = 20_000;

/**
 * Every vault of this process, before which stand: the table of reads that callers of one principal share, and the gate of
 * the vault. Their keys hold the vault's URL and the principal, so that nothing read by one is shown to another, nor taken
 * for another vault's.
 */
export class SharedVaults {
  readonly #options: SharedVaultsOptions;
  readonly #clock: () => number;
  readonly #gates: ThrottleGates;
  readonly #values: SharedReads<Answered<VaultValue>>;
  readonly #lists: SharedReads<Answered<readonly VersionInfo[]>>;

  constructor(options: SharedVaultsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#gates = new ThrottleGates(options.throttle);
    const table = {
      keepMs: Math.max(options.cacheTtlMs, options.staleMs),
      maxEntries: MAX_ENTRIES,
      isOwnFailure: isOfCredential,
      isRefusal,
      now: this.#clock,
    };
    this.#values = new SharedReads<Answered<VaultValue>>({
      ...table,
      maxBytes: MAX_BYTES,
      sizeOf: ({ value }) => approximateBytes(value),
    });
    this.#lists = new SharedReads<Answered<readonly VersionInfo[]>>({
      ...table,
      maxBytes: MAX_BYTES / 4,
      sizeOf: ({ value }) => BYTES_OF_A_VERSION * (1 + value.length),
    });
  }

  /** How many requests wait, by the vault's host; those where nothing waits are left out. */
  waiting(): Iterable<readonly [vaultHost: string, waiting: number]> {
    return this.#gates.waiting();
  }

  /** Opens a vault for one mount. Nothing is asked before the first read. */
  open(call: SharedVaultCall): SharedVault {
    const { origin, host } = new URL(call.vaultUrl);
    const urgency = { isUrgent: call.isStarting };
    const { cacheTtlMs } = this.#options;
    // What began after its call arrived is new enough for anybody.
    const newerThanMs = call.isStarting
      ? call.arrivedAtMs
      : Math.min(call.arrivedAtMs, this.#clock() - cacheTtlMs);
    const vault = this.#openDirectly(call, host, urgency);
    const served: ServedRead[] = [];

    const share = async <Value extends object>(
      table: SharedReads<Value>,
      subject: readonly string[],
      signal: AbortSignal,
      load: (signal: AbortSignal) => Promise<Value>,
    ): Promise<{ readonly value: Value; readonly from: ServedFrom }> => {
      const key = JSON.stringify([origin, call.principal, ...subject]);
      const kept = table.recall(key, newerThanMs);
      if (kept !== undefined) {
        signal.throwIfAborted();
        return { value: kept, from: "cache" };
      }
      const gate = this.#gates.of(host);
      const isOpen = (): boolean => gate.closedForMs === 0 && gate.waiting === 0;
      const stale = this.#staleFor(call, table, key);
      const patience = stale === undefined ? undefined : this.#whileOutageMayPass(call, signal, host);
      try {
        const { value, source } = await untilHopeless(
          gate,
          { signal: patience?.signal ?? signal, deadlineMs: call.deadlineMs },
          this.#clock,
          (closed) => throttled(host, closed),
          (until) =>
            table.read(key, { newerThanMs, urgency, signal: until, mayOvertake: isOpen }, async (last) => {
              try {
                return await load(last);
              } catch (error) {
                // Whether or not this caller still waits: it was its token.
                if (isOfCredential(error)) call.forget();
                throw error;
              }
            }),
        );
        return { value, from: SERVED_FROM[source] };
      } catch (error) {
        if (stale === undefined || signal.aborted || !isOutage(error)) throw error;
        return { value: stale, from: "stale" };
      } finally {
        patience?.end();
      }
    };

    return {
      served,
      read: async (reference, signal) => {
        const { type, name, version } = reference;
        const { value: answer, from } = await share(
          this.#values,
          ["get", type, name, version],
          signal,
          (until) => withRequestId((onEnd) => vault.read(reference, until, onEnd)),
        );
        const { value, requestId } = answer;
        served.push({ reference: { type, name, version: value.version }, from, requestId });
        this.#options.onServed?.(host, from);
        return value;
      },
      listVersions: async (object, signal) => {
        const { type, name } = object;
        const { value: answer, from } = await share(this.#lists, ["list", type, name], signal, (until) =>
          withRequestId((onEnd) => vault.listVersions(object, until, onEnd)),
        );
        const { value, requestId } = answer;
        served.push({ reference: { type, name, version: undefined }, from, requestId });
        return value;
      },
    };
  }

  #openDirectly(
    call: SharedVaultCall,
    host: string,
    urgency: { readonly isUrgent: boolean },
  ): ReturnType<typeof openVault> {
    const { httpClient, userAgentPrefix, retry, onRequest, onThrottled, onWaited } = this.#options;
    return openVault({
      vaultUrl: call.vaultUrl,
      credential: call.credential,
      scope: call.scope,
      userAgentPrefix,
      httpClient: gatedClient(httpClient, {
        gateOf: () => this.#gates.of(host),
        place: { principal: call.principal, urgency },
        lineFull: () =>
          new ProviderError(
            "VAULT_THROTTLED",
            `${host} limits how much it is asked, and too many requests wait for it already; the kubelet tries again by itself`,
          ),
        onThrottled: (closedForMs, isNews) => onThrottled?.(host, closedForMs, isNews),
        onWaited: (waitedMs) => onWaited?.(host, waitedMs),
      }),
      ...(retry === undefined ? {} : { retry }),
      onRequest: (observation) => onRequest?.(host, observation),
    });
  }

  #staleFor<Value extends object>(
    { isStarting }: SharedVaultCall,
    table: SharedReads<Value>,
    key: string,
  ): Value | undefined {
    const { staleMs } = this.#options;
    return isStarting && staleMs > 0 ? table.recall(key, this.#clock() - staleMs) : undefined;
  }

  /** With something to fall back on, a vault that does not answer is waited for only as long as the pod can afford. */
  #whileOutageMayPass(
    { deadlineMs }: SharedVaultCall,
    signal: AbortSignal,
    host: string,
  ): { readonly signal: AbortSignal; readonly end: () => void } {
    const patienceMs = Math.min(
      MAX_OUTAGE_PATIENCE_MS,
      Math.max(0, deadlineMs - this.#clock()) * OUTAGE_PATIENCE,
    );
    const outage = new AbortController();
    const timer = setTimeout(() => {
      outage.abort(
        new VaultError("VAULT_UNREACHABLE", `no answer of ${host} within ${Math.round(patienceMs)} ms`),
      );
    }, patienceMs);
    return {
      signal: AbortSignal.any([signal, outage.signal]),
      end: () => {
        clearTimeout(timer);
      },
    };
  }
}

async function withRequestId<Value>(
  ask: (onEnd: (observation: RequestObservation) => void) => Promise<Value>,
): Promise<Answered<Value>> {
  let requestId: string | undefined;
  const value = await ask((observation) => {
    ({ requestId } = observation);
  });
  return { value, requestId };
}

/** Failures that say something of one proof's token only. */
function isOfCredential(error: unknown): boolean {
  return (
    error instanceof ProviderError &&
    (error.code === "VAULT_UNAUTHENTICATED" || error.code.startsWith("SIGN_IN_"))
  );
}

/** The vault has answered that this principal may not read this object, or that there is none (any more). */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof ProviderError &&
    (error.code === "VAULT_FORBIDDEN" ||
      error.code === "VAULT_OBJECT_NOT_FOUND" ||
      error.code === "VAULT_VERSION_NOT_FOUND")
  );
}

/** The vault is out of reach or out of order: never when it has answered who may read what. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  if (error.code === "VAULT_FAILED") return error instanceof VaultError && (error.httpStatus ?? 500) >= 408;
  return error.code === "VAULT_UNREACHABLE" || error.code === "VAULT_THROTTLED";
}

function throttled(host: string, closed: Closed): ProviderError {
  return new ProviderError(
    "VAULT_THROTTLED",
    `${host} is asked too much: it ${closedWords(closed)}. If it stays so, spread the secrets over more vaults, or raise ` +
      "--object-cache-ttl",
  );
}
