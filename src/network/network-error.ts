/** What went wrong between this process and the other end. */
export type NetworkErrorKind =
  /** One try took longer than its time limit. */
  | "timeout"
  /** The caller gave up. */
  | "aborted"
  /** The name could not be resolved. */
  | "dns"
  /** No connection: refused, unreachable. */
  | "connect"
  /** The TLS handshake failed, or the certificate was not accepted. */
  | "tls"
  /** The proxy could not be reached, refused the tunnel, or its setting cannot be used. */
  | "proxy"
  /** The connection broke while a request was under way. */
  | "reset"
  /** The answer is larger than allowed. */
  | "too-large"
  /** The request would have left the origins it may go to; nothing was sent. */
  | "off-origin"
  /** The request itself cannot be written as HTTP; nothing was sent. */
  | "invalid-request"
  /** The server answered with a redirect, which is never followed. */
  | "redirect"
  /** The answer is not what its protocol asks for: not HTTP, compressed unasked, JSON that does not parse. */
  | "invalid-answer";

export interface NetworkErrorOptions {
  /** The other end as `host` or `host:port`. */
  readonly host: string;
  /** The system's or OpenSSL's own code, for example `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly systemCode?: string;
  /** HTTP status, where an answer had begun. */
  readonly status?: number;
}

/**
 * A request that got no usable answer. The message names the host and what to look at, never a path, a header, a
 * body or a proxy's credentials.
 *
 * It is no RestError on purpose: the SDK's own retry policies leave it alone and throw it on as it is.
 */
export class NetworkError extends Error {
  readonly kind: NetworkErrorKind;
  readonly host: string;
  readonly systemCode: string | undefined;
  readonly status: number | undefined;

  constructor(kind: NetworkErrorKind, message: string, options: NetworkErrorOptions) {
    super(message);
    this.name = "NetworkError";
    this.kind = kind;
    this.host = options.host;
    this.systemCode = options.systemCode;
    this.status = options.status;
  }
}

/** The NetworkError that this is or that caused it, looking at most 5 causes deep; undefined when there is none. */
export function findNetworkError(error: unknown): NetworkError | undefined {
  let current = error;
  for (let depth = 0; depth <= 5 && current instanceof Error; depth += 1) {
    if (current instanceof NetworkError) return current;
    current = current.cause;
  }
  return undefined;
}
