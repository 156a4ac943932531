import { expect } from "chai";
import { apply, podReady, remove } from "./support/cluster.js";
import { SYSTEM } from "./support/diagnosis.js";
import { VAULT_NAMESPACE, VAULT_SUFFIX } from "./support/embedded-vault.js";
import { pod } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { SecondProvider } from "./support/second-provider.js";
import { readTexts } from "./support/volume-files.js";

const FOLDER = "/etc/kubernetes/custom-cloud";

/** What an AzureStackCloud's environment file has to say for the embedded vault. */
const ENVIRONMENT = JSON.stringify({
  name: "AzureStackCloud",
  activeDirectoryEndpoint: `https://login.${VAULT_NAMESPACE}.svc.cluster.local/`,
  keyVaultEndpoint: `https://${VAULT_SUFFIX}/`,
  keyVaultDNSSuffix: VAULT_SUFFIX,
});

describe("the old provider's suite: custom cloud", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.open("custom-cloud");
    await scene.vault.setSecret("secret1", "test");
  });
  after(() => scene.close());

  it("should read secret from pod, by its name and by its alias, with the class's cloudName and cloudEnvFileName", async () => {
    const configMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: scene.namespace, labels: { "azure-provider-conformance": "true" } },
      data: { "azure-stack.json": ENVIRONMENT },
    };
    await apply(SYSTEM, configMap);
    // The installed one knows this cloud by its own flag and environment; this one knows it only by the class.
    const provider = await SecondProvider.start((spec, container) => {
      container.args = container.args.filter((arg) => !arg.includes("cloud-name"));
      container.env = container.env?.filter(({ name }) => name !== "AZURE_ENVIRONMENT_FILEPATH") ?? [];
      container.volumeMounts.push({ name: "custom-cloud", mountPath: FOLDER, readOnly: true });
      spec.volumes.push({ name: "custom-cloud", configMap: { name: scene.namespace } });
    });
    try {
      await scene.applyClass({
        name: "custom-cloud",
        provider: provider.name,
        objects: [{ objectName: "secret1" }, { objectName: "secret1", objectAlias: "SECRET_1" }],
        parameters: { cloudName: "AzureStackCloud", cloudEnvFileName: `${FOLDER}/azure-stack.json` },
      });
      const volumes = ["custom-cloud"];
      await apply(
        scene.namespace,
        pod({ name: "custom-cloud", volumes, serviceAccount: scene.serviceAccount }),
      );
      await podReady(scene.namespace, "custom-cloud");
      const texts = await readTexts(scene.namespace, "custom-cloud");
      expect(texts).to.deep.equal({ secret1: "test", SECRET_1: "test" });
    } finally {
      await provider.stop();
      await remove(SYSTEM, configMap);
    }
  });
});
