import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { freePorts } from "../support/provider-process.js";
import { RecordedNetwork } from "../support/recorded-network.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

const DEAD_MOUNTS = 20;
const DEAD = "dead-";
const isDead = (name: string): boolean => name.startsWith(DEAD);

/** Vaults whose names no server answers for, or that take connections and never speak. */
describe("a dead vault delays no other vault's pods", () => {
  let folder: string;
  let network: RecordedNetwork;
  let world: World;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-dead-"));
    const [port] = await freePorts();
    network = new RecordedNetwork(folder, { port, silent: new RegExp(`^${DEAD}`) });
    world = await World.start({ env: { ...network.env, HTTPS_PROXY: "" }, emulator: { port } });
  });
  after(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  /** Starts mounts that hang. @returns how many have ended, and how to end them */
  function startHanging(
    count: number,
    mount: (signal: AbortSignal) => Promise<unknown>,
  ): { readonly ended: () => number; readonly stop: () => Promise<void> } {
    const controllers = Array.from({ length: count }, () => new AbortController());
    let ended = 0;
    const all = controllers.map(({ signal }) =>
      mount(signal).then(
        () => (ended += 1),
        () => (ended += 1),
      ),
    );
    return {
      ended: () => ended,
      stop: async () => {
        for (const controller of controllers) controller.abort();
        await Promise.all(all);
      },
    };
  }

  /** Mounts of vaults that nobody has asked for before. */
  async function mountOthers(count: number): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, async () => {
        const pod = world.pod();
        const value = pod.plantSecret("one");
        expect((await pod.mount(secretYaml("one"))).files.get("one")?.text).to.equal(value);
      }),
    );
  }

  it("twenty names that nobody answers for", async () => {
    let named = 0;
    const hanging = startHanging(DEAD_MOUNTS, (signal) =>
      world.pod().mount({
        objects: secretYaml("one"),
        parameters: { keyvaultName: `dead-${(named += 1)}` },
        signal,
      }),
    );
    const askedFor = (kind: string): number =>
      new Set(
        network.entries.filter((entry) => entry.kind === kind && isDead(entry.name)).map(({ name }) => name),
      ).size;
    // The system's resolver is asked as well, and both of its threads are held.
    await waitUntil(() => askedFor("dns") === DEAD_MOUNTS && askedFor("getaddrinfo") === 2, "all hang");
    await mountOthers(10);
    expect(hanging.ended(), "and the others were done before").to.equal(0);
    expect(askedFor("getaddrinfo"), "no more threads than two").to.equal(2);
    await hanging.stop();
  });

  it("with getaddrinfo alone they would: a control", async () => {
    const program = `
      import dns from "node:dns";
      const done = [];
      for (let i = 0; i < ${DEAD_MOUNTS}; i += 1) dns.lookup("dead-" + i, () => done.push("dead"));
      dns.lookup("good.example", () => done.push("good"));
      setTimeout(() => console.log(JSON.stringify(done)), 300);
    `;
    const control = new RecordedNetwork(folder, { port: 1, silent: new RegExp(`^${DEAD}`) });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", program],
      {
        env: { ...process.env, ...control.env },
        timeout: 15_000,
      },
    );
    expect(JSON.parse(stdout)).to.deep.equal([]);
  });

  it("a hundred mounts of vaults that never answer, thirty-two objects each: few sockets, and two for every other vault", async () => {
    const pods = Array.from({ length: 100 }, () => world.pod());
    for (const pod of pods) {
      world.emulator.faults.add({ kind: "hang" }, { host: pod.vault.host });
    }
    const objects = objectsYaml(
      ...Array.from({ length: 32 }, (_, i) => ({ objectName: `s${i}`, objectType: "secret" })),
    );
    const waiting = [...pods];
    network.reset();
    const before = await socketCount();
    const hanging = startHanging(
      pods.length,
      async (signal) => await waiting.pop()?.mount({ objects, signal }),
    );
    await waitUntil(() => new Set(hangingVaults()).size >= pods.length, "each of the vaults has a request");
    await mountOthers(10);
    expect(hanging.ended(), "and the others were done before").to.equal(0);
    // 256 together, then two for each vault and the authority.
    expect((await socketCount()) - before).to.be.lessThan(256 + 2 * 111 + 1);
    await hanging.stop();
  });

  const hangingVaults = (): string[] =>
    network.entries
      .filter(({ kind, name }) => kind === "connect" && name.startsWith("kv-"))
      .map(({ name }) => name);

  /** Sockets that the provider has open. */
  async function socketCount(): Promise<number> {
    return (await readdir(`/proc/${String(world.provider.child.pid)}/fd`)).length;
  }
});
