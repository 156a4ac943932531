import { existsSync } from "node:fs";
import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

describe("shutdown", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`${signal} lets a running mount finish, then ends with 0 and removes the socket`, async () => {
      const world = await World.start();
      const { provider } = world;
      try {
        const pod = world.pod();
        const value = pod.plantSecret("one");
        const slow = world.emulator.faults.add({ kind: "delay", delayMs: 1_000 }, { host: pod.vault.host });
        const mounting = pod.mount(secretYaml("one"));
        await waitUntil(() => slow.hits > 0, "the vault was asked");
        provider.child.kill(signal);
        expect((await mounting).files.get("one")?.text).to.equal(value);
        await waitUntil(() => provider.child.exitCode !== null, "the provider ended");
        expect(provider.child.exitCode).to.equal(0);
        expect(existsSync(provider.socketPath)).to.equal(false);
      } finally {
        await world.stop({ hasEnded: true });
      }
    });
  }

  it("a mount that hangs meets its own deadline, and then the process ends with 0", async () => {
    const world = await World.start();
    const { provider } = world;
    try {
      const pod = world.pod();
      const hang = world.emulator.faults.add({ kind: "hang" }, { host: pod.vault.host });
      const failing = pod.mountError({ objects: secretYaml("one"), deadlineMs: 2_500 });
      await waitUntil(() => hang.hits > 0, "the vault was asked");
      provider.child.kill("SIGTERM");
      expect((await failing).status).to.equal("INTERNAL");
      await waitUntil(() => provider.child.exitCode !== null, "the provider ended");
      expect(provider.child.exitCode).to.equal(0);
    } finally {
      await world.stop({ hasEnded: true });
    }
  });

  it("without a call it ends at once, although a client is connected", async () => {
    const world = await World.start();
    await world.provider.client.version();
    world.provider.child.kill("SIGTERM");
    await waitUntil(() => world.provider.child.exitCode === 0, "the provider ended", { limitMs: 3_000 });
    await world.stop({ hasEnded: true });
  });
});
