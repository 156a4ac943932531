import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import type { EmulatorOptions } from "./options.js";
import { makeConnectProxy } from "./proxy/connect-proxy.js";
import { makeServer } from "./server.js";
import type { ServerParts } from "./server.js";

/** The open ports of an emulator. */
export interface Listeners {
  readonly port: number;
  readonly proxyPort: number;
  /** Connections made to both since the start. */
  readonly connectionCount: number;
  /** Ends listeners and connections, whatever these are at. */
  close(): Promise<void>;
}

/** Opens the HTTPS server and the forward proxy. */
export async function openListeners(parts: ServerParts, options: EmulatorOptions): Promise<Listeners> {
  const direct = makeServer(parts, "direct");
  // Never listens: the proxy hands it its connections, so that the log can tell the two ways apart.
  const proxied = makeServer(parts, "proxy");
  const proxy = makeConnectProxy({
    judge: (hostname) => parts.router.judge(hostname),
    accept: (socket) => proxied.emit("connection", socket),
    log: parts.log,
    now: parts.now,
    credentials: options.proxyCredentials,
  });
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  for (const server of [direct, proxy]) {
    server.on("connection", (socket: Socket) => {
      connectionCount += 1;
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
  }
  const address = options.listenOn ?? "127.0.0.1";
  const [port, proxyPort] = await Promise.all([
    listen(direct, options.port ?? 0, address),
    listen(proxy, options.proxyPort ?? 0, address),
  ]);
  return {
    port,
    proxyPort,
    get connectionCount() {
      return connectionCount;
    },
    close: async () => {
      const closed = [direct, proxy].map((server) => once(server.close(), "close"));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

async function listen(server: Server, port: number, address: string): Promise<number> {
  server.listen(port, address);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
