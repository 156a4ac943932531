import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { api, CSI_API, pathOf } from "./support/api.js";
import { apply, eventSays, eventsOf, podReady, podStatuses } from "./support/cluster.js";
import { explainNamespace } from "./support/diagnosis.js";
import { pod } from "./support/objects.js";
import type { VaultObject } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";

/** What everybody can see of a mount with kubectl: the driver's record of it, and the pod's events. */
describe("what kubectl shows of a mount", function () {
  this.timeout(10 * 60_000);
  let scene: Scene;
  before(async () => {
    scene = await Scene.open("pod-status");
  });
  after(() => scene.close());

  async function start(name: string): Promise<void> {
    await apply(scene.namespace, pod({ name, volumes: [name], serviceAccount: scene.serviceAccount }));
  }

  /** Ids and versions as the driver has noted them for the pod. */
  async function noted(name: string): Promise<Record<string, string>> {
    const status = (await podStatuses(scene.namespace)).find(({ status: { podName } }) => podName === name);
    return Object.fromEntries((status?.status.objects ?? []).map(({ id, version }) => [id, version]));
  }

  it("SecretProviderClassPodStatus holds our ids and versions, and after a rotation the new ones", async () => {
    const { vault } = scene;
    const [oldest, key, certificate] = await Promise.all([
      vault.setSecret("rotating", "1"),
      vault.createKey("key1", { kty: "EC", crv: "P-256" }),
      vault.createCertificate("cert1", { keyType: "EC", curve: "P-256" }),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1100)); // versions are ordered by their second
    const newer = await vault.setSecret("rotating", "2");
    await scene.applyClass({
      name: "ids",
      objects: [
        { objectName: "rotating", objectAlias: "folder/alias" },
        { objectName: "rotating", objectAlias: "history", objectVersionHistory: 2 },
        { objectName: "key1", objectType: "key" },
        { objectName: "cert1", objectType: "cert" },
      ],
    });
    await start("ids");
    await podReady(scene.namespace, "ids");
    const unchanged = { "key/key1": key, "cert/cert1": certificate };
    expect(await noted("ids")).to.deep.equal({
      ...unchanged,
      "secret/rotating": newer,
      "secret/rotating/0": newer,
      "secret/rotating/1": oldest,
    });
    const [status] = await podStatuses(scene.namespace);
    expect(status?.status).to.include({ podName: "ids", secretProviderClassName: "ids", mounted: true });

    const newest = await vault.setSecret("rotating", "3");
    await eventually(
      "the newest version is noted",
      async () => (await noted("ids"))["secret/rotating"] === newest,
      // An unchanged value is remembered for --object-cache-ttl, then the driver and the kubelet have their intervals.
      { limitMs: 300_000, everyMs: 1000, explain: () => explainNamespace(scene.namespace) },
    );
    const after = await noted("ids");
    expect(after).to.include({ ...unchanged, "secret/rotating/0": newest, "secret/rotating/1": newer });
  });

  interface Failure {
    readonly objects?: readonly VaultObject[];
    readonly parameters?: Readonly<Record<string, string>>;
    readonly says: readonly (string | RegExp)[];
  }

  /** Each with the words that make a person able to mend it. */
  const failures: Readonly<Record<string, () => Failure>> = {
    "several mistakes in one class are all named": () => ({
      objects: [
        { objectName: "a", filePermission: "0899" },
        { objectName: "b", objectVersion: "../../x" },
        { objectName: "c", objectType: "certificate" as "cert" },
        { objectName: "d", objectAlias: "/etc/passwd" },
      ],
      says: [
        /filePermission.*0899/s,
        "objectVersion",
        "Invalid vaultObjectTypes",
        "file name must be a relative path",
      ],
    }),
    "two objects of one file are both named": () => ({
      objects: [{ objectName: "here" }, { objectName: "gone", objectAlias: "here" }],
      says: ['objects[0] and objects[1] both write the file "here"', "objectAlias"],
    }),
    "every object that is not there is named (404)": () => ({
      objects: [
        { objectName: "gone-1" },
        { objectName: "here" },
        { objectName: "gone-2", objectType: "key" },
      ],
      says: [
        "failed to mount objects, error:",
        /failed to get objectType:\s?secret, objectName:\s?gone-1/,
        "SecretNotFound",
        /failed to get objectType:\s?key, objectName:\s?gone-2/,
        "KeyNotFound",
        "404",
      ],
    }),
    "a disabled secret is said to be disabled (403)": () => ({
      objects: [{ objectName: "disabled" }],
      says: ["objectName:disabled", "SecretDisabled"],
    }),
    "a tenant that there is not": () => {
      const tenantID = randomUUID();
      return { parameters: { tenantID }, says: ["AADSTS90002", "check tenantID", tenantID] };
    },
    "a client that there is not": () => ({
      parameters: { clientID: randomUUID() },
      says: ["AADSTS700016", "check clientID"],
    }),
    "a vault that there is not": () => ({
      parameters: { keyvaultName: "no-such-vault-here" },
      says: ["no-such-vault-here.azure.svc.cluster.local", "keyvaultName"],
    }),
    "parameters that are missing": () => ({
      parameters: { keyvaultName: "", tenantID: "" },
      says: ["keyvaultName is not provided", "tenantId is not provided"],
    }),
  };

  describe("a failed mount is an event a person understands", () => {
    before(async () => {
      await scene.vault.setSecret("here", "a-value-that-nobody-may-see");
      await scene.vault.setSecret("disabled", "a-value-that-nobody-may-see", { enabled: false });
    });

    for (const [index, [title, make]] of Object.entries(failures).entries()) {
      it(title, async () => {
        const { objects = [{ objectName: "here" }], parameters = {}, says } = make();
        const name = `failing-${index}`;
        await scene.applyClass({ name, objects, parameters });
        await start(name);
        const event = await eventSays(scene.namespace, name, "FailedMount", "failed to mount");
        for (const part of says) {
          if (typeof part === "string") expect(event).to.include(part);
          else expect(event).to.match(part);
        }
        expect(event).to.not.include("a-value-that-nobody-may-see");
      });
    }

    it("an identity without rights (403); when it has them, the pod starts", async () => {
      const { vault, clientId, namespace } = scene;
      await vault.grant(clientId, {});
      try {
        await scene.applyClass({ name: "forbidden", objects: [{ objectName: "here" }] });
        await start("forbidden");
        const event = await eventSays(namespace, "forbidden", "FailedMount", "Forbidden");
        expect(event).to.include("403").and.to.include("Key Vault Secrets User").and.to.include(clientId);
      } finally {
        await vault.grant(clientId, { secrets: ["get", "list"], keys: ["get"], certificates: ["get"] });
      }
      await podReady(namespace, "forbidden", { limitMs: 240_000 });
    });

    it("a failed mount leaves no record and no synced Secret", async () => {
      const statuses = await podStatuses(scene.namespace);
      expect(statuses.filter(({ status }) => status.podName.startsWith("failing-"))).to.have.lengthOf(0);
      expect(await eventsOf(scene.namespace, "failing-0", "FailedMount")).to.not.have.lengthOf(0);
      expect(await api.list(pathOf(CSI_API, "secretproviderclasses", scene.namespace))).to.not.have.lengthOf(
        0,
      );
    });
  });
});
