import { expect } from "chai";
import { objectsYaml, secretYaml } from "../support/objects-yaml.js";
import { plant } from "../support/secrecy.js";
import { World } from "../support/world.js";

const KLOG_LINE = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ [\w.-]+:\d+\] .+$/;

/** A secret, a token and a password in every place where a class, a pod, a vault or an identity can put one. */
async function goThroughEverything(world: World): Promise<void> {
  const pod = world.pod();
  pod.vault.setSecret("one", plant());
  pod.vault.setSecret("another", plant());
  await pod.mount(secretYaml("one"));
  await pod.mountError(objectsYaml({ objectName: "one", objectType: "secret", objectEncoding: "hex" }));
  await pod.mountError(secretYaml("absent"));
  const service = world.pod({ identity: "service-principal" });
  service.plantSecret("one");
  await service.mount(secretYaml("one"));
  await service.mountError({
    objects: secretYaml("one"),
    volume: { nodePublishSecret: { clientid: service.clientId, clientsecret: plant() } },
  });
  await service.mountError({
    objects: secretYaml("one"),
    volume: { nodePublishSecret: { clientid: plant(), clientsecret: plant() } },
  });
  await pod.mountError({ objects: secretYaml("one"), request: { secrets: `{"x":"${plant()}` } });
  await pod.mountError({ request: { attributes: `{"x":"${plant()}` } });
  world.emulator.faults.add(
    { kind: "rewrite", change: (body) => ({ ...(body as object), id: plant(), contentType: [plant()] }) },
    { host: pod.vault.host, times: 1 },
  );
  await pod.mountError(secretYaml("another")); // what a remount is answered with is asked of nobody
}

describe("the log as text", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  it("has klog's lines, all on standard error, none with a value", async () => {
    await goThroughEverything(world);
    const lines = world.provider.output.split("\n").filter((line) => line !== "");
    expect(lines.length).to.be.greaterThan(5);
    for (const line of lines) expect(line).to.match(KLOG_LINE);
  });

  it("has pod, namespace, vault, object and duration of a failed mount, and starts its line with E", async () => {
    const pod = world.pod();
    await pod.mountError(secretYaml("absent"));
    const line = world.provider.output
      .split("\n")
      .find((text) => text.startsWith("E") && text.includes(pod.name));
    expect(line)
      .to.contain(pod.namespace)
      .and.contain(pod.vault.name)
      .and.contain("absent")
      .and.match(/duration/i);
  });

  for (const [name, forged] of Object.entries({
    "a line end": "shop\nE1124 00:00:00.000000       1 provider.js:0] forged-line",
    "a carriage return": "shop\rE1124 00:00:00.000000       1 provider.js:0] forged-line",
    "a line separator": "shop\u2028E1124 forged-line",
    "terminal codes": "shop\u001b[2K\u001b[1Aforged-line",
    "a right-to-left override": "shop\u202eforged-line",
    quotes: 'shop" forged-line="x',
  })) {
    it(`cannot be forged by ${name} in what a pod's author writes`, async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      const before = world.provider.output.length;
      for (const input of [
        { volume: { podName: forged } },
        { volume: { podNamespace: forged } },
        { volume: { secretProviderClass: forged } },
        { parameters: { keyvaultName: forged } },
        { parameters: { tenantID: forged } },
        { parameters: { cloudName: forged } },
        { parameters: { [forged]: forged } },
        { parameters: { clientID: forged } },
        { objects: secretYaml(JSON.stringify(forged)) },
        {
          objects: secretYaml("one", {
            objectAlias: JSON.stringify(forged),
            objectType: JSON.stringify(forged),
          }),
        },
        { request: { targetPath: forged } },
      ]) {
        await pod.mount({ objects: secretYaml("one"), ...input }).catch((error: unknown) => {
          expect(String(error)).not.to.match(/[\r\n\u2028\u202e\u001b]/);
        });
      }
      const lines = world.provider.output
        .slice(before)
        .split("\n")
        .filter((line) => line !== "");
      for (const line of lines)
        expect(line)
          .to.match(KLOG_LINE)
          .and.not.match(/[\r\u2028\u202e\u001b]/);
    });
  }
});

describe("the log as JSON", () => {
  let world: World;
  before(async () => {
    world = await World.start({ flags: ["--log-format-json"] });
  });
  after(async () => {
    await world.stop();
  });

  it("has one object a line with ts and msg, none with a value", async () => {
    await goThroughEverything(world);
    const lines = world.provider.output.split("\n").filter((line) => line !== "");
    expect(lines.length).to.be.greaterThan(5);
    for (const line of lines) {
      const entry = JSON.parse(line) as Record<string, unknown>;
      expect(entry).to.include.keys("ts", "msg");
    }
  });

  it("cannot be forged by a line end", async () => {
    const pod = world.pod();
    await pod.mountError({
      objects: secretYaml("one"),
      volume: { podName: 'shop"}\n{"ts":1,"msg":"forged"}' },
      parameters: { keyvaultName: '"}\n{"msg":"forged"}' },
    });
    const lines = world.provider.output.split("\n").filter((line) => line !== "");
    for (const line of lines) {
      expect((JSON.parse(line) as { msg: string }).msg).not.to.equal("forged");
    }
  });
});
