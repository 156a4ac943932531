import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { Address } from "../emulator/protocol.js";

/** A request with nothing around it: no SDK, no retry, no policy. */
export interface BareRequest {
  readonly host: string;
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Connected = NonNullable<Parameters<https.Agent["createConnection"]>[1]>;

/** Node's own agent; its connections begin with a CONNECT to the emulator's proxy, and are kept open. */
class TunnelAgent extends https.Agent {
  readonly #proxyPort: number;

  constructor(proxyPort: number, options: https.AgentOptions) {
    super(options);
    this.#proxyPort = proxyPort;
  }

  override createConnection(options: https.RequestOptions, connected?: Connected): undefined {
    const tunnel = http.request({
      host: "127.0.0.1",
      port: this.#proxyPort,
      method: "CONNECT",
      path: `${String(options.host)}:443`,
      agent: false,
    });
    tunnel.once("connect", (_, socket: Socket) => {
      const stream = super.createConnection({ ...options, socket } as https.RequestOptions);
      if (stream) connected?.(null, stream);
    });
    tunnel.once("error", (error) => {
      (connected as ((error: Error) => void) | undefined)?.(error);
    });
    tunnel.end();
    return undefined;
  }
}

/** Node's own HTTPS client behind the emulator's proxy. */
export class BareClient {
  readonly #agent: TunnelAgent;

  constructor({ proxyPort, caPem }: Address, maxSockets: number) {
    const secureContext = createSecureContext({ ca: caPem });
    this.#agent = new TunnelAgent(proxyPort, { keepAlive: true, maxSockets, secureContext });
  }

  /** @returns the body of a 200 @throws Error for another status */
  async send({ host, path, method, headers, body = "" }: BareRequest): Promise<string> {
    const sent = https.request({ host, path, method, agent: this.#agent, headers: { ...headers } });
    sent.end(body);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of answer.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
    if (answer.statusCode !== 200) throw new Error(`${method} ${host}: status ${String(answer.statusCode)}`);
    return text;
  }

  close(): void {
    this.#agent.destroy();
  }
}
