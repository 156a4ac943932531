import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { createDnsQuery } from "./dns-query.js";
import { createHostsFile } from "./hosts-file.js";
import { NOT_FOUND, ResolutionError, TRY_AGAIN, type Resolution } from "./name-resolution.js";
import { createNameResolver, type NameResolver } from "./name-resolver.js";
import { createSystemResolver } from "./system-resolver.js";

/** Names remembered; the ones unused for longest go first. */
const MAX_NAMES = 1_000;
/** A longer time to live is cut to this: a vault may move. */
const MAX_TTL_MS = 30_000;
/** How long a name that does not exist is not asked for again. */
const NOT_FOUND_TTL_MS = 2_000;

/**
 * The way this process resolves names, in the form that Node's sockets take: see {@link createNameResolver}. A name is
 * asked for once, however many connections wait for it, and its answer is kept for its time to live, half a minute
 * at most. Errors have getaddrinfo's codes, ENOTFOUND or EAI_AGAIN.
 */
export function createLookup(
  resolve: NameResolver = createNameResolver({
    hosts: createHostsFile(),
    dns: createDnsQuery(),
    system: createSystemResolver(),
  }),
  now: () => number = () => performance.now(),
): LookupFunction {
  const names = new RememberedNames(resolve, now);
  return (hostname, options, callback) => {
    const { family = 0, all = false } = options;
    names.resolve(hostname.toLowerCase()).then(
      (addresses) => {
        const wanted = addresses.filter((entry) => matches(entry, family));
        const [first] = wanted;
        if (first === undefined) callback(lookupError(NOT_FOUND, hostname), "", 0);
        else if (all) callback(null, wanted);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(lookupError(error instanceof ResolutionError ? error.code : TRY_AGAIN, hostname), "", 0);
      },
    );
  };
}

type Outcome = { readonly resolution: Resolution } | { readonly error: unknown };

class RememberedNames {
  readonly #resolve: NameResolver;
  readonly #now: () => number;
  /** Least recently used first. */
  readonly #known = new Map<string, { readonly outcome: Outcome; readonly untilMs: number }>();
  readonly #asked = new Map<string, Promise<Outcome>>();

  constructor(resolve: NameResolver, now: () => number) {
    this.#resolve = resolve;
    this.#now = now;
  }

  async resolve(name: string): Promise<readonly LookupAddress[]> {
    const outcome = this.#recall(name) ?? (await this.#ask(name));
    if ("error" in outcome) throw outcome.error;
    return outcome.resolution.addresses;
  }

  #recall(name: string): Outcome | undefined {
    const entry = this.#known.get(name);
    if (entry === undefined) return undefined;
    this.#known.delete(name);
    if (entry.untilMs <= this.#now()) return undefined;
    this.#known.set(name, entry);
    return entry.outcome;
  }

  #ask(name: string): Promise<Outcome> {
    const asked = this.#asked.get(name);
    if (asked !== undefined) return asked;
    const asking = this.#resolve(name)
      .then((resolution): Outcome => ({ resolution }))
      .catch((error: unknown): Outcome => ({ error }))
      .then((outcome) => {
        this.#asked.delete(name);
        this.#remember(name, outcome);
        return outcome;
      });
    this.#asked.set(name, asking);
    return asking;
  }

  #remember(name: string, outcome: Outcome): void {
    const ttlMs = keptFor(outcome);
    if (ttlMs <= 0) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= MAX_NAMES) this.#known.delete(oldest);
    this.#known.set(name, { outcome, untilMs: this.#now() + ttlMs });
  }
}

/** An answer that may be another in a moment (the server was silent) is not kept. */
function keptFor(outcome: Outcome): number {
  if ("resolution" in outcome) return Math.min(outcome.resolution.ttlMs, MAX_TTL_MS);
  return outcome.error instanceof ResolutionError && outcome.error.code === NOT_FOUND ? NOT_FOUND_TTL_MS : 0;
}

function matches({ family }: LookupAddress, wanted: number | "IPv4" | "IPv6"): boolean {
  return wanted === 0 || family === wanted || `IPv${family}` === wanted;
}

function lookupError(code: string, hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} cannot be resolved`), { code, syscall: "lookup", hostname });
}
