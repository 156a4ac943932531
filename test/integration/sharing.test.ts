import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator/emulator.js";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { type Replica, replicasOf } from "../support/replica.js";
import { untilShown } from "../support/series.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";
import type { Pod } from "../support/pod.js";

const SHORT_TTL_MS = 300;

/** What mounts of one principal share, seen from Key Vault and Entra ID. */
describe("what mounts share", () => {
  let emulator: Emulator;
  let world: World;
  let brief: World;
  let uncached: World;
  before(async () => {
    emulator = await startEmulator();
    const start = (...flags: string[]): Promise<World> =>
      World.start({ sharedEmulator: emulator, flags: [...flags, "-v=0"] });
    [world, brief, uncached] = await Promise.all([
      start(),
      start(`--object-cache-ttl=${SHORT_TTL_MS}ms`),
      start("--object-cache-ttl=0s"),
    ]);
  });
  after(async () => {
    await Promise.all([world, brief, uncached].map((one) => one.stop()));
    await emulator.close();
  });
  beforeEach(() => {
    emulator.requests.reset();
  });
  afterEach(() => {
    emulator.faults.clear();
  });

  /** Secrets `s0`, `s1` … of a pod's vault. @returns its class's objects */
  function plantMany(pod: Pod, count: number): string {
    const names = Array.from({ length: count }, (_, i) => `s${i}`);
    for (const name of names) pod.plantSecret(name);
    return objectsYaml(...names.map((objectName) => ({ objectName, objectType: "secret" })));
  }

  const mountAll = async (replicas: readonly Replica[], objects: string): Promise<void> => {
    await Promise.all(replicas.map((replica) => replica.mount({ objects })));
  };

  const readsOf = (pod: Pod): Map<string, number> =>
    emulator.requests.countBy(({ vault, kind, objectName }) =>
      vault === pod.vault.name && kind === "read" ? objectName : undefined,
    );
  const signInsOf = (pod: Pod): number =>
    emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).token;

  it("fifty pods of a deployment start at once: three reads of each object at most, one sign-in for each token; rotating costs nothing", async () => {
    const pod = world.pod();
    const objects = plantMany(pod, 4);
    const replicas = replicasOf(pod, 50);
    emulator.faults.add({ kind: "delay", delayMs: 20 }, { host: pod.vault.host });
    await mountAll(replicas, objects);
    expect(readsOf(pod).size).to.equal(4);
    for (const [name, reads] of readsOf(pod)) expect(reads, name).to.be.within(1, 3);
    expect(signInsOf(pod)).to.equal(50);
    emulator.requests.reset();
    await mountAll(replicas, objects);
    expect(emulator.requests.counts().total, "in the second round").to.equal(0);
    const vault = pod.vault.host;
    const name = "azure_provider_objects_served_total";
    const mode = "workload-identity";
    await untilShown(world, [
      { name, labels: { vault, from: "vault" }, atLeast: 4 },
      { name, labels: { vault, from: "shared" }, atLeast: 46 },
      { name, labels: { vault, from: "cache" }, atLeast: 200 },
      { name: "azure_provider_sign_ins_total", labels: { mode, outcome: "accepted" }, atLeast: 50 },
      { name: "azure_provider_sign_ins_total", labels: { mode, outcome: "remembered" }, atLeast: 50 },
    ]);
  });

  it("pods of several principals rotate: as many reads as principals and objects in each TTL, and no sign-in after the first round", async () => {
    const pods = Array.from({ length: 3 }, () => brief.pod());
    const classes = pods.map((pod) => ({ objects: plantMany(pod, 4), replicas: replicasOf(pod, 5) }));
    const round = async (): Promise<void> => {
      await Promise.all(classes.map(({ replicas, objects }) => mountAll(replicas, objects)));
    };
    await round();
    for (let i = 0; i < 2; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, SHORT_TTL_MS + 1));
      emulator.requests.reset();
      const startedAtMs = performance.now();
      await round();
      const ttls = Math.ceil((performance.now() - startedAtMs) / SHORT_TTL_MS); // one, unless the machine is busy
      const { read, total } = emulator.requests.counts();
      expect(read).to.be.within(1, pods.length * 4 * ttls);
      expect(total, "reads only").to.equal(read);
    }
  });

  it("a new pod always sees the newest value, and one that is rotated after the TTL", async () => {
    const pod = brief.pod();
    const [old, fresh] = replicasOf(pod, 2);
    const mount = async (replica: Replica | undefined): Promise<string | undefined> =>
      (await replica?.mount({ objects: secretYaml("one") }))?.files.get("one")?.text;
    const first = pod.plantSecret("one");
    expect(await mount(old)).to.equal(first);
    const second = pod.plantSecret("one");
    expect(await mount(fresh)).to.equal(second);
    expect(await mount(old), "what a newer pod has read").to.equal(second);
    const third = pod.plantSecret("one");
    await waitUntil(async () => (await mount(old)) === third, "the value after the TTL");
  });

  it("a value lives on in memory for as long as the TTL, and no longer", async () => {
    const pod = brief.pod();
    const [replica] = replicasOf(pod, 1);
    pod.plantSecret("one");
    const mount = async (): Promise<unknown> => await replica?.mount({ objects: secretYaml("one") });
    await mount();
    pod.vault.permissions.revoke({ clientId: pod.clientId });
    await waitUntil(
      () =>
        mount().then(
          () => false,
          () => true,
        ),
      "the refusal",
    );
    const error = await replica?.mountError({ objects: secretYaml("one") });
    expect(error?.status).to.equal("PERMISSION_DENIED");
  });

  it("--object-cache-ttl=0s: every rotation asks the vault", async () => {
    const pod = uncached.pod();
    const objects = plantMany(pod, 1);
    const [replica] = replicasOf(pod, 1);
    for (let i = 1; i <= 3; i += 1) {
      await replica?.mount({ objects });
      expect(readsOf(pod).get("s0")).to.equal(i);
    }
    expect(signInsOf(pod)).to.equal(1);
  });

  it("lists of versions are shared like values", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    pod.plantSecret("one");
    const objects = secretYaml("one", { objectVersionHistory: 2 });
    const replicas = replicasOf(pod, 10);
    const [first] = await Promise.all(replicas.map((replica) => replica.mount({ objects })));
    const { list } = emulator.requests.counts();
    expect(list).to.be.within(1, 3);
    const again = await replicas[0]?.mount({ objects });
    expect([...(again?.files.keys() ?? [])]).to.have.members(["one/0", "one/1"]);
    expect(again?.versions).to.deep.equal(first?.versions);
    expect(emulator.requests.counts().list).to.equal(list);
  });

  it("pods with other proofs of one identity get what their own proof reads; another's refusal is its own", async () => {
    const pod = world.pod();
    const objects = plantMany(pod, 1);
    const [good] = replicasOf(pod, 1);
    await good?.mount({ objects });
    const forged = pod.serviceAccountToken({ serviceAccount: "elsewhere" });
    const error = await pod.mountError({
      objects,
      volume: { serviceAccountTokens: pod.tokens(forged) ?? {} },
    });
    expect(error.status).to.equal("UNAUTHENTICATED");
    emulator.requests.reset();
    await good?.mount({ objects });
    expect(emulator.requests.counts().total).to.equal(0);
  });

  it("a failure is not remembered: the next mount asks anew", async () => {
    const pod = world.pod();
    const [replica] = replicasOf(pod, 1);
    const objects = secretYaml("late");
    expect((await replica?.mountError({ objects }))?.status).to.equal("NOT_FOUND");
    const value = pod.plantSecret("late");
    expect((await replica?.mount({ objects }))?.files.get("late")?.text).to.equal(value);
  });

  it("the log ties each read in the vault's audit log to every pod that it served", async () => {
    const pod = world.pod();
    const objects = plantMany(pod, 2);
    const replicas = replicasOf(pod, 8);
    await mountAll(replicas, objects);
    const answered = emulator.requests.filter(({ vault }) => vault === pod.vault.name);
    expect(answered.length).to.be.within(2, 6);
    const linesOf = ({ name }: Replica): string[] =>
      world.provider.output
        .split("\n")
        .filter((line) => line.includes('"Objects served"') && line.includes(`pod="${name}"`));
    await waitUntil(() => replicas.every((replica) => linesOf(replica).length === 1), "a line of each pod");
    const served = replicas.flatMap((replica) =>
      [...(linesOf(replica)[0] ?? "").matchAll(/secret\/(s\d):([\da-f]{32})=(vault|shared):([\w-]+)/g)].map(
        ([, name, version, from, id]) => ({ name, version, from, id }),
      ),
    );
    expect(served).to.have.length(replicas.length * 2);
    for (const { name, id } of served) {
      expect(answered.filter(({ requestId }) => requestId === id).map(({ objectName }) => objectName)).to.eql(
        [name],
      );
    }
    for (const { requestId, objectName } of answered) {
      const readers = served.filter(({ id }) => id === requestId).map(({ from }) => from);
      expect(
        readers.filter((from) => from === "vault"),
        `${String(objectName)}: one pod's own read`,
      ).to.have.length(1);
    }
  });
});
