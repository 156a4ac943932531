import { expect } from "chai";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, unlink } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import type { HealthAnswer } from "../../../src/rpc/ask-health.js";
import type { Endpoint } from "../../../src/model/endpoint.js";
import { Listener, type ListenerParts } from "../../../src/rpc/listener.js";
import { Occupant } from "../../../src/rpc/occupant.js";
import { EndpointError, SocketFile } from "../../../src/rpc/socket-file.js";
import { captureLog, rejectionOf, until, withFolder } from "./support.js";

const TIMES = { waitMs: 10, holdMs: 10, firstHoldMs: 5, logEveryMs: 60_000 };

describe("rpc/listener Listener", () => {
  const listeners: Listener[] = [];
  afterEach(async () => {
    for (const listener of listeners.splice(0)) {
      await listener.stopAccepting();
      listener.remove();
    }
  });

  /** A listener that greets with its name. Whoever greets counts as alive. */
  function listen(name: string, endpoint: Endpoint, parts: Partial<ListenerParts> = {}) {
    const { log, lines } = captureLog();
    const changes: boolean[] = [];
    const ask = (): Promise<HealthAnswer> => Promise.resolve("serving");
    const listener = new Listener(endpoint, {
      log,
      onConnection: say(name),
      onChange: (isListening) => changes.push(isListening),
      times: TIMES,
      ...(endpoint.kind === "unix"
        ? { occupant: new Occupant(endpoint.path, undefined, undefined, ask) }
        : {}),
      ...parts,
    });
    listeners.push(listener);
    listener.started.catch(() => undefined);
    return { listener, lines, changes };
  }

  async function inFolder(
    run: (endpoint: Endpoint & { kind: "unix" }, folder: string) => Promise<void>,
  ): Promise<void> {
    await withFolder(async (folder) => {
      const providers = join(folder, "providers");
      await mkdir(providers);
      await run({ kind: "unix", path: join(providers, "azure.sock") }, providers);
    });
  }

  it("listens at once when nobody is there", async () => {
    await inFolder(async (endpoint) => {
      const { listener, lines, changes } = listen("one", endpoint);
      await listener.started;
      expect(listener.isListening).to.equal(true);
      expect(await greet(endpoint.path)).to.equal("one");
      expect(changes).to.deep.equal([true]);
      expect(lines.map(({ msg }) => msg)).to.deep.equal(["Listening for the driver"]);
    });
  });

  it("waits for a provider that is alive, says so once, and takes the socket when it has stopped", async () => {
    await inFolder(async (endpoint) => {
      const old = await SocketFile.bind(endpoint.path, say("old"));
      const { listener, lines } = listen("new", endpoint);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(listener.isListening).to.equal(false);
      expect(await greet(endpoint.path)).to.equal("old");
      expect(lines.map(({ level, problem }) => [level, problem])).to.deep.equal([
        ["warn", "another provider still serves it"],
      ]);
      old.stopAccepting();
      await listener.started;
      expect(await greet(endpoint.path)).to.equal("new");
      old.remove(); // as the old one does last
      expect(await greet(endpoint.path)).to.equal("new");
    });
  });

  it("makes the socket again when an old provider removes the path at its end, whoever holds it", async () => {
    await inFolder(async (endpoint) => {
      const { listener, lines, changes } = listen("one", endpoint);
      await listener.started;
      for (let i = 1; i <= 3; i++) {
        await unlink(endpoint.path);
        await until(() => changes.filter(Boolean).length === i + 1);
        expect(await greet(endpoint.path)).to.equal("one");
      }
      expect(lines.filter(({ reason }) => reason === "its file was removed")).to.have.length(3);
    });
  });

  it("comes back when its folder was replaced, and goes on trying while it is missing", async () => {
    await inFolder(async (endpoint, folder) => {
      const { listener, lines } = listen("one", endpoint);
      await listener.started;
      await rename(folder, `${folder}.old`);
      await until(() => !listener.isListening);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(lines.filter(({ problem }) => String(problem).includes("does not exist"))).to.have.length(1);
      await mkdir(folder);
      await until(() => listener.isListening);
      expect(await greet(endpoint.path)).to.equal("one");
      expect(existsSync(`${folder}.old/azure.sock`)).to.equal(true);
    });
  });

  it("yields to a process that took the path, and takes it back when that one has gone", async () => {
    await inFolder(async (endpoint) => {
      const { listener, changes, lines } = listen("one", endpoint);
      await listener.started;
      const other = await SocketFile.bind(endpoint.path, say("other"));
      await until(() => !listener.isListening);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await greet(endpoint.path)).to.equal("other");
      expect(lines.map(({ reason }) => reason)).to.include(
        "another process has put a socket of its own there",
      );
      other.stopAccepting();
      await until(() => listener.isListening);
      expect(await greet(endpoint.path)).to.equal("one");
      expect(changes).to.deep.equal([true, false, true]);
    });
  });

  it("keeps connections that are open while the socket is made again", async () => {
    await inFolder(async (endpoint) => {
      const sockets: Socket[] = [];
      const { listener, changes } = listen("one", endpoint, {
        onConnection: (socket) => sockets.push(socket),
      });
      await listener.started;
      const client = connect(endpoint.path);
      await until(() => sockets.length === 1);
      await unlink(endpoint.path);
      await until(() => changes.length === 3);
      sockets[0]?.write("still here");
      const [text] = (await once(client, "data")) as [Buffer];
      expect(text.toString()).to.equal("still here");
      client.destroy();
      sockets[0]?.destroy();
    });
  });

  for (const count of [2, 5]) {
    it(`leaves exactly one of ${count} listening that waited for the same socket, in peace`, async () => {
      await inFolder(async (endpoint) => {
        const old = await SocketFile.bind(endpoint.path, say("old"));
        const rivals = Array.from({ length: count }, (_, i) => listen(`rival ${i}`, endpoint));
        await new Promise((resolve) => setTimeout(resolve, 50));
        old.stopAccepting();
        await Promise.race(rivals.map(({ listener }) => listener.started));
        await new Promise((resolve) => setTimeout(resolve, 150));
        const listening = rivals.filter(({ listener }) => listener.isListening);
        expect(listening).to.have.length(1);
        const [winner] = rivals.flatMap(({ listener }, i) => (listener.isListening ? [i] : []));
        expect(await greet(endpoint.path)).to.equal(`rival ${String(winner)}`);
        const changes = rivals.map((rival) => rival.changes.length);
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(rivals.map((rival) => rival.changes.length)).to.deep.equal(changes);
      });
    });
  }

  it("hands the socket on down a row of rivals as each one stops", async () => {
    await inFolder(async (endpoint) => {
      const rivals = Array.from({ length: 3 }, (_, i) => listen(`rival ${i}`, endpoint));
      const order: number[] = [];
      while (order.length < rivals.length) {
        await until(() => rivals.filter(({ listener }) => listener.isListening).length === 1);
        await new Promise((resolve) => setTimeout(resolve, 30));
        const holder = rivals.findIndex(({ listener }) => listener.isListening);
        expect(await greet(endpoint.path)).to.equal(`rival ${holder}`);
        order.push(holder);
        await rivals[holder]?.listener.stopAccepting();
        rivals[holder]?.listener.remove();
      }
      expect([...order].sort()).to.deep.equal([0, 1, 2]);
      expect(existsSync(endpoint.path)).to.equal(false);
    });
  });

  it("stops while it waits, without a socket of its own", async () => {
    await inFolder(async (endpoint) => {
      const old = await SocketFile.bind(endpoint.path, say("old"));
      const { listener } = listen("new", endpoint);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await listener.stopAccepting();
      listener.remove();
      expect(await greet(endpoint.path)).to.equal("old");
      old.stopAccepting();
    });
  });

  it("leaves no socket when it is stopped while it starts", async () => {
    await inFolder(async (endpoint) => {
      const { listener, changes } = listen("one", endpoint);
      await listener.stopAccepting();
      listener.remove();
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(existsSync(endpoint.path)).to.equal(false);
      expect(changes).to.deep.equal([]);
    });
  });

  it("refuses new connections when it stops, and removes only its own file", async () => {
    await inFolder(async (endpoint) => {
      const { listener } = listen("one", endpoint);
      await listener.started;
      await listener.stopAccepting();
      expect(listener.isListening).to.equal(false);
      expect(await rejectionOf(greet(endpoint.path))).to.have.property("code", "ECONNREFUSED");
      const next = await SocketFile.bind(endpoint.path, say("next"));
      listener.remove();
      expect(await greet(endpoint.path)).to.equal("next");
      next.stopAccepting();
    });
  });

  it("fails the start when the endpoint can never be had", async () => {
    await withFolder(async (folder) => {
      const { listener } = listen("one", { kind: "unix", path: join(folder, "none", "azure.sock") });
      expect(await rejectionOf(listener.started)).to.be.instanceOf(EndpointError);
    });
    const { listener } = listen("one", { kind: "tcp", host: "192.0.2.1", port: 1 });
    expect((await rejectionOf(listener.started)).message).to.equal(
      "cannot listen at tcp://192.0.2.1:1 (EADDRNOTAVAIL); change --endpoint to an address of this machine and a port " +
        "that the provider may use",
    );
  });

  it("waits for a TCP port that is in use", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    const { listener, lines } = listen("one", { kind: "tcp", host: "127.0.0.1", port });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(listener.isListening).to.equal(false);
    holder.close();
    await listener.started;
    expect(await greet(port)).to.equal("one");
    expect(lines.map(({ level }) => level)).to.deep.equal(["warn", "info"]);
  });

  it("leaves the folder as it found it", async () => {
    await inFolder(async (endpoint, folder) => {
      const { listener } = listen("one", endpoint);
      await listener.started;
      await listener.stopAccepting();
      listener.remove();
      await rm(folder, { recursive: false, force: false }).catch(() => undefined);
      const { readdir } = await import("node:fs/promises");
      expect(await readdir(folder)).to.deep.equal([]);
    });
  });
});

function say(text: string): (socket: Socket) => void {
  return (socket) => {
    socket.on("error", () => undefined);
    socket.end(text);
  };
}

async function greet(target: string | number): Promise<string> {
  const socket = typeof target === "string" ? connect(target) : connect(target, "127.0.0.1");
  try {
    const [text] = (await once(socket, "data")) as [Buffer];
    return text.toString();
  } finally {
    socket.destroy();
  }
}
