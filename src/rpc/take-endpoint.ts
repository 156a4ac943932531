import { createServer, type Server, type Socket } from "node:net";
import type { Endpoint } from "../model/endpoint.js";
import { formatEndpoint } from "./endpoint.js";
import { Occupant } from "./occupant.js";
import { EndpointError, MAX_CONNECTIONS, SocketFile } from "./socket-file.js";

/** An endpoint that is ours: connections come in. */
export interface Holding {
  /** Why it is not ours any more, or undefined while it is. */
  lostBecause(): string | undefined;
  stopAccepting(): void;
  /** Removes what would outlive the process, if it is still ours. */
  remove(): void;
}

/**
 * One try to have the endpoint. Undefined: someone alive has it, so try again later.
 * @throws {EndpointError} when it can never be had as it is configured
 */
export type TakeEndpoint = () => Promise<Holding | undefined>;

/** How to have this endpoint. */
export function takerOf(
  endpoint: Endpoint,
  onConnection: (socket: Socket) => void,
  occupant?: Occupant,
): TakeEndpoint {
  if (endpoint.kind === "tcp") return async () => await takePort(endpoint, onConnection);
  const { path } = endpoint;
  const inhabitant = occupant ?? new Occupant(path);
  return async () =>
    (await inhabitant.isAlive()) ? undefined : holdFile(await SocketFile.bind(path, onConnection));
}

function holdFile(file: SocketFile): Holding {
  return {
    lostBecause() {
      const owner = file.owner();
      if (owner === "ours") return undefined;
      return owner === "nobody"
        ? "its file was removed"
        : "another process has put a socket of its own there";
    },
    stopAccepting: () => {
      file.stopAccepting();
    },
    remove: () => {
      file.remove();
    },
  };
}

async function takePort(
  endpoint: Endpoint & { readonly kind: "tcp" },
  onConnection: (socket: Socket) => void,
): Promise<Holding | undefined> {
  const server = createServer({ noDelay: true }, onConnection);
  server.maxConnections = MAX_CONNECTIONS;
  const code = await listen(server, endpoint);
  if (code === "EADDRINUSE") return undefined;
  if (code !== undefined) {
    throw new EndpointError(
      `cannot listen at ${formatEndpoint(endpoint)} (${code}); change --endpoint to an address of this machine and a ` +
        "port that the provider may use",
    );
  }
  server.on("error", () => undefined); // as in SocketFile.bind
  return {
    lostBecause: () => undefined,
    stopAccepting: () => {
      server.close();
    },
    remove: () => undefined,
  };
}

/** The error's code, or undefined when it listens. */
async function listen(
  server: Server,
  { host, port }: Endpoint & { readonly kind: "tcp" },
): Promise<string | undefined> {
  return await new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? "unknown");
    });
    server.listen(host === "" ? { port } : { host, port }, () => {
      server.removeAllListeners("error");
      resolve(undefined);
    });
  });
}
