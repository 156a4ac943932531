import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type HttpAnswer, type HttpCall, type HttpRoute, plainText } from "./http-port.js";
import { encodePprof } from "./pprof-format.js";
import { takeCpuProfile, takeHeapProfile, type TakeProfile } from "./take-profile.js";

/** Of one profile. */
export const MAX_SECONDS = 60;
const DEFAULT_SECONDS = 30;

const INDEX = `Profiles of this process, for go tool pprof:

profile?seconds=${DEFAULT_SECONDS}   where the main thread spends its CPU time, for 1 to ${MAX_SECONDS} seconds
heap?seconds=${DEFAULT_SECONDS}      what the main thread allocates in that time and still holds at its end

For example: go tool pprof http://localhost:6060/debug/pprof/profile
`;

const compress = promisify(gzip);

/**
 * The paths under which a Go program has its profiles, so far as V8 has such a thing. One profile is taken at a time,
 * whichever it is: another asked for meanwhile is answered 409. A caller who goes away ends his.
 */
export function profileRoutes(
  take: { readonly cpu: TakeProfile; readonly heap: TakeProfile } = {
    cpu: takeCpuProfile,
    heap: takeHeapProfile,
  },
): ReadonlyMap<string, HttpRoute> {
  let isTaking = false;
  const route =
    (takeOne: TakeProfile): HttpRoute =>
    async ({ query, signal }: HttpCall): Promise<HttpAnswer> => {
      const seconds = readSeconds(query);
      if (seconds === undefined) {
        return plainText(400, `seconds is a whole number from 1 to ${MAX_SECONDS}\n`);
      }
      if (isTaking) {
        return plainText(409, `another profile is being taken; it ends within ${MAX_SECONDS} s\n`);
      }
      isTaking = true;
      try {
        const profile = await takeOne(seconds, signal);
        return {
          status: 200,
          contentType: "application/octet-stream",
          body: await compress(encodePprof(profile)),
        };
      } finally {
        isTaking = false;
      }
    };
  const index: HttpRoute = () => Promise.resolve(plainText(200, INDEX));
  return new Map([
    ["/debug/pprof", index],
    ["/debug/pprof/", index],
    ["/debug/pprof/profile", route(take.cpu)],
    ["/debug/pprof/heap", route(take.heap)],
  ]);
}

function readSeconds(query: URLSearchParams): number | undefined {
  const text = query.get("seconds") ?? String(DEFAULT_SECONDS);
  if (!/^[0-9]{1,3}$/.test(text)) return undefined;
  const seconds = Number(text);
  return seconds >= 1 && seconds <= MAX_SECONDS ? seconds : undefined;
}
