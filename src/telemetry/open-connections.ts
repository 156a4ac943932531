import type { Duplex } from "node:stream";

/**
 * The connections of a port, few enough for a node's memory and descriptors. One too many ends the oldest of the address
 * that holds most: pods that fill a port and say nothing take places from each other, never from the kubelet's probe.
 */
export class OpenConnections {
  readonly #most: number;
  /** Oldest first. */
  readonly #byAddress = new Map<string, Set<Duplex>>();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Adds one, and ends another where there are too many; one that closes is forgotten. */
  add(address: string, socket: Duplex): void {
    if (this.#count >= this.#most) this.#endOne();
    const own = this.#byAddress.get(address) ?? new Set();
    own.add(socket);
    this.#byAddress.set(address, own);
    this.#count += 1;
    socket.once("close", () => {
      this.#forget(address, socket);
    });
  }

  #endOne(): void {
    let greediest: string | undefined;
    let sockets: ReadonlySet<Duplex> = new Set();
    for (const [address, own] of this.#byAddress) {
      if (own.size > sockets.size) [greediest, sockets] = [address, own];
    }
    const [oldest] = sockets;
    if (greediest === undefined || oldest === undefined) return;
    this.#forget(greediest, oldest);
    oldest.destroy();
  }

  #forget(address: string, socket: Duplex): void {
    const own = this.#byAddress.get(address);
    if (own?.delete(socket) !== true) return;
    this.#count -= 1;
    if (own.size === 0) this.#byAddress.delete(address);
  }
}
