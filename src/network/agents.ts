import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { SecureContext } from "node:tls";
import type { Trust } from "./certificate-authorities.js";
import { IdleSockets } from "./idle-sockets.js";
import { NetworkError } from "./network-error.js";
import type { ProxySettings } from "./proxy-settings.js";
import { TunnelAgent } from "./tunnel-agent.js";

export interface AgentsOptions {
  readonly trust: Trust;
  readonly proxy: ProxySettings;
  readonly maxSocketsPerOrigin: number;
  readonly idleSocketMs: number;
  readonly lookup: LookupFunction | undefined;
  readonly plainHttpOrigins: ReadonlySet<string>;
}

/** A volume of twenty objects is read at once: fewer, and each such mount makes the rest anew, at a millisecond of CPU each. */
const MAX_IDLE_SOCKETS_PER_ORIGIN = 24;
const MAX_IDLE_SOCKETS = 256;

/** The keep-alive agents of one client: for what goes straight on, and for the proxy; made when first needed. */
export class Agents {
  readonly #options: AgentsOptions;
  readonly #pool: https.AgentOptions;
  readonly #idle = new IdleSockets(MAX_IDLE_SOCKETS);
  readonly #made = new Map<
    string,
    { readonly agent: http.Agent; readonly context: SecureContext | undefined }
  >();

  constructor(options: AgentsOptions) {
    this.#options = options;
    this.#pool = {
      keepAlive: true,
      maxSockets: options.maxSocketsPerOrigin,
      maxFreeSockets: MAX_IDLE_SOCKETS_PER_ORIGIN,
      timeout: options.idleSocketMs,
      ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
    };
  }

  /** @throws {NetworkError} off-origin: plain http where it is not allowed; proxy: its setting cannot be used */
  async agentFor(url: URL): Promise<http.Agent> {
    if (url.protocol === "http:" && this.#options.plainHttpOrigins.has(url.origin)) {
      return this.#remember("http", undefined, () => new http.Agent(this.#pool));
    }
    if (url.protocol !== "https:") {
      const words = `${url.host} is not asked over ${url.protocol}// but https only`;
      throw new NetworkError("off-origin", words, { host: url.host });
    }
    const through = this.#options.proxy.proxyFor(url);
    if (through !== undefined && "unusable" in through) {
      throw new NetworkError("proxy", through.unusable, { host: url.host });
    }
    const secureContext = await this.#options.trust();
    return through === undefined
      ? this.#remember("direct", secureContext, () => new https.Agent({ ...this.#pool, secureContext }))
      : this.#remember(
          through.href,
          secureContext,
          () => new TunnelAgent(through, secureContext, this.#pool),
        );
  }

  close(): void {
    for (const { agent } of this.#made.values()) agent.destroy();
    this.#made.clear();
  }

  /** An agent trusts what it was made with: when that changes, another takes its place. */
  #remember(key: string, context: SecureContext | undefined, make: () => http.Agent): http.Agent {
    const known = this.#made.get(key);
    if (known?.context === context && known !== undefined) return known.agent;
    if (known !== undefined) retire(known.agent);
    const agent = this.#idle.watch(make());
    this.#made.set(key, { agent, context });
    return agent;
  }
}

/** Closes idle connections; those in use end with their request. */
function retire(agent: http.Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
