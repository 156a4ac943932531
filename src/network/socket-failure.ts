import { NetworkError, type NetworkErrorKind } from "./network-error.js";

/** How far a request had come when it failed. */
export type Stage = "queued" | "connecting" | "securing" | "waiting" | "reading";

/** What each stage is called in a message about a time limit. */
export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  queued: "while waiting for other requests to it",
  connecting: "while connecting",
  securing: "during the TLS handshake",
  waiting: "while waiting for the answer",
  reading: "while reading the answer",
};

const CONNECT_CODES = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ETIMEDOUT",
  "EADDRNOTAVAIL",
  "ECONNABORTED",
]);
const RESET_CODES = new Set(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"]);
/** OpenSSL's verification results that Node passes on as codes, beside those with a telling prefix. */
const CERTIFICATE_CODE =
  /^(?:CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/;
const HANDSHAKE_CODE = /^(?:EPROTO|ERR_SSL_|ERR_TLS_)/;
/** What a person may mend when the authority is unknown here. */
const UNKNOWN_AUTHORITY = /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

/**
 * Turns what a socket, TLS or the HTTP parser threw into a {@link NetworkError}; the system's own message is dropped,
 * because it may quote what the other end sent.
 * @param host - the other end, for the message
 */
export function describeSocketFailure(error: unknown, host: string, stage: Stage): NetworkError {
  if (error instanceof NetworkError) return error;
  const code = systemCodeOf(error);
  const [kind, words] = explain(code, stage, host);
  return new NetworkError(kind, words, { host, ...(code === "" ? {} : { systemCode: code }) });
}

function explain(code: string, stage: Stage, host: string): [NetworkErrorKind, string] {
  if (code === "ENOTFOUND" || code.startsWith("EAI_")) {
    return ["dns", `the name ${host} cannot be resolved (${code}); check the name and the node's DNS`];
  }
  if (CONNECT_CODES.has(code)) {
    return ["connect", `cannot connect to ${host} (${code}); check firewall, route and proxy settings`];
  }
  if (RESET_CODES.has(code)) {
    const advice = "if it goes on, check firewall and proxy settings";
    return ["reset", `${host} closed the connection (${code}) ${STAGE_WORDS[stage]}; ${advice}`];
  }
  if (code === "HPE_HEADER_OVERFLOW") {
    return ["too-large", `the answer of ${host} has larger headers than this provider reads`];
  }
  if (code.startsWith("HPE_")) return ["invalid-answer", `the answer of ${host} is not valid HTTP (${code})`];
  if (UNKNOWN_AUTHORITY.test(code)) {
    return [
      "tls",
      `the certificate of ${host} is signed by an authority that is not trusted here (${code}); ` +
        "add the authority's certificate by SSL_CERT_FILE, SSL_CERT_DIR or NODE_EXTRA_CA_CERTS",
    ];
  }
  if (CERTIFICATE_CODE.test(code)) return ["tls", `the certificate of ${host} is not accepted (${code})`];
  if (HANDSHAKE_CODE.test(code)) return ["tls", `the TLS handshake with ${host} failed (${code})`];
  const suffix = code === "" ? "" : ` (${code})`;
  return stage === "connecting"
    ? ["connect", `cannot connect to ${host}${suffix}`]
    : ["reset", `the connection to ${host} broke${suffix} ${STAGE_WORDS[stage]}`];
}

/** The code of a system error, of the first of several (all addresses of a name failed), or empty. */
function systemCodeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" && /^[A-Z0-9_]{1,64}$/.test(error.code) ? error.code : "";
}
