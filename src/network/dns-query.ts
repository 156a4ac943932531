import { promises as dns, type LookupAddress, type RecordWithTtl } from "node:dns";
import { networkInterfaces } from "node:os";
import { NOT_FOUND, ResolutionError, TRY_AGAIN, type Resolution } from "./name-resolution.js";

/** Asks the DNS for a name's addresses. @throws {ResolutionError}; anything when the signal aborts */
export type DnsQuery = (name: string, signal: AbortSignal) => Promise<Resolution>;

/** The part of Node's resolver that is used. */
export type Resolver = Pick<dns.Resolver, "cancel"> & {
  resolve4(name: string, options: { ttl: true }): Promise<RecordWithTtl[]>;
  resolve6(name: string, options: { ttl: true }): Promise<RecordWithTtl[]>;
};

type Family = 4 | 6;

/**
 * When one family has answered, how long the other may take.
 * @see RFC 8305 section 3
 */
const OTHER_FAMILY_MS = 50;
/** Wait for the first answer of a server; c-ares doubles it from try to try. */
const FIRST_TRY_MS = 2_000;
const TRIES = 3;

/**
 * Asks the servers of `/etc/resolv.conf` over the network, with no thread of libuv's pool; the name is taken as it is,
 * without search domains. Each name has a resolver of its own (0.2 ms and one socket, as long as the query takes): so it
 * can be given up alone, and a changed `resolv.conf` counts at once.
 *
 * Only families are asked for in which this machine has an address; IPv4 comes first.
 */
export function createDnsQuery(
  makeResolver: () => Resolver = () => new dns.Resolver({ timeout: FIRST_TRY_MS, tries: TRIES }),
  families: () => readonly Family[] = ownFamilies,
): DnsQuery {
  return async (name, signal) => {
    const resolver = makeResolver();
    const cancel = (): void => {
      resolver.cancel();
    };
    signal.addEventListener("abort", cancel);
    try {
      return await firstAnswers(families().map((family) => askFor(family, name, resolver)));
    } finally {
      signal.removeEventListener("abort", cancel);
      cancel();
    }
  };
}

/** Answers of the families; fails when all have, with the more hopeful error. */
function firstAnswers(queries: readonly Promise<Resolution>[]): Promise<Resolution> {
  return new Promise((resolve, reject) => {
    const answers: Resolution[] = [];
    let open = queries.length;
    let timer: NodeJS.Timeout | undefined;
    let error = new ResolutionError(NOT_FOUND);
    const finish = (): void => {
      clearTimeout(timer);
      if (answers.length === 0) reject(error);
      else resolve(joined(answers));
    };
    for (const query of queries) {
      query.then(
        (answer) => {
          answers.push(answer);
          open -= 1;
          if (open === 0) finish();
          else timer ??= setTimeout(finish, OTHER_FAMILY_MS);
        },
        (cause: unknown) => {
          if (!isNoSuchName(cause)) error = new ResolutionError(TRY_AGAIN);
          open -= 1;
          if (open === 0) finish();
        },
      );
    }
  });
}

async function askFor(family: Family, name: string, resolver: Resolver): Promise<Resolution> {
  const records = await (family === 4
    ? resolver.resolve4(name, { ttl: true })
    : resolver.resolve6(name, { ttl: true }));
  if (records.length === 0) throw new ResolutionError(NOT_FOUND);
  return {
    addresses: records.map(({ address }): LookupAddress => ({ address, family })),
    ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1_000,
  };
}

function joined(answers: readonly Resolution[]): Resolution {
  return {
    addresses: answers.flatMap(({ addresses }) => addresses).sort((a, b) => a.family - b.family),
    ttlMs: Math.min(...answers.map(({ ttlMs }) => ttlMs)),
  };
}

function isNoSuchName(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === NOT_FOUND || code === "ENODATA";
}

/** Families in which an interface beside the loopback has an address of more than local reach; both when none has. */
function ownFamilies(): readonly Family[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith("fe80:"));
  const own = ([4, 6] as const).filter((family) =>
    addresses.some((address) => address.family === `IPv${family}`),
  );
  return own.length === 0 ? [4, 6] : own;
}
