import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import type { MountInput, Pod } from "../support/pod.js";
import { World } from "../support/world.js";

type Parameters = NonNullable<MountInput["parameters"]>;

describe("parameters of a class", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  describe("that are accepted", () => {
    const cases: { name: string; change: (pod: Pod) => Parameters }[] = [
      { name: "as the documentation writes them", change: () => ({}) },
      {
        name: "with blanks and line ends around every value",
        change: (pod) => ({
          keyvaultName: `  ${pod.vault.name}\n`,
          tenantID: `\t${pod.tenantId} `,
          clientID: ` ${pod.clientId}\r\n`,
          usePodIdentity: " false ",
          cloudName: " AzurePublicCloud ",
        }),
      },
      { name: "with the older tenantId", change: (pod) => ({ tenantID: undefined, tenantId: pod.tenantId }) },
      { name: "with both tenants, of which tenantID wins", change: () => ({ tenantId: "another-tenant" }) },
      {
        name: "with an empty tenantID beside tenantId",
        change: (pod) => ({ tenantID: "  ", tenantId: pod.tenantId }),
      },
      {
        name: "with a vault's name in upper case",
        change: (pod) => ({ keyvaultName: pod.vault.name.toUpperCase() }),
      },
      ...["0", "f", "F", "FALSE", "false", "False", ""].map((no) => ({
        name: `with every boolean as ${JSON.stringify(no)}`,
        change: () => ({ usePodIdentity: no, useVMManagedIdentity: no, useAzureTokenProxy: no }),
      })),
      {
        name: "with legacy and unknown parameters",
        change: () => ({
          resourceGroup: "rg",
          subscriptionId: "sub",
          enableSecretRotation: "true",
          keyVaultname: "x",
        }),
      },
      {
        name: "with a thousand unknown parameters",
        change: () =>
          Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`unknown${i}`, "x".repeat(100)])),
      },
    ];
    for (const { name, change } of cases) {
      it(name, async () => {
        const pod = world.pod();
        const value = pod.plantSecret("password");
        const { files } = await pod.mount({ objects: secretYaml("password"), parameters: change(pod) });
        expect(files.get("password")?.text).to.equal(value);
      });
    }
  });

  it("that are unknown or of old times get a word in the log, their values none", async () => {
    const pod = world.pod();
    pod.plantSecret("password");
    await pod.mount({
      objects: secretYaml("password"),
      parameters: {
        resourceGroup: "the-group",
        subscriptionId: "the-subscription",
        keyVaultname: "the-typo",
      },
    });
    const warnings = world.provider.output
      .split("\n")
      .filter((line) => line.startsWith("W") && line.includes(pod.name));
    for (const parameter of ["resourceGroup", "subscriptionId", "keyVaultname"]) {
      expect(warnings.join("\n")).to.contain(parameter);
    }
    expect(world.provider.output).not.to.contain("the-subscription");
  });

  describe("that are refused before anything is asked", () => {
    const cases: { name: string; parameters: Parameters; says: string[] }[] = [
      {
        name: "no keyvaultName",
        parameters: { keyvaultName: undefined },
        says: ["keyvaultName is not provided"],
      },
      {
        name: "an empty keyvaultName",
        parameters: { keyvaultName: " \n" },
        says: ["keyvaultName is not provided"],
      },
      ...[
        "ab",
        "a".repeat(25),
        "under_score",
        "dotted.name",
        "a/b",
        "shop?x",
        "shöp",
        "shop\n.evil.example",
        "a b c",
      ].map((keyvaultName) => ({
        name: `keyvaultName ${JSON.stringify(keyvaultName)}`,
        parameters: { keyvaultName },
        says: ["Invalid vault name", "keyvaultName"],
      })),
      { name: "no tenant", parameters: { tenantID: undefined }, says: ["tenantId is not provided"] },
      {
        name: "an empty tenant",
        parameters: { tenantID: "", tenantId: " " },
        says: ["tenantId is not provided"],
      },
      ...["../common", "a/b", "tenant?x=1", "ten ant", "t#x", `t${"x".repeat(300)}`].map((tenantID) => ({
        name: `tenantID ${JSON.stringify(tenantID.slice(0, 30))}`,
        parameters: { tenantID },
        says: ["tenant"],
      })),
      { name: "no objects", parameters: { objects: undefined }, says: ["objects is not set"] },
      { name: "empty objects", parameters: { objects: "  \n " }, says: ["objects is not set"] },
      ...["yes", "TruE", "2", "on", "null"].map((value) => ({
        name: `usePodIdentity ${JSON.stringify(value)}`,
        parameters: { usePodIdentity: value },
        says: ["usePodIdentity"],
      })),
      {
        name: "useVMManagedIdentity Yes",
        parameters: { useVMManagedIdentity: "Yes" },
        says: ["useVMManagedIdentity"],
      },
      {
        name: "useAzureTokenProxy tRUE",
        parameters: { useAzureTokenProxy: "tRUE" },
        says: ["useAzureTokenProxy"],
      },
      {
        name: "two identity modes",
        parameters: { usePodIdentity: "true", useVMManagedIdentity: "1" },
        says: ["only one identity mode can be enabled at a time"],
      },
      {
        name: "three identity modes",
        parameters: { usePodIdentity: "T", useVMManagedIdentity: "t", useAzureTokenProxy: "True" },
        says: ["only one identity mode can be enabled at a time"],
      },
      {
        name: "useAzureTokenProxy without clientID",
        parameters: { useAzureTokenProxy: "TRUE", clientID: undefined },
        says: ["clientID is required for identity binding"],
      },
      { name: "a cloud that nobody knows", parameters: { cloudName: "AzureMoonCloud" }, says: ["cloudName"] },
    ];
    for (const { name, parameters, says } of cases) {
      it(name, async () => {
        const pod = world.pod();
        const { status, message } = await pod.mountError({ objects: secretYaml("password"), parameters });
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.match(/^failed to mount objects, error: /);
        for (const words of says) expect(message).to.contain(words);
        expect(world.emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).total).to.equal(0);
      });
    }

    it("pod name and namespace before all else", async () => {
      const pod = world.pod();
      const noName = await pod.mountError({ parameters: { keyvaultName: "" }, volume: { podName: " " } });
      expect(noName.message).to.contain("pod name is not provided").and.not.contain("keyvaultName");
      const noNamespace = await pod.mountError({
        parameters: { keyvaultName: "" },
        volume: { podNamespace: "" },
      });
      expect(noNamespace.message).to.contain("pod namespace is not provided").and.not.contain("keyvaultName");
    });

    it("all problems of a class at once", async () => {
      const { message } = await world.pod().mountError({
        parameters: {
          keyvaultName: "no",
          tenantID: "",
          usePodIdentity: "perhaps",
          cloudName: "AzureMoonCloud",
        },
        objects: secretYaml("a", { objectType: "password", filePermission: "0899" }),
      });
      for (const words of [
        "Invalid vault name",
        "tenantId is not provided",
        "usePodIdentity",
        "cloudName",
        "Invalid vaultObjectTypes. Should be secret, key, or cert",
        "filePermission",
      ]) {
        expect(message).to.contain(words);
      }
    });
  });
});
