import http from "node:http";
import https from "node:https";
import { isIP, isIPv6, type LookupFunction, type Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { NetworkError } from "./network-error.js";
import { describeSocketFailure } from "./socket-failure.js";

/** What a request adds to its options so that a tunnel under construction ends with it. */
export interface TunnelRequestOptions extends https.RequestOptions {
  readonly tunnelSignal?: AbortSignal;
}

type ConnectionCallback = NonNullable<Parameters<https.Agent["createConnection"]>[1]>;
type Connection = Parameters<ConnectionCallback>[1];

/**
 * Keep-alive agent whose connections go through one proxy by CONNECT. TLS to the target runs inside the tunnel, with
 * the same trust and checks as without a proxy.
 *
 * Not https-proxy-agent: that one hands a proxy's refusal to the caller as if the vault had answered, keeps the socket
 * of a tunnel that never opens, and prints the proxy's password when DEBUG is set.
 */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #secureContext: SecureContext;
  readonly #lookup: LookupFunction | undefined;

  /** @param proxy - `http://` or `https://`, may hold user and password */
  constructor(proxy: URL, secureContext: SecureContext, options: https.AgentOptions) {
    super({ ...options, secureContext });
    this.#proxy = proxy;
    this.#secureContext = secureContext;
    this.#lookup = options.lookup;
  }

  override createConnection(options: TunnelRequestOptions, callback?: ConnectionCallback): undefined {
    const { tunnelSignal, ...target } = options;
    const succeed = (stream: Connection | null | undefined): void => {
      tunnelSignal?.removeEventListener("abort", cancel);
      if (stream) callback?.(null, stream);
    };
    const fail = (error: NetworkError): void => {
      tunnelSignal?.removeEventListener("abort", cancel);
      // Node's types want a stream beside an error too; its agent looks at the error only.
      (callback as ((error: Error) => void) | undefined)?.(error);
    };
    const connect = this.#requestTunnel(`${bracketed(String(target.host))}:${String(target.port)}`);
    const cancel = (): void => {
      connect.destroy();
    };
    tunnelSignal?.addEventListener("abort", cancel, { once: true });
    if (tunnelSignal?.aborted === true) cancel();

    connect.once("connect", (answer, socket: Socket, early: Buffer) => {
      if (answer.statusCode !== 200 || early.byteLength > 0) {
        socket.destroy();
        fail(this.#refusal(answer.statusCode ?? 0));
        return;
      }
      succeed(super.createConnection({ ...target, socket } as https.RequestOptions));
    });
    // A proxy that answers with a body instead of a tunnel.
    connect.once("response", (answer) => {
      answer.destroy();
      fail(this.#refusal(answer.statusCode ?? 0));
    });
    connect.once("error", (error) => {
      const failure = describeSocketFailure(error, this.#proxy.host, "connecting");
      fail(
        new NetworkError("proxy", `the proxy of HTTPS_PROXY cannot be used: ${failure.message}`, {
          host: this.#proxy.host,
          ...(failure.systemCode === undefined ? {} : { systemCode: failure.systemCode }),
        }),
      );
    });
    connect.end();
    return undefined;
  }

  #requestTunnel(target: string): http.ClientRequest {
    const { protocol, username, password, port } = this.#proxy;
    const host = this.#proxy.hostname.replace(/^\[|\]$/g, "");
    const credentials = `${decodeOrKeep(username)}:${decodeOrKeep(password)}`;
    const options: https.RequestOptions & { secureContext: SecureContext } = {
      host,
      method: "CONNECT",
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(username === "" && password === ""
          ? {}
          : { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` }),
      },
      secureContext: this.#secureContext,
      rejectUnauthorized: true,
      servername: isIP(host) === 0 ? host : "",
      ...(this.#lookup === undefined ? {} : { lookup: this.#lookup }),
    };
    return protocol === "https:"
      ? https.request({ ...options, port: port === "" ? 443 : port })
      : http.request({ ...options, port: port === "" ? 80 : port });
  }

  #refusal(status: number): NetworkError {
    const host = this.#proxy.host;
    const remedy =
      status === 407
        ? "it wants other credentials: check user and password in HTTPS_PROXY"
        : "allow the target in the proxy, or name it in NO_PROXY";
    return new NetworkError("proxy", `the proxy ${host} refused the tunnel with HTTP ${status}; ${remedy}`, {
      host,
      status,
    });
  }
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
