import type { Principal } from "./entra/principal.js";

/** What a request was for. */
export type RequestKind =
  | "discovery" // instance discovery and OpenID configuration
  | "keys" // published signing keys
  | "token"
  | "challenge" // to a vault, without a token
  | "read" // one object
  | "list" // a page of objects or of versions
  | "unknown";

export type LoggedObjectType = "secret" | "key" | "cert";

/** One request, as it was answered. Bodies, tokens and queries are not kept: they may hold secrets. */
export interface LoggedRequest {
  /** Counts from 1 in the order of arrival. */
  readonly id: number;
  readonly via: "direct" | "proxy";
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly atMs: number;
  /** From the end of the request to the end of the answer. */
  readonly durationMs: number;
  readonly method: string;
  /** Lower case, without port. */
  readonly host: string;
  readonly path: string;
  readonly apiVersion?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly kind: RequestKind;
  readonly vault?: string | undefined;
  readonly objectType?: LoggedObjectType | undefined;
  readonly objectName?: string | undefined;
  readonly objectVersion?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly principal?: Principal | undefined;
  /** HTTP status; 0 when the client saw none. */
  readonly status: number;
  /** The error's code: "SecretNotFound", "AADSTS7000215". */
  readonly code?: string | undefined;
  /** `x-ms-request-id` of the answer, as the service's own audit log has it. */
  readonly requestId?: string | undefined;
  /** Kinds of the faults that were played on it, in order. */
  readonly faults: readonly string[];
}

/** One CONNECT that the forward proxy was asked for. */
export interface LoggedConnect {
  readonly atMs: number;
  readonly host: string;
  readonly port: number;
  /** 200, 403 (not a host that is played), 407, or 502 (its name would not resolve). */
  readonly status: number;
}

export type RequestCounts = Readonly<Record<RequestKind, number>> & { readonly total: number };

/** Entries kept, oldest dropped first; counters go on. */
export const MAX_LOGGED = 200_000;

const NONE: Readonly<Record<RequestKind, number>> = {
  discovery: 0,
  keys: 0,
  token: 0,
  challenge: 0,
  read: 0,
  list: 0,
  unknown: 0,
};

/** Everything that was asked of the emulator, by whom and with what answer. */
export class RequestLog {
  readonly #onRequest: ((request: LoggedRequest) => void) | undefined;
  #requests: LoggedRequest[] = [];
  #connects: LoggedConnect[] = [];
  #nextId = 1;
  #inFlight = 0;
  #peakInFlight = 0;

  /** @param onRequest - called with every entry */
  constructor(onRequest?: (request: LoggedRequest) => void) {
    this.#onRequest = onRequest;
  }

  /** Requests in the order in which they were answered. */
  get all(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** CONNECT requests to the proxy, refused ones included. */
  get connects(): readonly LoggedConnect[] {
    return this.#connects;
  }

  /** Requests that are being answered now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Most requests that were being answered at one time since the start or the last `reset`. */
  get peakInFlight(): number {
    return this.#peakInFlight;
  }

  /** Host names asked for, by request or by CONNECT, each once, in order of first appearance in either list. */
  hosts(): string[] {
    return [...new Set([...this.#connects, ...this.#requests].map(({ host }) => host))];
  }

  /** Requests that pass the filter. */
  filter(matches: (request: LoggedRequest) => boolean): LoggedRequest[] {
    return this.#requests.filter(matches);
  }

  /** How many requests of each kind, and in all; of those that pass the filter. */
  counts(matches: (request: LoggedRequest) => boolean = () => true): RequestCounts {
    const counts = { ...NONE, total: 0 };
    for (const request of this.#requests) {
      if (!matches(request)) continue;
      counts[request.kind] += 1;
      counts.total += 1;
    }
    return counts;
  }

  /** How many requests per value of one property: `countBy((r) => r.principal?.clientId)`; undefined is left out. */
  countBy(keyOf: (request: LoggedRequest) => string | undefined): Map<string, number> {
    const counts = new Map<string, number>();
    for (const request of this.#requests) {
      const key = keyOf(request);
      if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  /** Forgets all requests and peaks; requests in flight are logged when they end. */
  reset(): void {
    this.#requests = [];
    this.#connects = [];
    this.#peakInFlight = this.#inFlight;
  }

  /** Notes an arrival; the function that it returns files the entry, once. */
  begin(): (entry: Omit<LoggedRequest, "id">) => void {
    const id = this.#nextId++;
    this.#inFlight += 1;
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight);
    let isFiled = false;
    return (entry) => {
      if (isFiled) return;
      isFiled = true;
      this.#inFlight -= 1;
      const request = { id, ...entry };
      this.#requests.push(request);
      this.#onRequest?.(request);
      if (this.#requests.length > MAX_LOGGED) this.#requests.splice(0, this.#requests.length - MAX_LOGGED);
    };
  }

  /** Files a CONNECT. */
  connected(entry: LoggedConnect): void {
    this.#connects.push(entry);
    if (this.#connects.length > MAX_LOGGED) this.#connects.splice(0, this.#connects.length - MAX_LOGGED);
  }
}
