import type { RequestKind } from "../request-log.js";
import { isOfConnection, isReplacing } from "./effect.js";
import type { Effect, TlsFault } from "./effect.js";

/** Which requests a fault is for: all that pass every filter given. */
export interface FaultFilter {
  /** Host name without port: exact, with `*` for any run of characters, or a pattern. */
  readonly host?: string | RegExp;
  /** Path without query: exact, with `*` for any run of characters, or a pattern. */
  readonly path?: string | RegExp;
  readonly method?: string;
  /** Parameters of the query, each exact; others may stand beside them. */
  readonly query?: Readonly<Record<string, string>>;
  readonly kind?: RequestKind;
  /** Only after so many requests have passed the filter; default 0. */
  readonly skip?: number;
  /** Only so many times; default always. */
  readonly times?: number;
}

/** The request that filters look at. */
export interface FaultSubject {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly kind: RequestKind;
}

/** One fault that was switched on. */
export interface FaultHandle {
  /** How often it was played. */
  readonly hits: number;
  /** Switches it off. */
  remove(): void;
}

interface ActiveFault {
  readonly effect: Effect;
  readonly filter: FaultFilter;
  /** Times of the requests that a throttle let through, per host. */
  readonly passed: Map<string, number[]>;
  seen: number;
  hits: number;
}

/** Knobs for everything that can go wrong, in the order in which they were added. */
export class Faults {
  #active: ActiveFault[] = [];

  /** Switches a fault on, for the requests that pass the filter. */
  add(effect: Effect, filter: FaultFilter = {}): FaultHandle {
    const fault: ActiveFault = { effect, filter, passed: new Map(), seen: 0, hits: 0 };
    this.#active.push(fault);
    return {
      get hits() {
        return fault.hits;
      },
      remove: () => {
        this.#active = this.#active.filter((other) => other !== fault);
      },
    };
  }

  /** Switches all faults off. */
  clear(): void {
    this.#active = [];
  }

  /** The effects to play on a request: all delays and changes, and the first that takes the answer's place. */
  take(subject: FaultSubject, nowMs: number): Effect[] {
    const taken: Effect[] = [];
    let isReplaced = false;
    for (const fault of this.#active) {
      const { effect, filter } = fault;
      if (effect.kind === "tls" || !passes(filter, subject)) continue;
      const replaces = isReplacing(effect) || isOfConnection(effect);
      if (replaces && isReplaced) continue;
      if (!isDue(fault)) continue;
      if (effect.kind === "throttle" && isWithinLimit(fault, effect, subject.host, nowMs)) continue;
      fault.hits += 1;
      isReplaced ||= replaces;
      taken.push(effect);
    }
    return taken;
  }

  /** The fault to play on a handshake for this host. */
  takeTls(host: string): TlsFault | undefined {
    for (const fault of this.#active) {
      if (fault.effect.kind !== "tls" || !matches(fault.filter.host, host) || !isDue(fault)) continue;
      fault.hits += 1;
      return fault.effect.fault;
    }
    return undefined;
  }
}

function passes(filter: FaultFilter, subject: FaultSubject): boolean {
  return (
    matches(filter.host, subject.host) &&
    matches(filter.path, subject.path) &&
    (filter.method === undefined || filter.method === subject.method) &&
    Object.entries(filter.query ?? {}).every(([name, value]) => subject.query[name] === value) &&
    (filter.kind === undefined || filter.kind === subject.kind)
  );
}

function isDue(fault: ActiveFault): boolean {
  const { skip = 0, times = Number.POSITIVE_INFINITY } = fault.filter;
  fault.seen += 1;
  return fault.seen > skip && fault.hits < times;
}

function isWithinLimit(
  fault: ActiveFault,
  { limit, windowMs = 10_000 }: { limit: number; windowMs?: number },
  host: string,
  nowMs: number,
): boolean {
  const recent = (fault.passed.get(host) ?? []).filter((atMs) => atMs > nowMs - windowMs);
  const isWithin = recent.length < limit;
  if (isWithin) recent.push(nowMs);
  fault.passed.set(host, recent);
  return isWithin;
}

function matches(pattern: string | RegExp | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  if (pattern instanceof RegExp) return pattern.test(text);
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
