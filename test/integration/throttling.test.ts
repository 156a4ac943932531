import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator/emulator.js";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import type { Pod } from "../support/pod.js";
import { replicasOf } from "../support/replica.js";
import { untilShown } from "../support/series.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

/** Longer than a mount may take here, so that waiting is hopeless. */
const LONG_SECONDS = 50;
const SHORT_DEADLINE_MS = 5_000;

/** A vault, or an authority, that limits how much it is asked. */
describe("throttling", () => {
  let emulator: Emulator;
  let world: World;
  let limited: World;
  before(async () => {
    emulator = await startEmulator();
    [world, limited] = await Promise.all([
      // Rotations ask the vault, so that they have something to wait for.
      World.start({ sharedEmulator: emulator, flags: ["--object-cache-ttl=0s"] }),
      World.start({ sharedEmulator: emulator, flags: ["--vault-max-requests-per-second=20"] }),
    ]);
  });
  after(async () => {
    await Promise.all([world, limited].map((one) => one.stop()));
    await emulator.close();
  });
  afterEach(() => {
    emulator.faults.clear();
  });

  /** Secrets of a pod's vault. @returns its class's objects */
  function plantMany(pod: Pod, count: number): string {
    const names = Array.from({ length: count }, (_, i) => `s${i}`);
    for (const name of names) pod.plantSecret(name);
    return objectsYaml(...names.map((objectName) => ({ objectName, objectType: "secret" })));
  }

  const readsOf = (pod: Pod) => emulator.requests.filter(({ vault }) => vault === pod.vault.name);
  const refusalsOf = (pod: Pod): number => readsOf(pod).filter(({ status }) => status !== 200).length;
  /** Mounts of a vault that is not throttled. */
  async function mountElsewhere(): Promise<{ readonly endedAtMs: number }> {
    const pod = world.pod();
    pod.plantSecret("one");
    await pod.mount(secretYaml("one"));
    return { endedAtMs: Date.now() };
  }

  it("without Retry-After: no mount fails, and the vault is not asked by all at once again", async () => {
    const pod = world.pod();
    const objects = plantMany(pod, 12);
    const throttle = emulator.faults.add(
      { kind: "throttle", limit: 8, windowMs: 300 },
      { host: pod.vault.host },
    );
    const mounted = await Promise.all(replicasOf(pod, 5).map((replica) => replica.mount({ objects })));
    for (const { files } of mounted) expect(files.size).to.equal(12);
    expect(throttle.hits, "the vault did refuse").to.be.at.least(1);
    // Each refusal but those of the first moment is a probe's, or of the few let out after one.
    expect(refusalsOf(pod)).to.be.lessThan(40);
    await untilShown(world, [
      { name: "azure_provider_vault_throttled_total", labels: { vault: pod.vault.host } },
      { name: "azure_provider_throttle_wait_seconds_count", labels: { service: pod.vault.host } },
    ]);
  });

  it("503 with Retry-After: nothing is asked before, one probes, starting pods go before rotating ones, another vault is not delayed", async () => {
    const pod = world.pod();
    const names = Array.from({ length: 5 }, (_, i) => `old${i}`);
    for (const name of [...names, "new"]) pod.plantSecret(name);
    const replicas = replicasOf(pod, names.length + 1);
    const starting = replicas.pop();
    const rotate = (i: number): Promise<unknown> | undefined =>
      replicas[i]?.mount({ objects: secretYaml(`old${i}`) });
    await Promise.all(names.map(async (_, i) => await rotate(i)));
    emulator.requests.reset();
    emulator.faults.add({ kind: "unavailable", retryAfterSeconds: 1 }, { host: pod.vault.host, times: 1 });
    const first = rotate(0);
    await waitUntil(() => refusalsOf(pod) === 1, "the refusal");
    const others = [1, 2, 3, 4].map(rotate);
    const start = starting?.mount({ objects: secretYaml("new") });
    const other = await mountElsewhere();
    await Promise.all([first, ...others, start]);
    const [refused, ...passed] = readsOf(pod).sort((a, b) => a.id - b.id);
    expect(passed[0]?.objectName, "the first to be let out").to.equal("new");
    expect(passed.map(({ objectName }) => objectName)).to.have.members(["new", ...names]);
    expect((passed[0]?.atMs ?? 0) - (refused?.atMs ?? 0)).to.be.at.least(900);
    expect(passed[0]?.atMs, "the other vault's pod was done before").to.be.greaterThan(other.endedAtMs);
  });

  it("a mount that would be late hears so at once, with the time to wait; the vault is left alone meanwhile", async () => {
    const pod = world.pod();
    const objects = plantMany(pod, 3);
    emulator.faults.add(
      { kind: "throttled", retryAfterSeconds: LONG_SECONDS },
      { host: pod.vault.host, times: 3 },
    );
    const replicas = replicasOf(pod, 3);
    const fail = () =>
      Promise.all(replicas.map((replica) => replica.mountError({ objects, deadlineMs: SHORT_DEADLINE_MS })));
    for (const { status, message } of await fail()) {
      expect(status).to.equal("INTERNAL");
      expect(message).to.match(/answered HTTP 429, so it is asked nothing for another (49|50) s/);
    }
    const asked = readsOf(pod).length;
    for (const { status } of await fail()) expect(status).to.equal("INTERNAL");
    expect(readsOf(pod), "in the second round").to.have.length(asked);
    const patient = new AbortController();
    const waiting = pod.mountError({ objects, signal: patient.signal });
    const labels = { vault: pod.vault.host };
    await untilShown(world, [{ name: "azure_provider_throttle_queue", labels, atLeast: 3 }]);
    patient.abort();
    expect((await waiting).status).to.equal("CANCELLED");
    expect(readsOf(pod), "by one that waits").to.have.length(asked);
  });

  it("a throttled sign-in stops its own client, and no other of the same tenant", async () => {
    const pod = world.pod();
    const objects = plantMany(pod, 1);
    const other = world.pod();
    emulator.entra.tenant(pod.tenantId).application({
      clientId: other.clientId,
      secrets: [other.clientSecret],
    });
    pod.vault.grantAll(other.clientId);
    const asOther = {
      objects,
      parameters: { clientID: undefined },
      volume: {
        nodePublishSecret: { clientid: other.clientId, clientsecret: other.clientSecret },
        targetPath: "/var/lib/kubelet/other",
      },
    };
    emulator.faults.add(
      { kind: "throttled", retryAfterSeconds: LONG_SECONDS },
      { kind: "token", path: `/${pod.tenantId}/*`, times: 1 },
    );
    const [first, second] = replicasOf(pod, 2);
    for (const replica of [first, second, first]) {
      const failure = await replica?.mountError({ objects, deadlineMs: SHORT_DEADLINE_MS });
      expect(failure?.status).to.equal("INTERNAL");
      expect(failure?.message).to.match(/too many sign-ins of this client: .* for another (49|50) s/);
    }
    const { token } = emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId);
    expect(token, "exchanges").to.equal(1);
    await pod.mount({ ...asOther, deadlineMs: SHORT_DEADLINE_MS });
  });

  it("--vault-max-requests-per-second: a burst of a second's worth, and then no faster", async () => {
    const pod = limited.pod();
    pod.plantSecret("warm"); // so that no request waits for the way to the vault instead
    await pod.mount(secretYaml("warm"));
    emulator.requests.reset();
    await pod.mount(plantMany(pod, 32));
    const at = readsOf(pod)
      .map(({ atMs }) => atMs)
      .sort((a, b) => a - b);
    expect(at).to.have.length(32);
    // Twenty at once; the thirty-second twelve twentieths of a second later, or a little less after a slow first one.
    expect((at[31] ?? 0) - (at[0] ?? 0)).to.be.at.least(400);
  });
});
