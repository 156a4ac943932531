import { existsSync, lstatSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { DriverClient } from "../../driver/client.js";
import { freePorts, ProviderProcess } from "../support/provider-process.js";
import { runProvider } from "../support/run-provider.js";
import { waitUntil } from "../support/wait.js";

describe("the socket", () => {
  let folder: string;
  let socketPath: string;
  const started: ProviderProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-socket-"));
    socketPath = path.join(folder, "azure.sock");
  });
  afterEach(async () => {
    for (const provider of started.splice(0)) await provider.stop("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  async function start(options: Parameters<typeof ProviderProcess.start>[0] = {}): Promise<ProviderProcess> {
    const provider = await ProviderProcess.start({ socketPath, ...options });
    started.push(provider);
    return provider;
  }

  async function isReady(provider: ProviderProcess): Promise<boolean> {
    return await fetch(`http://127.0.0.1:${provider.healthzPort}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  it("has mode 0700, whatever the umask", async () => {
    await start();
    const { mode } = lstatSync(socketPath);
    expect(mode & 0o777).to.equal(0o700);
  });

  const leftovers: [string, () => Promise<void>][] = [
    ["a regular file", () => writeFile(socketPath, "left over")],
    ["a link to nowhere", () => symlink("/nonexistent", socketPath)],
    [
      "a socket that nobody listens at",
      async () => {
        // A provider that was killed leaves its socket behind.
        const killed = await ProviderProcess.start({ socketPath });
        await killed.stop("SIGKILL");
        expect(existsSync(socketPath)).to.equal(true);
      },
    ],
  ];
  for (const [name, leave] of leftovers) {
    it(`takes the place of ${name}`, async () => {
      await leave();
      const provider = await start();
      expect((await provider.client.version()).version).to.equal("v1alpha1");
      expect(lstatSync(socketPath).isSocket()).to.equal(true);
    });
  }

  it("a link is removed, not followed", async () => {
    const target = path.join(folder, "target");
    await writeFile(target, "kept");
    await symlink(target, socketPath);
    await start();
    expect(lstatSync(target).isFile()).to.equal(true);
  });

  it("a folder in its place is an error that says so", async () => {
    await mkdir(socketPath);
    const { code, stderr } = await runProvider([
      `--endpoint=unix://${socketPath}`,
      "--healthz-port=0",
      "--prometheus-port=0",
    ]);
    expect(code).to.equal(1);
    expect(stderr).to.contain(socketPath).and.contain("folder");
  });

  it("that a live provider serves is waited for, unready, and then taken", async () => {
    const first = await start();
    const second = await start({ waitUntilServing: false });
    await waitUntil(() => second.output.includes("Waiting for the endpoint"), "the second waits");
    expect(await isReady(first)).to.equal(true);
    expect(await isReady(second)).to.equal(false);
    expect(second.child.exitCode).to.equal(null);
    expect((await first.client.version()).version).to.equal("v1alpha1");

    expect(await first.stop()).to.equal(0);
    await waitUntil(() => isReady(second), "the second has taken over", { everyMs: 200 });
    expect((await second.client.version({ deadlineMs: 10_000 })).version).to.equal("v1alpha1");
  });

  it("of a first that is killed is taken too", async () => {
    const first = await start();
    const second = await start({ waitUntilServing: false });
    await waitUntil(() => second.output.includes("Waiting for the endpoint"), "the second waits");
    await first.stop("SIGKILL");
    await waitUntil(() => isReady(second), "the second has taken over", { everyMs: 200 });
  });

  it("that is not ours any more at the end is left alone", async () => {
    const provider = await start();
    await unlink(socketPath);
    const other = createServer().listen(socketPath);
    await new Promise((resolve) => other.once("listening", resolve));
    expect(await provider.stop()).to.equal(0);
    expect(existsSync(socketPath)).to.equal(true);
    await new Promise((resolve) => other.close(resolve));
  });

  it("whose file was removed is made again", async () => {
    const provider = await start();
    await unlink(socketPath);
    await waitUntil(() => existsSync(socketPath), "a new socket");
    const client = new DriverClient(`unix:${socketPath}`);
    expect((await client.version({ deadlineMs: 10_000 })).version).to.equal("v1alpha1");
    client.close();
    expect(provider.child.exitCode).to.equal(null);
  });

  it("may be a port: tcp://", async () => {
    const [port] = await freePorts();
    const provider = await start({ flags: [`--endpoint=tcp://127.0.0.1:${port}`], waitUntilServing: false });
    const client = new DriverClient(`127.0.0.1:${port}`);
    expect((await client.version()).version).to.equal("v1alpha1");
    client.close();
    const healthz = await fetch(`http://127.0.0.1:${provider.healthzPort}/healthz`);
    expect(healthz.status).to.equal(200);
  });

  describe("survives", () => {
    const junk: [string, Buffer][] = [
      ["random bytes", Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7919) % 256))],
      ["HTTP/1.1", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
      ["half a preface", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM")],
      [
        "a preface and junk",
        Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Buffer.alloc(65_536, 0xff)]),
      ],
      ["TLS", Buffer.from("16030100a5010000a10303", "hex")],
      ["nothing", Buffer.alloc(0)],
    ];
    for (const [name, bytes] of junk) {
      it(name, async () => {
        const provider = await start();
        for (let i = 0; i < 20; i += 1) {
          await new Promise<void>((resolve) => {
            const socket = connect(socketPath, () => {
              socket.end(bytes);
            });
            socket.on("error", () => undefined);
            socket.resume();
            socket.setTimeout(300, () => socket.destroy());
            socket.once("close", () => {
              resolve();
            });
          });
        }
        expect((await provider.client.version()).version).to.equal("v1alpha1");
        expect(provider.child.exitCode).to.equal(null);
      });
    }

    it("two hundred connections that say nothing, while the driver is served", async () => {
      const provider = await start();
      const sockets = Array.from({ length: 200 }, () => connect(socketPath).on("error", () => undefined));
      expect((await provider.client.version({ deadlineMs: 10_000 })).version).to.equal("v1alpha1");
      for (const socket of sockets) socket.destroy();
    });
  });
});
