import type { LoggedRequest, RequestKind, RequestLog } from "../emulator.js";
import { SeedError } from "../seed/shape.js";
import type { ControlCall } from "./control-routes.js";

export const REQUEST_KINDS: readonly RequestKind[] = [
  "discovery",
  "keys",
  "token",
  "challenge",
  "read",
  "list",
  "unknown",
];

/** What requests can be filtered and counted by. */
const PROPERTIES: Readonly<Record<string, (request: LoggedRequest) => string | undefined>> = {
  kind: ({ kind }) => kind,
  host: ({ host }) => host,
  path: ({ path }) => path,
  vault: ({ vault }) => vault,
  objectType: ({ objectType }) => objectType,
  objectName: ({ objectName }) => objectName,
  clientId: ({ principal }) => principal?.clientId,
  status: ({ status }) => String(status),
  code: ({ code }) => code,
  requestId: ({ requestId }) => requestId,
  userAgent: ({ userAgent }) => userAgent,
};

/** Most requests of one answer. */
const MAX_SHOWN = 1000;

/** How many requests of each kind, and in all, of those that pass the filter. */
export function countsOf(log: RequestLog, query: URLSearchParams): unknown {
  return log.counts(filterOf(query));
}

/** How many requests per value of one property, of those that pass the filter. */
export function countBy(log: RequestLog, at: ControlCall["at"], query: URLSearchParams): unknown {
  const passes = filterOf(query);
  const read = propertyOf(at["property"] ?? "");
  return Object.fromEntries(log.countBy((request) => (passes(request) ? read(request) : undefined)));
}

/** The newest requests that pass the filter, in the order in which they were answered. */
export function newestOf(log: RequestLog, query: URLSearchParams): unknown {
  return { requests: log.filter(filterOf(query)).slice(-MAX_SHOWN) };
}

/** `?vault=a&kind=read`: each property of that value. */
function filterOf(query: URLSearchParams): (request: LoggedRequest) => boolean {
  const wanted = [...query].map(([name, value]) => ({ read: propertyOf(name), value }));
  return (request) => wanted.every(({ read, value }) => read(request) === value);
}

function propertyOf(name: string): (request: LoggedRequest) => string | undefined {
  const read = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined;
  if (read === undefined) {
    throw new SeedError(`requests are told apart by ${Object.keys(PROPERTIES).join(", ")}`);
  }
  return read;
}
