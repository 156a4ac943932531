import { expect } from "chai";
import { apply, podReady } from "./support/cluster.js";
import { execInPod } from "./support/kubectl.js";
import { MOUNT, pod } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { readVolume } from "./support/volume-files.js";

describe("the old provider's suite: file permission", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.open("permissions");
    await scene.vault.setSecret("secret1", "test");
  });
  after(() => scene.close());

  it("should read secret from pod with the file permission asked for, at ..data/secret1", async () => {
    const modes = { secret1: "0600", alias: "0440", "folder/script": "0755", plain: "" };
    await scene.applyClass({
      name: "permissions",
      objects: Object.entries(modes).map(([objectAlias, filePermission]) => ({
        objectName: "secret1",
        objectAlias,
        filePermission,
      })),
    });
    const volumes = ["permissions"];
    await apply(scene.namespace, pod({ name: "permissions", volumes, serviceAccount: scene.serviceAccount }));
    await podReady(scene.namespace, "permissions");
    const stat = ["stat", "-c", "%a", `${MOUNT}/..data/secret1`];
    expect((await execInPod(scene.namespace, "permissions", stat)).trim()).to.equal("600");
    const files = await readVolume(scene.namespace, "permissions");
    expect(Object.fromEntries([...files].map(([path, { mode }]) => [path, mode]))).to.deep.equal({
      secret1: 0o600,
      alias: 0o440,
      "folder/script": 0o755,
      plain: 0o644,
    });
  });

  it("files are root's whatever the pod's user and fsGroup are: filePermission alone says who may read", async () => {
    const { namespace, serviceAccount } = scene;
    await scene.applyClass({
      name: "users",
      objects: [
        { objectName: "secret1", objectAlias: "for-root", filePermission: "0440" },
        { objectName: "secret1", objectAlias: "for-all", filePermission: "0444" },
      ],
    });
    const securityContext = { runAsUser: 1234, runAsGroup: 1234, fsGroup: 4321 };
    await apply(
      namespace,
      pod({ name: "users", volumes: ["users"], serviceAccount, podSpec: { securityContext } }),
    );
    await podReady(namespace, "users");
    const inPod = (script: string): Promise<string> => execInPod(namespace, "users", ["sh", "-c", script]);
    // The kubelet applies fsGroup to no volume that is mounted read-only.
    expect(await inPod(`stat -L -c %u:%g ${MOUNT}/for-root ${MOUNT}/for-all`)).to.equal("0:0\n0:0\n");
    expect(await inPod(`cat ${MOUNT}/for-all`)).to.equal("test");
    expect(await inPod(`cat ${MOUNT}/for-root 2>&1 || true`)).to.include("Permission denied");
  });
});
