import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Two ports that were free a moment ago, on the loopback interface. */
export async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports as [number, number];
}
