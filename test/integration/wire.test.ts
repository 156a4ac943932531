import { expect } from "chai";
import { v1alpha1 } from "../../provider-proto/generated/messages.js";
import type { MountInput } from "../support/pod.js";
import { RawClient } from "../support/raw-client.js";
import { secretYaml } from "../support/objects-yaml.js";
import { plant } from "../support/secrecy.js";
import { World } from "../support/world.js";

const MOUNT = "/v1alpha1.CSIDriverProvider/Mount";
const TOKENS_KEY = "csi.storage.k8s.io/serviceAccount.tokens";

describe("the wire", () => {
  let world: World;
  let raw: RawClient;
  before(async () => {
    world = await World.start();
    raw = new RawClient(`unix:${world.provider.socketPath}`);
  });
  after(async () => {
    raw.close();
    await world.stop();
  });

  it("answers Version with the API's version, the provider's name and a semantic version", async () => {
    const { version, runtimeName, runtimeVersion } = await world.provider.client.version();
    expect(version).to.equal("v1alpha1");
    expect(runtimeName).to.equal("secrets-store-csi-driver-provider-azure");
    expect(runtimeVersion).to.match(/^v?\d+\.\d+\.\d+/);
  });

  it("answers a Mount with files and versions, and no error field", async () => {
    const pod = world.pod();
    const value = plant();
    const version = pod.vault.setSecret("password", value);
    const request = v1alpha1.MountRequest.encode(pod.request({ objects: secretYaml("password") })).finish();
    const answer = await raw.unary(MOUNT, request);
    expect(answer.status).to.equal("OK");
    expect(
      v1alpha1.MountResponse.toObject(v1alpha1.MountResponse.decode(answer.bytes), { bytes: String }),
    ).to.deep.equal({
      objectVersion: [{ id: "secret/password", version }],
      files: [{ path: "password", mode: 0o644, contents: Buffer.from(value).toString("base64") }],
    });
  });

  describe("secrets", () => {
    it("may be {} beside a token, as the sync controller sends it", async () => {
      const pod = world.pod();
      const value = pod.plantSecret("password");
      const { files } = await pod.mount({
        objects: secretYaml("password"),
        volume: { podName: "secrets-store-sync-controller-manager-0", targetPath: "" },
        request: { secrets: "{}" },
      });
      expect(files.get("password")?.text).to.equal(value);
    });

    it("may hold the tokens, as from Kubernetes 1.35 on", async () => {
      const pod = world.pod();
      const value = pod.plantSecret("password");
      const { files } = await pod.mount({
        objects: secretYaml("password"),
        volume: { tokensInSecrets: true },
      });
      expect(files.get("password")?.text).to.equal(value);
    });

    it("that hold tokens only still count as no secret for a service principal", async () => {
      const pod = world.pod();
      const { status, message } = await pod.mountError({
        objects: secretYaml("password"),
        parameters: { clientID: undefined },
        volume: { tokensInSecrets: true },
      });
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("failed to get credentials, nodePublishSecretRef secret is not set");
    });

    const refused: [string, string][] = [
      ["no JSON", "clientid=hush-a-planted-value-x"],
      ["half a JSON object", '{"clientsecret":"hush-a-planted-value-x'],
      ["a list", '["hush-a-planted-value-x"]'],
      ["a text", '"hush-a-planted-value-x"'],
      ["a value that is an object", '{"clientid":{"a":"hush-a-planted-value-x"}}'],
      ["a value that is a number", '{"clientid":12345}'],
    ];
    for (const [name, secrets] of refused) {
      it(`that are ${name} are refused without a word of them`, async () => {
        const pod = world.pod({ identity: "service-principal" });
        const { status, message } = await pod.mountError({ objects: secretYaml("a"), request: { secrets } });
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain("failed to mount objects, error: ").and.contain("secrets");
      });
    }
  });

  describe("permission", () => {
    const accepted: [string, number][] = [
      ["420", 0o644],
      ["256", 0o400],
      ["0", 0],
      ["null", 0],
      ["511", 0o777],
      [" 288\n", 0o440],
    ];
    for (const [permission, mode] of accepted) {
      it(`${JSON.stringify(permission)} makes files of mode 0${mode.toString(8)}`, async () => {
        const pod = world.pod();
        pod.plantSecret("password");
        const { files } = await pod.mount({ objects: secretYaml("password"), request: { permission } });
        expect(files.get("password")?.mode).to.equal(mode);
      });
    }

    for (const permission of [
      "",
      "512",
      "-1",
      "4.5",
      "0644",
      "rw-r--r--",
      '"420"',
      "[420]",
      "{}",
      "1e999",
      "true",
    ]) {
      it(`${JSON.stringify(permission)} is refused`, async () => {
        const pod = world.pod();
        const { status, message } = await pod.mountError({
          objects: secretYaml("a"),
          request: { permission },
        });
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain("permission");
      });
    }
  });

  describe("attributes", () => {
    const refused: [string, string][] = [
      ["empty", ""],
      ["no JSON", "keyvaultName: shop"],
      ["half a JSON object", '{"keyvaultName":"hush-a-planted-value-x'],
      ["a list", '["hush-a-planted-value-x"]'],
      ["a number", "7"],
      ["a text", '"hush-a-planted-value-x"'],
      ["a value that is an object", '{"keyvaultName":{"hush-a-planted-value-x":1}}'],
      ["a value that is a list", '{"keyvaultName":["hush-a-planted-value-x"]}'],
      ["nested beyond measure", `${"[".repeat(500_000)}${"]".repeat(500_000)}`],
    ];
    for (const [name, attributes] of refused) {
      it(`that are ${name} are refused without a word of them`, async () => {
        const { status, message } = await world.pod().mountError({ request: { attributes } });
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain("failed to mount objects, error: ").and.contain("attributes");
      });
    }

    it("that are null are empty, as Go reads them", async () => {
      const { status, message } = await world.pod().mountError({ request: { attributes: "null" } });
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("pod name is not provided");
    });

    it("without a pod's name are refused first, whatever else is wrong", async () => {
      const attributes = { "csi.storage.k8s.io/pod.namespace": "team" };
      const { message } = await world
        .pod()
        .mountError({ request: { attributes: JSON.stringify(attributes) } });
      expect(message).to.contain("pod name is not provided").and.not.contain("keyvaultName");
    });

    it("without a pod's namespace are refused first, whatever else is wrong", async () => {
      const attributes = { "csi.storage.k8s.io/pod.name": "shop" };
      const { message } = await world
        .pod()
        .mountError({ request: { attributes: JSON.stringify(attributes) } });
      expect(message).to.contain("pod namespace is not provided").and.not.contain("keyvaultName");
    });

    it("carry the pod's volumeAttributes over the class's parameters", async () => {
      const pod = world.pod();
      const value = pod.plantSecret("password");
      const { files } = await pod.mount({
        objects: secretYaml("another"),
        volume: { volumeAttributes: { objects: secretYaml("password", { objectAlias: "overridden" }) } },
      });
      expect([...files.keys()]).to.deep.equal(["overridden"]);
      expect(files.get("overridden")?.text).to.equal(value);
    });

    it("may name keys of JavaScript's own objects: they are data", async () => {
      const pod = world.pod();
      pod.plantSecret("password");
      const request = pod.request({ objects: secretYaml("password") });
      const inherited = `{"__proto__":"x","constructor":"y","toString":"z","hasOwnProperty":"1",`;
      const { files } = await pod.mount({
        request: { ...request, attributes: inherited + String(request.attributes).slice(1) },
      });
      expect([...files.keys()]).to.deep.equal(["password"]);
    });

    it("take no parameter from the prototype of an object", async () => {
      const pod = world.pod();
      const request = pod.request({ objects: secretYaml("a"), parameters: { keyvaultName: undefined } });
      const { message } = await pod.mountError({
        request: {
          ...request,
          attributes: `{"__proto__":{"keyvaultName":"shop"},${String(request.attributes).slice(1)}`,
        },
      });
      expect(message).to.match(/attributes|keyvaultName is not provided/);
    });

    it("with a name twice take the last, as Go reads them", async () => {
      const pod = world.pod();
      pod.plantSecret("password");
      const request = pod.request({ objects: secretYaml("password") });
      const { files } = await pod.mount({
        request: { ...request, attributes: `{"keyvaultName":"other",${String(request.attributes).slice(1)}` },
      });
      expect([...files.keys()]).to.deep.equal(["password"]);
    });

    it("may hold current_object_version beside them, as drivers before v1.6 send it", async () => {
      const pod = world.pod();
      pod.plantSecret("password");
      const input: MountInput = {
        objects: secretYaml("password"),
        request: { currentObjectVersion: [{ id: "secret/password", version: "old" }] },
      };
      expect([...(await pod.mount(input)).files.keys()]).to.deep.equal(["password"]);
    });
  });

  describe("bytes that are no message", () => {
    const junk: [string, Uint8Array][] = [
      ["random bytes", Buffer.from("ffffffffffffffff00112233", "hex")],
      ["a field of a wrong type", Buffer.from("08ffffffff0f", "hex")],
      ["a length beyond the end", Buffer.from("0aff7f41", "hex")],
      ["no UTF-8", Buffer.from("0a02c328", "hex")],
      ["nothing", Buffer.alloc(0)],
    ];
    for (const [name, bytes] of junk) {
      it(`${name}: an answer of our own, and the next call is served`, async () => {
        const answer = await raw.unary(MOUNT, bytes);
        world.heard(answer.message);
        expect(answer.status).to.equal("INVALID_ARGUMENT");
        expect(answer.message).to.contain("failed to mount objects, error: ");
        expect((await world.provider.client.version()).version).to.equal("v1alpha1");
      });
    }

    it("are UNIMPLEMENTED for a method that nobody has", async () => {
      const answer = await raw.unary("/v1alpha1.CSIDriverProvider/Unmount", Buffer.alloc(0));
      expect(answer.status).to.equal("UNIMPLEMENTED");
    });
  });

  it("leaves the service-account token out of everything, where it came in secrets too", async () => {
    const pod = world.pod();
    const { message } = await pod.mountError({
      objects: secretYaml("absent"),
      volume: { tokensInSecrets: true },
    });
    expect(message).not.to.contain(TOKENS_KEY);
    expect(await world.everythingSaid()).not.to.contain("eyJ");
  });
});
