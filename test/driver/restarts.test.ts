import path from "node:path";
import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import { ProviderProcess } from "../support/provider-process.js";
import { waitUntil } from "../support/wait.js";
import { wayTo } from "../support/world.js";
import { sharedWorld } from "./support/shared-world.js";
import type { Volume } from "./support/volume.js";
import type { Workload } from "./support/workload.js";

const providers: ProviderProcess[] = [];

/** A provider of its own name, which a test may end. */
async function startProvider(name: string): Promise<ProviderProcess> {
  const { world, providersDir } = sharedWorld();
  const provider = await ProviderProcess.start({
    socketPath: path.join(providersDir, `${name}.sock`),
    env: await wayTo(world.emulator, world.folder),
  });
  providers.push(provider);
  return provider;
}

async function workloadOf(provider: string): Promise<{ shop: Workload; volume: Volume; value: string }> {
  const shop = await sharedWorld().workload();
  const value = shop.pod.plantSecret("secret1");
  await shop.define(secretYaml("secret1"), { provider });
  return { shop, volume: shop.volume(), value };
}

/** Answers to this pod's reads come late, so that something can happen in the meantime. */
function delayReads({ pod }: Workload, delayMs: number): { begun: () => Promise<void>; end: () => void } {
  const fault = sharedWorld().world.emulator.faults.add(
    { kind: "delay", delayMs },
    { host: `${pod.vault.name}.*`, kind: "read" },
  );
  return {
    begun: () => waitUntil(() => fault.hits > 0, "the vault is asked"),
    end: () => {
      fault.remove();
    },
  };
}

/** Asks until it is mounted, as the kubelet does. */
async function mountAtLast(volume: Volume): Promise<void> {
  const isMounted = (): Promise<boolean> =>
    volume.publish().then(
      () => true,
      () => false,
    );
  await waitUntil(isMounted, "the volume is mounted", { limitMs: 40_000, everyMs: 500 });
}

describe("with the stock driver, a provider", () => {
  afterEach(async () => {
    await Promise.all(providers.splice(0).map((provider) => provider.stop()));
  });

  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    it(`that ends by ${signal} and comes back serves the same driver at the same socket`, async () => {
      const name = `azure-${signal.toLowerCase()}`;
      const first = await startProvider(name);
      const { shop, volume, value } = await workloadOf(name);
      await volume.publish();
      await first.stop(signal);
      expect(await volume.read("secret1")).to.equal(value);
      await startProvider(name);
      const rotated = shop.pod.plantSecret("secret1");
      await volume.rotate();
      expect(await volume.read("secret1")).to.equal(rotated);
      const { volume: another, value: anotherValue } = await workloadOf(name);
      await mountAtLast(another);
      expect(await another.read("secret1")).to.equal(anotherValue);
    });
  }

  it("killed during a mount leaves none half done, and the driver's own next try brings the files", async () => {
    const first = await startProvider("azure-killed");
    const { shop, volume, value } = await workloadOf("azure-killed");
    const delay = delayReads(shop, 20_000);
    const mounting = mountAtLast(volume);
    await delay.begun();
    await first.stop("SIGKILL");
    delay.end();
    await startProvider("azure-killed");
    await mounting;
    expect(await volume.list()).to.deep.equal(["secret1"]);
    expect(await volume.read("secret1")).to.equal(value);
    await volume.generation();
  });

  it("told to end during a mount finishes it first", async () => {
    const provider = await startProvider("azure-draining");
    const { shop, volume, value } = await workloadOf("azure-draining");
    const delay = delayReads(shop, 2000);
    const mounting = volume.publish();
    await delay.begun();
    await provider.stop("SIGTERM");
    await mounting;
    delay.end();
    expect(await volume.read("secret1")).to.equal(value);
  });
});

describe("a stock driver", () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    it(`that ends by ${signal} and comes back goes on with the volumes that it finds`, async () => {
      const { shop, volume, value } = await workloadOf("azure");
      await volume.publish();
      await sharedWorld().replaceDriver(signal);
      expect(volume.mounted).to.equal("tmpfs");
      expect(await volume.read("secret1")).to.equal(value);
      const rotated = shop.pod.plantSecret("secret1");
      await volume.rotate();
      expect(await volume.read("secret1")).to.equal(rotated);
      await volume.unpublish();
      expect(await volume.isGone()).to.equal(true);
    });
  }

  it("killed during a mount brings the files at the kubelet's next try", async () => {
    const { shop, volume, value } = await workloadOf("azure");
    const delay = delayReads(shop, 20_000);
    const mounting = volume.publish().catch(() => undefined);
    await delay.begun();
    await sharedWorld().replaceDriver("SIGKILL");
    await mounting;
    delay.end();
    // The folder that the dead driver made is young: the new one takes it for rotated already, and does nothing.
    await volume.rotate();
    expect(await volume.list()).to.deep.equal(["secret1"]);
    expect(await volume.read("secret1")).to.equal(value);
  });
});
