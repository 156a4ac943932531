import { expect } from "chai";
import { createMetrics, type Metrics } from "../../../src/telemetry/metrics.js";

async function lines(metrics: Metrics, start: string): Promise<string[]> {
  return (await metrics.render()).split("\n").filter((line) => line.startsWith(start));
}

const make = (): Metrics => createMetrics({ version: "1.2.3" });
const VAULT = "kv.vault.azure.net";

describe("telemetry/metrics createMetrics, of what mounts share", () => {
  it("counts objects by vault and by where their values came from", async () => {
    const metrics = make();
    for (const from of ["vault", "cache", "cache", "stale"]) metrics.countServedObject(VAULT, from);
    expect(await lines(metrics, "azure_provider_objects_served_total{")).to.have.members([
      `azure_provider_objects_served_total{vault="${VAULT}",from="vault"} 1`,
      `azure_provider_objects_served_total{vault="${VAULT}",from="cache"} 2`,
      `azure_provider_objects_served_total{vault="${VAULT}",from="stale"} 1`,
    ]);
  });

  it("counts sign-ins by mode and outcome", async () => {
    const metrics = make();
    metrics.countSignIn("workload-identity", "accepted");
    metrics.countSignIn("workload-identity", "remembered");
    expect(await lines(metrics, "azure_provider_sign_ins_total{")).to.have.members([
      'azure_provider_sign_ins_total{mode="workload-identity",outcome="accepted"} 1',
      'azure_provider_sign_ins_total{mode="workload-identity",outcome="remembered"} 1',
    ]);
  });

  it("counts a vault's refusals, and shows what waits for it now and how long others have waited", async () => {
    const metrics = make();
    let waiting: [string, number][] = [[VAULT, 3]];
    metrics.watchQueues(() => waiting);
    metrics.countThrottled(VAULT);
    metrics.observeThrottleWait(VAULT, 1.2);
    metrics.observeThrottleWait("sign-in", 4);
    expect(await lines(metrics, "azure_provider_vault_throttled_total{")).to.deep.equal([
      `azure_provider_vault_throttled_total{vault="${VAULT}"} 1`,
    ]);
    expect(await lines(metrics, "azure_provider_throttle_wait_seconds_sum{")).to.deep.equal([
      `azure_provider_throttle_wait_seconds_sum{service="${VAULT}"} 1.2`,
      'azure_provider_throttle_wait_seconds_sum{service="sign-in"} 4',
    ]);
    expect(await lines(metrics, "azure_provider_throttle_queue{")).to.deep.equal([
      `azure_provider_throttle_queue{vault="${VAULT}"} 3`,
    ]);
    waiting = [];
    expect(await lines(metrics, "azure_provider_throttle_queue{"), "when nothing waits").to.deep.equal([]);
  });

  it("shows a hundred vaults, and all others as one; sign-in always by its name", async () => {
    const metrics = make();
    const vaults = Array.from({ length: 103 }, (_, i) => `kv-${i}.vault.azure.net`);
    metrics.watchQueues(() => vaults.map((vault) => [vault, 2] as const));
    for (const vault of vaults) {
      metrics.countServedObject(vault, "vault");
      metrics.countThrottled(vault);
      metrics.observeThrottleWait(vault, 1);
    }
    metrics.observeThrottleWait("sign-in", 1);
    for (const [name, value] of [
      ["azure_provider_objects_served_total", 3],
      ["azure_provider_vault_throttled_total", 3],
      ["azure_provider_throttle_queue", 6],
    ] as const) {
      const shown = await lines(metrics, `${name}{`);
      expect(shown, name).to.have.length(101);
      expect(
        shown.find((line) => line.includes('vault="other"')),
        name,
      ).to.match(new RegExp(` ${value}$`));
    }
    const waits = await lines(metrics, "azure_provider_throttle_wait_seconds_count{");
    expect(waits).to.have.length(102);
    expect(waits).to.include.members([
      'azure_provider_throttle_wait_seconds_count{service="other"} 3',
      'azure_provider_throttle_wait_seconds_count{service="sign-in"} 1',
    ]);
  });
});
