import { expect } from "chai";
import type { Effect } from "../../emulator/faults/effect.js";
import { forge } from "../support/forge.js";
import { secretYaml } from "../support/objects-yaml.js";
import { sharedWorld } from "./support/shared-world.js";
import type { Volume } from "./support/volume.js";
import type { ClassOptions, VolumeOptions, Workload } from "./support/workload.js";

/** A pod with a class that is right, but for what is given here. */
async function workloadWith(options: ClassOptions = {}): Promise<Workload> {
  const shop = await sharedWorld().workload();
  shop.pod.plantSecret("secret1");
  await shop.define(secretYaml("secret1"), options);
  return shop;
}

/**
 * The driver's words. No folder may be left: the driver, whose rotation is on, would take it for a volume that was
 * refreshed a moment ago, answer the next try with OK, and the pod would start without its files. The kubelet removes it
 * unless the status of the answer says that the work may be going on.
 */
async function refused(shop: Workload, volume: Volume): Promise<string> {
  const { message } = await volume.refusal();
  expect(await volume.isGone()).to.equal(true);
  expect(await shop.status()).to.equal(undefined);
  return message;
}

/** As the kubelet's event of the pod begins, for whatever the provider says. */
function prefixOf({ pod }: Workload): string {
  return `failed to mount secrets store objects for pod ${pod.namespace}/${pod.name}, err: `;
}

describe("what a person reads when the stock driver does not mount", () => {
  it("Test Namespaced scope SecretProviderClass, negative: no class of that name in the namespace", async () => {
    const shop = await workloadWith();
    const message = await refused(shop, shop.volume({ className: "missing" }));
    expect(message)
      .to.contain(`failed to get secretproviderclass ${shop.pod.namespace}/missing`)
      .and.to.contain("not found");
  });

  it("a class that names a provider that nobody serves", async () => {
    const shop = await workloadWith({ provider: "invalidprovider" });
    const message = await refused(shop, shop.volume());
    expect(message)
      .to.contain(prefixOf(shop))
      .and.to.contain('provider not found: provider "invalidprovider"');
  });

  const cases: {
    name: string;
    options?: ClassOptions;
    volume?: VolumeOptions;
    spoil?: (shop: Workload) => void;
    says: string[];
  }[] = [
    {
      name: "a vault that does not let the identity read",
      spoil: ({ pod }) => pod.vault.revoke({ clientId: pod.clientId }),
      says: ["PermissionDenied", "secret1", "HTTP 403"],
    },
    {
      name: "an object that the vault does not have",
      spoil: ({ pod }) => {
        pod.vault.deleteObject("secret", "secret1");
      },
      says: ["NotFound", "secret1", "HTTP 404"],
    },
    {
      name: "a service account that the identity does not trust",
      spoil: ({ pod }) => {
        pod.application.replaceCredentials({});
      },
      says: ["Unauthenticated", "AADSTS70021"],
    },
    {
      name: "a cluster that signs tokens for another audience only",
      volume: { audiences: ["api://AKSIdentityBinding"] },
      says: ["InvalidArgument", "token for audience api://AzureADTokenExchange not found"],
    },
    {
      name: "a cluster that gives the driver no tokens",
      volume: { audiences: [] },
      says: ["InvalidArgument", "tokenRequests"],
    },
    {
      name: "a token that the API server has not signed",
      volume: { spoil: forge },
      says: ["Unauthenticated", "AADSTS"],
    },
    {
      name: "objects that are no YAML",
      options: { parameters: { objects: "array: [" } },
      says: ["InvalidArgument", "objects"],
    },
    {
      name: "a class without a vault's name",
      options: { parameters: { keyvaultName: undefined } },
      says: ["InvalidArgument", "keyvaultName"],
    },
  ];
  for (const { name, options, volume, spoil, says } of cases) {
    it(name, async () => {
      const shop = await workloadWith(options);
      spoil?.(shop);
      const message = await refused(shop, shop.volume(volume));
      for (const words of [prefixOf(shop), ...says]) expect(message).to.contain(words);
    });
  }

  // Whatever makes a call late or unwelcome is answered as final: after anything else the kubelet would leave the folder.
  const late: { name: string; effect: Effect; kind: "read" | "token"; says: string }[] = [
    { name: "a throttled vault", effect: { kind: "throttled" }, kind: "read", says: "HTTP 429" },
    { name: "a throttled sign-in", effect: { kind: "throttled" }, kind: "token", says: "HTTP 429" },
    { name: "a vault that does not answer", effect: { kind: "hang" }, kind: "read", says: "did not" },
    { name: "a sign-in that does not answer", effect: { kind: "hang" }, kind: "token", says: "did not" },
  ];
  for (const { name, effect, kind, says } of late) {
    it(`${name}, until the kubelet's time is nearly up`, async () => {
      const shop = await workloadWith();
      const { faults } = sharedWorld().world.emulator;
      const fault = faults.add(effect, kind === "read" ? { kind, host: shop.pod.vault.host } : { kind });
      try {
        const message = await refused(shop, shop.volume({ deadlineMs: 5000 }));
        expect(message).to.contain("code = Internal").and.to.contain(says);
      } finally {
        fault.remove();
      }
      const volume = shop.volume();
      await volume.publish();
      expect(await volume.list()).to.deep.equal(["secret1"]);
    });
  }

  it("and mounts at the next try, once the reason is gone", async () => {
    const shop = await workloadWith();
    shop.pod.vault.revoke({ clientId: shop.pod.clientId });
    const volume = shop.volume();
    await volume.refusal();
    shop.pod.vault.grantAll(shop.pod.clientId);
    await volume.publish();
    expect(await volume.list()).to.deep.equal(["secret1"]);
  });
});
