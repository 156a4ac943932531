import type http from "node:http";
import type { Duplex } from "node:stream";

/**
 * The idle connections of several agents, few enough that classes for thousands of vaults cannot use up the process's
 * file descriptors: one too many closes the one that has been idle for longest.
 */
export class IdleSockets {
  readonly #most: number;
  /** Longest idle first. */
  readonly #idle = new Set<Duplex>();
  readonly #watched = new WeakSet<Duplex>();

  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#idle.size;
  }

  /** Watches an agent's connections. @returns the agent */
  watch<A extends http.Agent>(agent: A): A {
    // Node's types forget that it returns whether the connection may be kept.
    const keep = agent.keepSocketAlive.bind(agent) as (socket: Duplex) => boolean;
    const reuse = agent.reuseSocket.bind(agent);
    agent.keepSocketAlive = (socket): boolean => {
      const isKept = keep(socket);
      if (isKept) this.#add(socket);
      return isKept;
    };
    agent.reuseSocket = (socket, request) => {
      this.#idle.delete(socket);
      reuse(socket, request);
    };
    return agent;
  }

  #add(socket: Duplex): void {
    if (!this.#watched.has(socket)) {
      this.#watched.add(socket);
      socket.once("close", () => this.#idle.delete(socket));
    }
    this.#idle.add(socket);
    const [oldest] = this.#idle;
    if (this.#idle.size <= this.#most || oldest === undefined) return;
    this.#idle.delete(oldest);
    oldest.destroy();
  }
}
