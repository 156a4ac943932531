import { isIP, type LookupFunction } from "node:net";
import tls from "node:tls";
import { NetworkError } from "../../network/network-error.js";
import { describeSocketFailure, STAGE_WORDS, type Stage } from "../../network/socket-failure.js";

/** Where the cluster's API server is. */
export interface ApiServerAddress {
  /** DNS name or IP address; the certificate must be for it. */
  readonly host: string;
  readonly port: number;
}

/** How long an answered connection may take to close. */
const LINGER_MS = 2_000;

export interface ProbeOptions {
  readonly timeoutMs: number;
  readonly lookup: LookupFunction;
}

/**
 * The alternative names in the API server's certificate, which must be valid for its host and signed by the given
 * authorities. Only a TLS handshake takes place: nothing is sent, so no identity is needed.
 * @returns as Node writes them, for example `DNS:kubernetes, IP Address:10.0.0.1`
 * @throws {NetworkError} timeout, dns, connect, tls, reset
 */
export function readAlternativeNames(
  { host, port }: ApiServerAddress,
  secureContext: tls.SecureContext,
  { timeoutMs, lookup }: ProbeOptions,
): Promise<string> {
  const shown = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    let stage: Stage = "connecting";
    const socket = tls.connect({
      host,
      port,
      secureContext,
      rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
      lookup,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const fail = (error: NetworkError): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      const words = `${shown} took longer than ${timeoutMs} ms ${STAGE_WORDS[stage]}`;
      fail(new NetworkError("timeout", words, { host: shown }));
    }, timeoutMs);
    socket.once("connect", () => {
      stage = "securing";
    });
    socket.once("secureConnect", () => {
      clearTimeout(timer);
      resolve(socket.getPeerX509Certificate()?.subjectAltName ?? "");
      // Ended, not torn down: the API server logs a handshake that breaks off.
      socket.end();
      socket.setTimeout(LINGER_MS, () => socket.destroy());
    });
    socket.on("error", (error) => {
      fail(describeSocketFailure(error, shown, stage));
    });
    socket.once("close", () => {
      fail(describeSocketFailure(undefined, shown, stage));
    });
  });
}
