import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import { waitUntil } from "../support/wait.js";
import { sharedWorld } from "./support/shared-world.js";
import type { Workload } from "./support/workload.js";

const SYNCED = [
  {
    secretName: "foosecret",
    type: "Opaque",
    labels: { environment: "test" },
    data: [{ objectName: "secretalias", key: "username" }],
  },
];

/** What the Secret's key holds; undefined as long as there is none. */
async function usernameIn(shop: Workload): Promise<string | undefined> {
  const data = (await shop.secret("foosecret"))?.["data"] as Record<string, string> | undefined;
  return data?.["username"] === undefined
    ? undefined
    : Buffer.from(data["username"], "base64").toString("utf8");
}

async function waitForUsername(shop: Workload, value: string): Promise<void> {
  await waitUntil(async () => (await usernameIn(shop)) === value, "the Secret has the value", {
    limitMs: 30_000,
    everyMs: 100,
  });
}

describe("the stock driver's Kubernetes Secrets", () => {
  it("Sync with K8s secrets: create and read, with its labels and an owner", async () => {
    const shop = await sharedWorld().workload();
    const value = shop.pod.plantSecret("secret1");
    await shop.define(secretYaml("secret1", { objectAlias: "secretalias" }), { secretObjects: SYNCED });
    await shop.volume().publish();
    await waitForUsername(shop, value);
    const { metadata } = (await shop.secret("foosecret")) ?? {};
    expect(metadata?.labels).to.deep.equal({
      environment: "test",
      "secrets-store.csi.k8s.io/managed": "true",
    });
    const hasOwner = async (): Promise<boolean> =>
      (await shop.secret("foosecret"))?.metadata.ownerReferences?.length === 1;
    await waitUntil(hasOwner, "the Secret has an owner", { limitMs: 30_000, everyMs: 100 });
  });

  it("has the new value after a rotation", async () => {
    const shop = await sharedWorld().workload();
    const old = shop.pod.plantSecret("secret1");
    await shop.define(secretYaml("secret1", { objectAlias: "secretalias" }), { secretObjects: SYNCED });
    const volume = shop.volume();
    await volume.publish();
    await waitForUsername(shop, old);
    const value = shop.pod.plantSecret("secret1");
    await volume.rotate();
    await waitForUsername(shop, value);
  });
});
