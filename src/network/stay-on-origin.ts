import type { HttpClient } from "@azure/core-rest-pipeline";
import { NetworkError } from "./network-error.js";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Wraps a client so that a request to any other scheme, host or port is refused before a byte leaves, and a redirect
 * is an error instead of an answer. So neither a `nextLink` nor a redirect carries a token, a secret or an assertion
 * away.
 * @param allowedOrigins - for example `https://name.vault.azure.net`; the default port may be written or not
 * @throws {NetworkError} off-origin, redirect
 */
export function stayOnOrigin(httpClient: HttpClient, allowedOrigins: readonly string[]): HttpClient {
  const allowed = new Set(allowedOrigins.map((origin) => new URL(origin).origin));
  return {
    async sendRequest(request) {
      const target = URL.canParse(request.url) ? new URL(request.url) : undefined;
      if (target === undefined || !allowed.has(target.origin)) {
        const host = target === undefined ? "" : shortened(target.host);
        throw new NetworkError(
          "off-origin",
          `a request to ${host || "an address that is no URL"} was refused: only ${[...allowed].join(", ")} may be asked`,
          { host },
        );
      }
      const response = await httpClient.sendRequest(request);
      if (!REDIRECTS.has(response.status)) return response;
      const location = response.headers.get("location") ?? "";
      const elsewhere = URL.canParse(location, request.url) ? new URL(location, request.url).host : "";
      throw new NetworkError(
        "redirect",
        `${target.host} answered HTTP ${response.status}, a redirect` +
          `${elsewhere === "" ? "" : ` to ${shortened(elsewhere)}`}; redirects are not followed`,
        { host: target.host, status: response.status },
      );
    },
  };
}

/** A host as another party wrote it, cut to the length that a DNS name may have. */
function shortened(host: string): string {
  return host.length <= 253 ? host : `${host.slice(0, 253)}…`;
}
