import { lookup, type LookupAddress } from "node:dns";
import { NOT_FOUND, ResolutionError, TRY_AGAIN } from "./name-resolution.js";

/** Asks the system for a name's addresses. @throws {ResolutionError}; anything when the signal aborts */
export type SystemResolver = (name: string, signal: AbortSignal) => Promise<readonly LookupAddress[]>;

/** As many as libuv lets run at the same time in its pool of four threads: the others are for files and keys. */
const MAX_CONCURRENT = 2;
/** EAI_NONAME and EAI_NODATA, as Node names both. */
const NO_SUCH_NAME = new Set([NOT_FOUND, "ENODATA"]);

interface Waiting {
  readonly name: string;
  readonly resolve: (addresses: readonly LookupAddress[]) => void;
  readonly reject: (error: ResolutionError) => void;
}

/**
 * The system's own resolver, getaddrinfo: search domains, `nsswitch.conf` and all. It holds a thread until it answers, for
 * half a minute if need be, and cannot be given up; so two run at a time and the others wait, where they can be.
 */
export function createSystemResolver(ask: typeof lookupAll = lookupAll): SystemResolver {
  const queue = new Set<Waiting>();
  let running = 0;
  const startNext = (): void => {
    const [next] = queue;
    if (next === undefined || running >= MAX_CONCURRENT) return;
    queue.delete(next);
    running += 1;
    ask(next.name, (error, addresses) => {
      running -= 1;
      if (error === null && addresses.length > 0) next.resolve(addresses);
      else
        next.reject(new ResolutionError(NO_SUCH_NAME.has(error?.code ?? NOT_FOUND) ? NOT_FOUND : TRY_AGAIN));
      startNext();
    });
  };
  return (name, signal) =>
    new Promise((resolve, reject) => {
      const waiting: Waiting = { name, resolve, reject };
      const leave = (): void => {
        queue.delete(waiting);
        reject(new ResolutionError(TRY_AGAIN));
      };
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener("abort", leave, { once: true });
      queue.add(waiting);
      startNext();
    });
}

function lookupAll(
  name: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
): void {
  lookup(name, { all: true }, callback);
}
