import { expect } from "chai";
import type { Effect } from "../../emulator/faults/effect.js";
import type { FaultHandle } from "../../emulator/faults/faults.js";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import type { Mounted, MountFailure } from "../support/pod.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

describe("answers of the vault", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  describe("refusals keep the service's code and HTTP status, and name object, version and remedy", () => {
    it("404 SecretNotFound is NOT_FOUND", async () => {
      const { status, message } = await world.pod().mountError(secretYaml("absent"));
      expect(status).to.equal("NOT_FOUND");
      expect(message).to.match(
        /^failed to mount objects, error: failed to get objectType:secret, objectName:absent, objectVersion:: /,
      );
      expect(message).to.contain("404").and.contain("SecretNotFound").and.contain("keyvaultName");
    });

    it("404 KeyNotFound, CertificateNotFound", async () => {
      const pod = world.pod();
      const { message } = await pod.mountError(
        objectsYaml({ objectName: "k", objectType: "key" }, { objectName: "c", objectType: "cert" }),
      );
      expect(message).to.contain("KeyNotFound").and.contain("CertificateNotFound");
    });

    it("403 ForbiddenByRbac is PERMISSION_DENIED", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      pod.vault.revoke({ clientId: pod.clientId });
      const { status, message } = await pod.mountError(secretYaml("one"));
      expect(status).to.equal("PERMISSION_DENIED");
      expect(message).to.contain("403").and.contain("Forbidden").and.contain("ForbiddenByRbac");
      expect(message).to.contain("Key Vault Secrets User");
    });

    it("403 of access policies is PERMISSION_DENIED", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      pod.vault.authorization = "accessPolicy";
      pod.vault.revoke({ clientId: pod.clientId });
      const { status, message } = await pod.mountError(secretYaml("one"));
      expect(status).to.equal("PERMISSION_DENIED");
      expect(message).to.contain("AccessDenied").and.contain("access polic");
    });

    it("403 SecretDisabled is PERMISSION_DENIED and says to enable it", async () => {
      const pod = world.pod();
      pod.vault.setSecret("one", "v", { enabled: false });
      const { status, message } = await pod.mountError(secretYaml("one"));
      expect(status).to.equal("PERMISSION_DENIED");
      expect(message).to.contain("SecretDisabled").and.contain("enable");
    });

    it("a pinned version that is disabled", async () => {
      const pod = world.pod();
      const version = pod.vault.setSecret("one", "old", { enabled: false });
      pod.vault.setSecret("one", "new");
      const { message } = await pod.mountError(secretYaml("one", { objectVersion: version }));
      expect(message).to.contain(`objectVersion:${version}`).and.contain("SecretDisabled");
    });

    it("a vault that does not exist is said to be looked up in vain", async () => {
      const pod = world.pod();
      const { status, message } = await pod.mountError({
        objects: secretYaml("one"),
        parameters: { keyvaultName: "no-such-vault" },
      });
      expect(status).to.equal("INTERNAL");
      expect(message).to.contain("no-such-vault.vault.azure.net");
    });
  });

  describe("several failures", () => {
    it("are all told, in the declared order, whatever the order of the answers", async () => {
      const pod = world.pod();
      for (const name of ["good-1", "good-2"]) pod.plantSecret(name);
      pod.vault.setSecret("off", "v", { enabled: false });
      world.emulator.faults.add(
        { kind: "delay", delayMs: 150 },
        { host: pod.vault.host, path: "/secrets/absent*" },
      );
      const { status, message } = await pod.mountError(
        objectsYaml(
          { objectName: "good-1", objectType: "secret" },
          { objectName: "absent", objectType: "secret" },
          { objectName: "off", objectType: "secret" },
          { objectName: "good-2", objectType: "secret" },
          { objectName: "gone", objectType: "key" },
        ),
      );
      expect(status).to.equal("NOT_FOUND"); // of the first
      expect(message).to.match(/3 of 5 objects failed.*objectName:absent.*objectName:off.*objectName:gone/);
      expect(message).not.to.contain("good-");
    });

    it("each with its own code and status", async () => {
      const pod = world.pod();
      pod.vault.setSecret("off", "v", { enabled: false });
      const { message } = await pod.mountError(
        objectsYaml(
          { objectName: "off", objectType: "secret" },
          { objectName: "absent", objectType: "secret" },
        ),
      );
      expect(message).to.contain("SecretDisabled").and.contain("SecretNotFound");
    });
  });

  describe("passing failures are tried again", () => {
    const passing: [string, Effect][] = [
      ["429 without Retry-After", { kind: "throttled" }],
      ["429 with Retry-After", { kind: "throttled", retryAfterSeconds: 1 }],
      ["500", { kind: "answer", status: 500, body: {} }],
      ["503", { kind: "unavailable" }],
      ["408", { kind: "answer", status: 408, body: {} }],
      ["a reset", { kind: "reset" }],
      ["half an answer", { kind: "truncate" }],
    ];
    const running = new Map<string, { value: string; fault: FaultHandle; mounting: Promise<Mounted> }>();
    before(() => {
      for (const [name, effect] of passing) {
        const pod = world.pod();
        const value = pod.plantSecret("one");
        const fault = world.emulator.faults.add(effect, { host: pod.vault.host, times: 1 });
        running.set(name, { value, fault, mounting: pod.mount(secretYaml("one")) });
      }
    });
    for (const [name] of passing) {
      it(name, async () => {
        const { value, fault, mounting } = running.get(name) ?? expect.fail();
        expect((await mounting).files.get("one")?.text).to.equal(value);
        expect(fault.hits).to.equal(1);
      });
    }

    it("Retry-After is waited for", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      world.emulator.faults.add(
        { kind: "throttled", retryAfterSeconds: 2 },
        { host: pod.vault.host, times: 1 },
      );
      const startedAtMs = performance.now();
      await pod.mount(secretYaml("one"));
      expect(performance.now() - startedAtMs).to.be.greaterThan(1900);
    });
  });

  describe("lasting failures end the mount", () => {
    const lasting: { name: string; effect: Effect; status: string; says: string[] }[] = [
      {
        name: "429",
        effect: { kind: "throttled", retryAfterSeconds: 60 },
        status: "INTERNAL",
        says: ["HTTP 429", "60 s"],
      },
      {
        name: "429 without Retry-After",
        effect: { kind: "throttled" },
        status: "INTERNAL",
        says: ["HTTP 429"],
      },
      {
        name: "503 with Retry-After",
        effect: { kind: "unavailable", retryAfterSeconds: 60 },
        status: "INTERNAL",
        says: ["HTTP 503"],
      },
      { name: "503", effect: { kind: "unavailable" }, status: "INTERNAL", says: ["503"] },
      {
        name: "500 that quotes",
        effect: {
          kind: "answer",
          status: 500,
          headers: { "Retry-After": "0" },
          body: "hush-a-planted-value-x",
        },
        status: "INTERNAL",
        says: ["500"],
      },
      { name: "reset", effect: { kind: "reset" }, status: "INTERNAL", says: [".vault.azure.net"] },
      { name: "no JSON", effect: { kind: "garbage" }, status: "INTERNAL", says: ["answer"] },
      {
        name: "an empty 200",
        effect: { kind: "answer", status: 200, body: "" },
        status: "INTERNAL",
        says: ["answer"],
      },
      { name: "204", effect: { kind: "answer", status: 204, body: "" }, status: "INTERNAL", says: ["204"] },
      {
        name: "a list",
        effect: { kind: "rewrite", change: () => ["hush-a-planted-value-x"] },
        status: "INTERNAL",
        says: ["answer"],
      },
      { name: "null", effect: { kind: "rewrite", change: () => null }, status: "INTERNAL", says: ["answer"] },
      {
        name: "no value",
        effect: { kind: "rewrite", change: (b) => ({ ...(b as object), value: undefined }) },
        status: "INTERNAL",
        says: ["value"],
      },
      {
        name: "a value that is no text",
        effect: { kind: "rewrite", change: (b) => ({ ...(b as object), value: { a: 1 } }) },
        status: "INTERNAL",
        says: ["value"],
      },
      {
        name: "no id",
        effect: { kind: "rewrite", change: (b) => ({ ...(b as object), id: undefined }) },
        status: "INTERNAL",
        says: ["answer"],
      },
      {
        name: "an id of another object",
        effect: {
          kind: "rewrite",
          change: (b) => ({
            ...(b as object),
            id: "https://x.vault.azure.net/secrets/other/0123456789abcdef0123456789abcdef",
          }),
        },
        status: "INTERNAL",
        says: ["another object"],
      },
      {
        name: "an id that is no URL",
        effect: { kind: "rewrite", change: (b) => ({ ...(b as object), id: "hush-a-planted-value-x" }) },
        status: "INTERNAL",
        says: ["answer"],
      },
      {
        name: "attributes that are none",
        effect: {
          kind: "rewrite",
          change: (b) => ({ ...(b as object), attributes: "hush-a-planted-value-x", kid: 7 }),
        },
        status: "INTERNAL",
        says: ["answer"],
      },
    ];
    /** They wait most of their time between tries: all at once. */
    const running = new Map<string, Promise<MountFailure>>();
    before(() => {
      for (const { name, effect } of lasting) {
        const pod = world.pod();
        pod.plantSecret("one");
        world.emulator.faults.add(effect, { host: pod.vault.host });
        running.set(name, pod.mountError({ objects: secretYaml("one"), deadlineMs: 10_000 }));
      }
    });

    for (const { name, status, says } of lasting) {
      it(`${name}: ${status}`, async () => {
        const failure = (await running.get(name)) ?? expect.fail();
        expect(failure.status).to.equal(status);
        expect(failure.message).to.contain("failed to get objectType:secret, objectName:one");
        for (const words of says) expect(failure.message).to.contain(words);
      });
    }

    const tls = ["unknownAuthority", "expired", "wrongName", "reset"] as const;
    for (const fault of tls) {
      it(`TLS: ${fault}`, async () => {
        const pod = world.pod();
        world.emulator.faults.add({ kind: "tls", fault }, { host: pod.vault.host });
        const { status, message } = await pod.mountError(secretYaml("one"));
        expect(status).to.equal("INTERNAL");
        expect(message).to.contain(pod.vault.host);
        expect(world.emulator.requests.counts(({ vault }) => vault === pod.vault.name).total).to.equal(0);
      });
    }
  });

  describe("a vault that hangs", () => {
    it("ends with the call's deadline, and its request is closed", async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      const hang = world.emulator.faults.add({ kind: "hang" }, { host: pod.vault.host });
      const { status } = await pod.mountError({ objects: secretYaml("one"), deadlineMs: 1500 });
      expect(status).to.equal("INTERNAL");
      expect(hang.hits).to.equal(1);
      await waitUntil(() => world.emulator.requests.inFlight === 0, "the vault's request was closed");
    });

    it("and a call that is cancelled: its request is closed", async () => {
      const pod = world.pod();
      const hang = world.emulator.faults.add({ kind: "hang" }, { host: pod.vault.host });
      const stop = new AbortController();
      const failure = pod.mountError({ objects: secretYaml("one"), signal: stop.signal });
      await waitUntil(() => hang.hits === 1, "the vault was asked");
      stop.abort();
      expect((await failure).status).to.equal("CANCELLED");
      await waitUntil(() => world.emulator.requests.inFlight === 0, "the vault's request was closed");
    });

    it("delays no other pod", async () => {
      const [stuck, other] = [world.pod(), world.pod()];
      world.emulator.faults.add({ kind: "hang" }, { host: stuck.vault.host });
      const failures = Array.from({ length: 20 }, () => {
        const stop = new AbortController();
        return { stop, failure: stuck.mountError({ objects: secretYaml("one"), signal: stop.signal }) };
      });
      const value = other.plantSecret("one");
      const { files } = await other.mount({ objects: secretYaml("one"), deadlineMs: 5000 });
      expect(files.get("one")?.text).to.equal(value);
      for (const { stop } of failures) stop.abort();
      for (const { failure } of failures) expect((await failure).status).to.equal("CANCELLED");
    });
  });
});
