import { expect } from "chai";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { sharedWorld } from "./support/shared-world.js";
import type { Volume } from "./support/volume.js";
import type { Workload } from "./support/workload.js";

const TWO = objectsYaml(
  { objectName: "secret1", objectType: "secret" },
  { objectName: "secret2", objectType: "secret" },
);

async function mounted(objects: string): Promise<{ shop: Workload; volume: Volume }> {
  const shop = await sharedWorld().workload();
  for (const name of ["secret1", "secret2"]) shop.pod.plantSecret(name);
  await shop.define(objects);
  const volume = shop.volume();
  await volume.publish();
  return { shop, volume };
}

/** How often the pod's vault was asked so far. */
function asked({ pod }: Workload): number {
  return sharedWorld().world.emulator.requests.counts(({ vault }) => vault === pod.vault.name).total;
}

const versionsOf = async (shop: Workload): Promise<string[]> =>
  ((await shop.status())?.status.objects ?? []).map(({ version }) => version);

describe("the stock driver rotates", () => {
  it("not before its interval has passed: neither provider nor vault hears of it", async () => {
    const { shop, volume } = await mounted(secretYaml("secret1"));
    const old = await volume.read("secret1");
    shop.pod.plantSecret("secret1");
    const before = asked(shop);
    await volume.publish();
    expect(asked(shop)).to.equal(before);
    expect(await volume.read("secret1")).to.equal(old);
  });

  it("then the file has the new value, by one exchange of ..data, and the status its version", async () => {
    const { shop, volume } = await mounted(TWO);
    const [old, generation, versions] = [
      await volume.read("secret2"),
      await volume.generation(),
      await versionsOf(shop),
    ];
    const value = shop.pod.plantSecret("secret1");
    await volume.rotate();
    expect(await volume.read("secret1")).to.equal(value);
    expect(await volume.read("secret2")).to.equal(old);
    expect(await volume.generation()).not.to.equal(generation);
    const now = await versionsOf(shop);
    expect(now[0]).not.to.equal(versions[0]);
    expect(now[1]).to.equal(versions[1]);
  });

  it("and leaves a volume as it is when nothing has changed, though the vault is asked", async () => {
    const { shop, volume } = await mounted(TWO);
    const [generation, before] = [await volume.generation(), asked(shop)];
    await volume.rotate();
    expect(await volume.generation()).to.equal(generation);
    expect(asked(shop)).to.be.greaterThan(before);
  });

  it("as the class says now: an object more, an object less", async () => {
    const { shop, volume } = await mounted(secretYaml("secret1"));
    await shop.define(secretYaml("secret2", { objectAlias: "other" }));
    // The driver reads classes from a cache of its own, which hears of the change a moment later.
    for (let tries = 0; tries < 100 && !(await volume.list()).includes("other"); tries += 1)
      await volume.rotate();
    expect(await volume.list()).to.deep.equal(["other"]);
    expect((await shop.status())?.status.objects.map(({ id }) => id)).to.deep.equal(["secret/secret2"]);
  });

  const troubles: [name: string, begin: (shop: Workload) => () => void][] = [
    [
      "is down",
      ({ pod }) => {
        const fault = sharedWorld().world.emulator.faults.add(
          { kind: "reset" },
          { host: `${pod.vault.name}.*` },
        );
        return () => {
          fault.remove();
        };
      },
    ],
    [
      "no longer lets the identity read",
      ({ pod }) => {
        pod.vault.revoke({ clientId: pod.clientId });
        return () => pod.vault.grantAll(pod.clientId);
      },
    ],
  ];
  for (const [name, begin] of troubles) {
    it(`and when the vault ${name}, the pod keeps its files, and the kubelet hears of no error`, async () => {
      const { shop, volume } = await mounted(TWO);
      const [old, versions] = [await volume.read("secret1"), await versionsOf(shop)];
      const value = shop.pod.plantSecret("secret1");
      const end = begin(shop);
      await volume.rotate();
      expect(await volume.list()).to.deep.equal(["secret1", "secret2"]);
      expect(await volume.read("secret1")).to.equal(old);
      expect(await versionsOf(shop)).to.deep.equal(versions);
      end();
      await volume.rotate();
      expect(await volume.read("secret1")).to.equal(value);
    });
  }
});
