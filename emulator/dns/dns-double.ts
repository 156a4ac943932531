import { createSocket } from "node:dgram";
import { once } from "node:events";
import { NAME_ERROR, NO_ERROR, readQuestion, TYPE_A, writeAnswer } from "./message.js";

/** How a name server is set up. */
export interface DnsOptions {
  /** Default 53. */
  readonly port?: number;
  /** Default "127.0.0.1". */
  readonly listenOn?: string;
}

/** A running name server for names that are told to it. */
export interface DnsDouble {
  readonly port: number;
  /** Every name asked for, each once, in the order of the first questions. */
  readonly names: readonly string[];
  /** Datagrams received. */
  readonly queryCount: number;
  /** Resolves a name to an IPv4 address from now on. */
  set(name: string, address: string): void;
  remove(name: string): void;
  /** Forgets which names were asked for. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts a name server over UDP: it knows IPv4 addresses only, says NXDOMAIN for every name that it was not told, and asks
 * nobody else.
 */
export async function startDns({ port = 53, listenOn = "127.0.0.1" }: DnsOptions = {}): Promise<DnsDouble> {
  const addresses = new Map<string, string>();
  const names = new Set<string>();
  let queryCount = 0;
  const socket = createSocket("udp4", (query, { address, port: clientPort }) => {
    queryCount += 1;
    const question = readQuestion(query);
    if (question === undefined) return;
    names.add(question.name);
    const known = addresses.get(question.name);
    const isAnswered = known !== undefined && question.type === TYPE_A;
    const code = known === undefined ? NAME_ERROR : NO_ERROR;
    socket.send(writeAnswer(question, code, isAnswered ? [known] : []), clientPort, address);
  });
  socket.bind(port, listenOn);
  await once(socket, "listening");
  return {
    port: socket.address().port,
    get names() {
      return [...names];
    },
    get queryCount() {
      return queryCount;
    },
    set: (name, address) => {
      addresses.set(name.toLowerCase(), address);
    },
    remove: (name) => {
      addresses.delete(name.toLowerCase());
    },
    reset: () => {
      names.clear();
    },
    close: async () => {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  };
}
