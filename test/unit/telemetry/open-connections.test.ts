import { PassThrough } from "node:stream";
import { expect } from "chai";
import { OpenConnections } from "../../../src/telemetry/open-connections.js";

describe("telemetry/open-connections OpenConnections", () => {
  const connect = (connections: OpenConnections, address: string, count: number): PassThrough[] =>
    Array.from({ length: count }, () => {
      const socket = new PassThrough();
      connections.add(address, socket);
      return socket;
    });
  const destroyed = (sockets: readonly PassThrough[]): boolean[] => sockets.map((socket) => socket.destroyed);

  it("ends the oldest of the address that holds most, where there is one too many", () => {
    const connections = new OpenConnections(5);
    const probe = connect(connections, "kubelet", 1);
    const greedy = connect(connections, "greedy", 3);
    const other = connect(connections, "other", 1);
    expect(destroyed([...probe, ...greedy, ...other])).to.not.include(true);
    const late = connect(connections, "late", 1);
    expect(destroyed(greedy)).to.deep.equal([true, false, false]);
    expect(destroyed([...probe, ...other, ...late])).to.not.include(true);
  });

  it("lets no number of greedy addresses take the place of one that holds less", () => {
    const connections = new OpenConnections(64);
    const probe = connect(connections, "kubelet", 1);
    for (let round = 0; round < 8; round += 1) {
      for (let address = 0; address < 32; address += 1) connect(connections, `pod-${address}`, 8);
    }
    expect(destroyed(probe)).to.deep.equal([false]);
  });

  it("forgets one that has closed", async () => {
    const connections = new OpenConnections(2);
    const [first] = connect(connections, "a", 1);
    const second = connect(connections, "a", 1);
    first?.destroy();
    await new Promise(setImmediate);
    connect(connections, "b", 1);
    expect(destroyed(second)).to.deep.equal([false]);
  });
});
