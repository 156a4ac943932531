import type { LookupFunction } from "node:net";
import { createHttpClient, type ClosableHttpClient } from "../../network/http-client.js";
import { stayOnOrigin } from "../../network/stay-on-origin.js";

export interface NodeLocalOptions {
  /** Origin of the service, plain http: `http://169.254.169.254`. Nothing else is ever asked. */
  readonly origin: string;
  /** Time that one request may take in all. */
  readonly tryTimeoutMs: number;
  readonly lookup?: LookupFunction;
}

/** Far more than any token: the largest that Entra ID signs have some 15 KiB. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * A client for one of the node's own token services, which are asked over plain http because they are no further away
 * than the node. It has no proxy settings to follow (a proxy would ask the proxy's own machine for its identity), and
 * refuses every redirect and every other address.
 * @throws {RangeError} when `origin` is no http origin
 */
export function createNodeLocalClient(options: NodeLocalOptions): ClosableHttpClient {
  const url = URL.canParse(options.origin) ? new URL(options.origin) : undefined;
  if (url?.protocol !== "http:" || url.origin !== options.origin) {
    throw new RangeError("a token service of the node is named by its origin, as in http://169.254.169.254");
  }
  const client = createHttpClient({
    trust: () => Promise.reject(new Error("a token service of the node has no certificate")),
    plainHttpOrigins: [url.origin],
    tryTimeoutMs: options.tryTimeoutMs,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  });
  const guarded = stayOnOrigin(client, [url.origin]);
  return {
    sendRequest: (request) => guarded.sendRequest(request),
    close: () => {
      client.close();
    },
  };
}
