import { expect } from "chai";
import { ProviderError } from "../../../src/errors/provider-error.js";
import type { LocalIdentities } from "../../../src/identity/local-identities.js";
import { ProvenIdentities } from "../../../src/identity/proofs/proven-identities.js";
import { SharedVaults } from "../../../src/keyvault/shared-vaults.js";
import { createMounter, type Mounter, type MounterParts } from "../../../src/mount/mounter.js";
import type { OffloadPool } from "../../../src/offload/offload-pool.js";
import { RememberedObjects } from "../../../src/parameters/remembered-objects.js";
import { type Answer, type FakeVault, fakeVault, type SeenRequest } from "../keyvault/fake-vault.js";
import { RecordingLogger } from "../network/recording-logger.js";
import { type Attributes, attributes, objectsOf } from "../parameters/support.js";
import { never, rejectedBy } from "./support.js";

const VERSION = "0123456789abcdef0123456789abcdef";

/** A node whose metadata service and vaults answer by a script, and which writes down what is asked in which order. */
class FakeNode {
  readonly asked: string[] = [];
  readonly log = new RecordingLogger();
  readonly vault: FakeVault;
  readonly mount: Mounter;
  signIn: () => void = () => undefined;
  answer: (name: string, request: SeenRequest) => Answer = (name) => ({
    body: { value: `value of ${name}`, id: `https://orders-vault.vault.azure.net/secrets/${name}/${VERSION}`, attributes: { enabled: true } }, // prettier-ignore
  });

  constructor() {
    this.vault = fakeVault((request) => {
      const name = new URL(request.url).pathname.split("/")[2] ?? "";
      this.asked.push(name);
      return this.answer(name, request);
    });
    const managedIdentity = {
      requestToken: async (id: string, scope: string) => {
        this.asked.push(`sign-in ${id} ${scope}`);
        await Promise.resolve();
        this.signIn();
        return { token: { token: "hush-token", expiresOnTimestamp: Date.now() + 3_600_000 } };
      },
    };
    const parts: MounterParts = {
      identities: new ProvenIdentities({
        httpClient: this.vault.httpClient,
        local: { managedIdentity } as unknown as LocalIdentities,
      }),
      vaults: new SharedVaults({
        httpClient: this.vault.httpClient,
        userAgentPrefix: "test/1",
        cacheTtlMs: 60_000,
        staleMs: 0,
      }),
      environmentFile: undefined,
      content: { constructPemChain: true, separateCertAndKeyFiles: true },
      pool: {} as unknown as OffloadPool, // texts as short as these are read on the spot, and no PFX is
      rememberedObjects: new RememberedObjects(),
      cloudName: "AzurePublicCloud",
    };
    this.mount = createMounter(parts);
  }

  call(changes: Attributes = {}, signal: AbortSignal = never, targetPath = "/mnt"): ReturnType<Mounter> {
    const request = {
      attributes: JSON.stringify(
        attributes({ clientID: undefined, useVMManagedIdentity: "true", ...changes }),
      ),
      secrets: "null",
      targetPath,
      permission: "420",
    };
    return this.mount(request, {
      signal,
      arrivedAtMs: performance.now(),
      deadlineMs: Infinity,
      log: this.log,
    });
  }
}

const secrets = (...names: readonly string[]): string =>
  objectsOf(...names.map((objectName) => ({ objectName, objectType: "secret" })));

