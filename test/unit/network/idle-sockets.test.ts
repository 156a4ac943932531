import { expect } from "chai";
import http, { type AgentOptions } from "node:http";
import type { AddressInfo } from "node:net";
import { IdleSockets } from "../../../src/network/idle-sockets.js";

describe("network/idle-sockets", () => {
  const servers: http.Server[] = [];
  const agents: http.Agent[] = [];
  afterEach(() => {
    for (const agent of agents.splice(0)) agent.destroy();
    for (const server of servers.splice(0)) server.close();
  });
  const serve = async (): Promise<{ port: number; connections: () => number }> => {
    let count = 0;
    const server = http.createServer((_request, response) => response.end("{}"));
    server.on("connection", () => (count += 1));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port, connections: () => count };
  };
  const agentOf = (idle: IdleSockets, options: AgentOptions = {}): http.Agent => {
    const agent = idle.watch(new http.Agent({ keepAlive: true, ...options }));
    agents.push(agent);
    return agent;
  };
  /** Asks, and waits until the connection is idle or gone. */
  const ask = async (agent: http.Agent, port: number): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      http
        .get({ host: "127.0.0.1", port, agent }, (response) => response.resume().once("end", resolve))
        .once("error", reject);
    });
    await new Promise((resolve) => setImmediate(resolve));
  };

  it("keeps connections for use again, of all agents together", async () => {
    const [a, b] = [await serve(), await serve()];
    const idle = new IdleSockets(2);
    const [one, two] = [agentOf(idle), agentOf(idle)];
    for (let i = 0; i < 3; i += 1) {
      await ask(one, a.port);
      await ask(two, b.port);
    }
    expect([a.connections(), b.connections(), idle.count]).to.deep.equal([1, 1, 2]);
  });

  it("one too many closes the one that has been idle for longest", async () => {
    const [a, b, c] = [await serve(), await serve(), await serve()];
    const idle = new IdleSockets(2);
    const agent = agentOf(idle);
    await ask(agent, a.port);
    await ask(agent, b.port);
    await ask(agent, a.port); // used again: b is the oldest now
    await ask(agent, c.port);
    expect(idle.count).to.equal(2);
    await ask(agent, a.port);
    await ask(agent, b.port);
    expect([a.connections(), b.connections(), c.connections()]).to.deep.equal([1, 2, 1]);
  });

  it("forgets what closes by itself, and counts nothing that the agent does not keep", async () => {
    const a = await serve();
    const idle = new IdleSockets(10);
    await ask(agentOf(idle, { keepAlive: false }), a.port);
    expect(idle.count).to.equal(0);
    const agent = agentOf(idle);
    await ask(agent, a.port);
    expect(idle.count).to.equal(1);
    for (const server of servers) server.closeAllConnections();
    while (idle.count > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});
