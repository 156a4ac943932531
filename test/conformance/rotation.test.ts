import { expect } from "chai";
import { apply, podReady, secretValues } from "./support/cluster.js";
import { explainNamespace } from "./support/diagnosis.js";
import { execInPod } from "./support/kubectl.js";
import { MOUNT, pod } from "./support/objects.js";
import { logOf, mountsOf } from "./support/provider-log.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";
import { readTexts } from "./support/volume-files.js";

/** `--object-cache-ttl` as it is shipped. */
const TTL_MS = 60_000;
/** What the old provider's suite waits for, with the driver's and the kubelet's intervals as shipped on top. */
const ROTATED_WITHIN_MS = 120_000 + 210_000;
/** How many calls of an unchanged volume are watched. */
const CALLS = 6;

describe("rotation", function () {
  this.timeout(15 * 60_000);
  let scene: Scene;
  before(async () => {
    scene = await Scene.open("rotation");
  });
  after(() => scene.close());

  async function start(name: string): Promise<void> {
    await apply(scene.namespace, pod({ name, volumes: [name], serviceAccount: scene.serviceAccount }));
    await podReady(scene.namespace, name);
  }

  const untilRotated = { limitMs: ROTATED_WITHIN_MS, everyMs: 1000 };

  it("should auto rotate mount contents and K8s secrets; with history, the older version is beside it", async () => {
    const { vault, namespace } = scene;
    const explain = (): Promise<string> => explainNamespace(namespace);
    await vault.setSecret("rotated", "secret");
    await scene.applyClass({
      name: "rotating",
      objects: [
        { objectName: "rotated" },
        { objectName: "rotated", objectAlias: "history", objectVersionHistory: 2 },
      ],
      secretObjects: [
        { secretName: "rotating", data: [{ objectName: "rotated", key: "value" }] },
        { secretName: "rotating-history", data: [{ objectName: "history/0", key: "value" }] },
      ],
    });
    await start("rotating");
    expect(await readTexts(namespace, "rotating")).to.deep.equal({
      rotated: "secret",
      "history/0": "secret",
    });
    await eventually(
      "the Secrets are there",
      async () =>
        (await secretValues(namespace, "rotating"))?.["value"] === "secret" &&
        (await secretValues(namespace, "rotating-history"))?.["value"] === "secret",
      { explain },
    );

    await vault.setSecret("rotated", "rotated");
    await eventually(
      "the files have changed",
      async () => (await readTexts(namespace, "rotating"))["history/0"] === "rotated",
      { ...untilRotated, explain },
    );
    expect(await readTexts(namespace, "rotating")).to.deep.equal({
      rotated: "rotated",
      "history/0": "rotated",
      "history/1": "secret",
    });
    await eventually(
      "the Secrets have changed",
      async () =>
        (await secretValues(namespace, "rotating"))?.["value"] === "rotated" &&
        (await secretValues(namespace, "rotating-history"))?.["value"] === "rotated",
      { ...untilRotated, explain },
    );
  });

  it("an unchanged volume is asked for again and again, and the vault only once within --object-cache-ttl", async () => {
    const { vault, namespace } = scene;
    await vault.setSecret("unchanged", "always the same");
    await scene.applyClass({ name: "unchanged", objects: [{ objectName: "unchanged" }] });
    const since = new Date();
    await start("unchanged");
    const folderBefore = await folderOf("unchanged");
    const times = await eventually(
      `the provider has answered ${CALLS} mounts of the pod`,
      async () => {
        const seen = mountsOf(await logOf(namespace, since), "unchanged").map(({ ts }) => ts);
        return seen.length >= CALLS && seen;
      },
      { limitMs: CALLS * 120_000, everyMs: 5000 },
    );
    const [first = 0] = times;
    const last = times.at(-1) ?? 0;
    const { read } = await vault.counts({ objectName: "unchanged" });
    const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
    process.stdout.write(
      `      ${times.length} mounts in ${Math.round((last - first) / 1000)} s, ` +
        `${Math.min(...gaps).toFixed(1)} to ${Math.max(...gaps).toFixed(1)} s apart; the vault was read ${read} times\n`,
    );
    // One read each time that what is in memory is too old; a read that ends late may let one more begin.
    expect(read).to.be.within(1, 2 + Math.floor((Date.now() - since.getTime()) / TTL_MS));
    expect(await folderOf("unchanged"), "the driver did not write the volume again").to.equal(folderBefore);
  });

  /** The time-stamped folder that the driver has put the files into. */
  async function folderOf(name: string): Promise<string> {
    return execInPod(scene.namespace, name, ["readlink", `${MOUNT}/..data`]);
  }
});
