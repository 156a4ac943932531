import type { DnsQuery } from "./dns-query.js";
import type { HostsFile } from "./hosts-file.js";
import { NOT_FOUND, ResolutionError, TRY_AGAIN, type Resolution } from "./name-resolution.js";
import type { SystemResolver } from "./system-resolver.js";

export interface NameResolverParts {
  readonly hosts: HostsFile;
  readonly dns: DnsQuery;
  readonly system: SystemResolver;
  /** When DNS has not answered by then, the system is asked as well. Default 1,000. */
  readonly hedgeAfterMs?: number;
  /** When DNS knows no such name, how long the system may take to find one. Default 2,000. */
  readonly lastWordMs?: number;
  /** Time for one name in all. Default 10,000. */
  readonly limitMs?: number;
}

/** @throws {ResolutionError} */
export type NameResolver = (name: string) => Promise<Resolution>;

/** What is known from the system or the hosts file comes without a time to live. */
const DEFAULT_TTL_MS = 5_000;

/**
 * Resolves a name so that one which nobody answers for delays no other. The hosts file comes first, then DNS over the
 * network, where any number of names may wait at the same time. The system's resolver, of whose threads there are
 * few, is asked for what DNS does not know: names without a dot, names that need a search domain, and a machine whose names
 * come from elsewhere.
 */
export function createNameResolver(parts: NameResolverParts): NameResolver {
  const { hedgeAfterMs = 1_000, lastWordMs = 2_000, limitMs = 10_000 } = parts;
  return async (name) => {
    const addresses = await parts.hosts(name);
    if (addresses.length > 0) return { addresses, ttlMs: DEFAULT_TTL_MS };
    const ending = new AbortController();
    const timers: NodeJS.Timeout[] = [];
    const after = (delayMs: number, act: () => void): void => {
      timers.push(setTimeout(act, delayMs));
    };
    try {
      return await new Promise<Resolution>((resolve, reject) => {
        let isDnsDone = !name.includes(".");
        let isSystemAsked = false;
        let hasSystemFailed = false;
        let failure = new ResolutionError(TRY_AGAIN);
        const askSystem = (): void => {
          if (isSystemAsked) return;
          isSystemAsked = true;
          parts.system(name, ending.signal).then(
            (found) => {
              resolve({ addresses: found, ttlMs: DEFAULT_TTL_MS });
            },
            (error: unknown) => {
              failure = asResolutionError(error);
              hasSystemFailed = true;
              if (isDnsDone || failure.code === NOT_FOUND) reject(failure);
            },
          );
        };
        const giveUp = (): void => {
          reject(failure);
        };
        after(limitMs, giveUp);
        if (isDnsDone) {
          askSystem();
          return;
        }
        after(hedgeAfterMs, askSystem);
        parts.dns(name, ending.signal).then(resolve, (error: unknown) => {
          isDnsDone = true;
          failure = asResolutionError(error);
          if (hasSystemFailed) giveUp();
          else if (failure.code === NOT_FOUND) after(lastWordMs, giveUp);
          askSystem();
        });
      });
    } finally {
      for (const timer of timers) clearTimeout(timer);
      ending.abort();
    }
  };
}

function asResolutionError(error: unknown): ResolutionError {
  return error instanceof ResolutionError ? error : new ResolutionError(TRY_AGAIN);
}