describe("mount/mounter createMounter", () => {
  let node: FakeNode;
  beforeEach(() => {
    node = new FakeNode();
  });

  it("signs in, then reads, and answers files and versions in the order of the class", async () => {
    const { files, versions } = await node.call({
      objects: secrets("b", "a", "c"),
      userAssignedIdentityID: "id",
    });
    expect(node.asked[0]).to.equal("sign-in id https://vault.azure.net/.default");
    expect(node.asked.slice(1).sort()).to.deep.equal(["a", "b", "c"]);
    expect(files.map(({ path, mode }) => [path, mode])).to.deep.equal(
      ["b", "a", "c"].map((path) => [path, 0o644]),
    );
    expect(files.map(({ contents }) => Buffer.from(contents).toString())[0]).to.equal("value of b");
    expect(versions).to.deep.equal(
      ["b", "a", "c"].map((name) => ({ id: `secret/${name}`, version: VERSION })),
    );
    expect(node.vault.requests.every(({ authorization }) => authorization === "Bearer hush-token")).to.equal(
      true,
    );
  });

  it("asks nobody about a class that is wrong", async () => {
    for (const changes of [{ keyvaultName: "" }, { objects: "[" }, { useVMManagedIdentity: "yes" }]) {
      await rejectedBy(node.call(changes));
    }
    expect(node.asked).to.deep.equal([]);
  });

  it("asks nobody where the cloud's environment file cannot be read", async () => {
    const error = await rejectedBy(
      node.call({ cloudName: "AzureStackCloud", cloudEnvFileName: "/nowhere/cloud.json" }),
    );
    expect(error.code).to.equal("CLOUD_FILE_INVALID");
    expect(node.asked).to.deep.equal([]);
  });

  it("asks no vault where sign-in fails", async () => {
    const refusal = new ProviderError("SIGN_IN_REJECTED", "no such identity");
    node.signIn = () => {
      throw refusal;
    };
    expect(await rejectedBy(node.call())).to.equal(refusal);
    expect(node.vault.requests).to.deep.equal([]);
  });

  it("names every object that fails, in the order of the class", async () => {
    const refuse = { status: 404, body: { error: { code: "SecretNotFound", message: "not there" } } };
    const sound = node.answer;
    node.answer = (name, request) => (name === "b" ? sound(name, request) : refuse);
    const error = await rejectedBy(node.call({ objects: secrets("c", "b", "a") }));
    expect(error.code).to.equal("VAULT_OBJECT_NOT_FOUND");
    expect(error.message).to.match(
      /^2 of 3 objects failed: \(1\) failed to get objectType:secret, objectName:c, .*\(2\) failed to get objectType:secret, objectName:a, /,
    );
  });

  it("reads 32 objects side by side at most", async () => {
    let running = 0;
    let most = 0;
    const sendRequest = node.vault.httpClient.sendRequest.bind(node.vault.httpClient);
    node.vault.httpClient.sendRequest = async (request) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return sendRequest(request);
    };
    const names = Array.from({ length: 60 }, (_, i) => `s${i}`);
    const { files } = await node.call({ objects: secrets(...names) });
    expect(files).to.have.length(60);
    expect(most).to.equal(32);
  });

  it("ends at the caller's reason", async () => {
    const caller = new AbortController();
    const reason = new ProviderError("CALL_DEADLINE_EXCEEDED", "too late");
    node.answer = () => {
      caller.abort(reason);
      return { status: 500, body: {} };
    };
    expect(await rejectedBy(node.call({}, caller.signal))).to.equal(reason);
  });

  it("says a class's warnings once, and does so although its first mount failed", async () => {
    const warned = { objects: "- {objectName: a, objectType: secret, colour: red}", resourceGroup: "g" };
    await rejectedBy(node.call({ ...warned, keyvaultName: "" }));
    expect(node.log.lines).to.deep.equal([]);
    for (let i = 0; i < 3; i++) await node.call({ ...warned, "csi.storage.k8s.io/pod.name": `p${i}` });
    const warnings = (): readonly string[] =>
      node.log.lines.filter((line) => !line.includes("Objects served"));
    expect(warnings()).to.have.length(2);
    expect(node.log.lines.join()).to.include("resourceGroup").and.include("colour");
    await node.call({ ...warned, secretProviderClass: "another" });
    expect(warnings()).to.have.length(4);
  });

  it("names the objects whose files turn out to be in each other's way", async () => {
    const sound = node.answer;
    const pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    const backing = {
      value: pem,
      contentType: "application/x-pem-file",
      kid: `https://orders-vault.vault.azure.net/keys/web/${VERSION}`,
      id: `https://orders-vault.vault.azure.net/secrets/web/${VERSION}`,
      attributes: { enabled: true },
    };
    node.answer = (name, request) => (name === "web" ? { body: backing } : sound(name, request));
    const { files } = await node.call({ objects: secrets("web", "other") });
    expect(files.map(({ path }) => path)).to.deep.equal(["web.crt", "web.key", "web", "other"]);
    const error = await rejectedBy(node.call({ objects: secrets("web", "web.key") }));
    expect(error.code).to.equal("FILE_CONFLICT");
    expect(error.message).to.equal(
      'objects[0] and objects[1] both write the file "web.key"; give one of them another objectAlias',
    );
  });

  it("makes no more volumes of one namespace at a time than there is memory for, and others once those have ended", async () => {
    const sound = node.answer;
    const value = "x".repeat(1_000_000);
    node.answer = (name, request) => {
      const { body } = sound(name, request) as { body: object };
      return { body: { ...body, value } };
    };
    const large = secrets(...Array.from({ length: 20 }, (_, i) => `s${i}`));
    const mounts = await Promise.allSettled(
      Array.from({ length: 4 }, (_, i) => node.call({ objects: large }, never, `/mnt/${i}`)),
    );
    const refused = mounts.flatMap((mount) => (mount.status === "rejected" ? [mount.reason as Error] : []));
    expect(refused).to.have.lengthOf.at.least(2); // of 20 MB each, 32 MiB have room
    for (const error of refused) expect(error).to.include({ code: "PROVIDER_OVERLOADED" });
    expect((await node.call({ objects: large }, never, "/mnt/later")).files).to.have.length(20);
  });

  it("signs in once for a proof that is on record, and reads for every volume that is new", async () => {
    await node.call();
    await node.call({}, never, "/other");
    expect(node.asked.filter((words) => words.startsWith("sign-in"))).to.have.length(1);
    expect(node.asked.filter((words) => !words.startsWith("sign-in"))).to.have.length(2);
  });

  it("answers a volume that was served before from memory, and one whose first mount failed from the vault", async () => {
    const sound = node.answer;
    node.answer = () => ({ status: 404, body: { error: { code: "SecretNotFound", message: "" } } });
    await rejectedBy(node.call());
    node.answer = sound;
    await node.call();
    const before = node.asked.length;
    await node.call();
    expect(node.asked).to.have.length(before);
  });
});
