import { expect } from "chai";
import { forge } from "../support/forge.js";
import { secretYaml } from "../support/objects-yaml.js";
import type { MountInput, Pod } from "../support/pod.js";
import { plant } from "../support/secrecy.js";
import { waitUntil } from "../support/wait.js";
import { World } from "../support/world.js";

const OBJECTS = secretYaml("one");

/** What one proof has brought is for that proof alone: not for another one that names the same tenant and client. */
describe("a proof that is wrong, beside one that is right", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });
  afterEach(() => {
    world.emulator.faults.clear();
  });

  const cases: {
    mode: "workload-identity" | "service-principal";
    wrong: [name: string, input: (pod: Pod) => MountInput, code: string][];
  }[] = [
    {
      mode: "workload-identity",
      wrong: [
        ["a forged signature", (pod) => withToken(pod, forge(pod.serviceAccountToken())), "AADSTS50013"],
        [
          "another service account",
          (pod) => withToken(pod, pod.serviceAccountToken({ serviceAccount: "thief" })),
          "AADSTS700213",
        ],
        [
          "an expired token",
          (pod) => withToken(pod, pod.serviceAccountToken({ expiresInSeconds: -3_600 })),
          "AADSTS700024",
        ],
      ],
    },
    {
      mode: "service-principal",
      wrong: [
        [
          "a wrong secret",
          (pod) => ({
            objects: OBJECTS,
            volume: { nodePublishSecret: { clientid: pod.clientId, clientsecret: plant() } },
          }),
          "AADSTS7000215",
        ],
      ],
    },
  ];

  for (const { mode, wrong } of cases) {
    for (const [name, input, code] of wrong) {
      it(`${mode}, ${name}: refused after the right one`, async () => {
        const pod = preparedPod(mode);
        await pod.mount(OBJECTS);
        await pod.mount(OBJECTS);
        const { status, message } = await pod.mountError({ objects: OBJECTS, ...input(pod) });
        expect(status).to.equal("UNAUTHENTICATED");
        expect(message).to.contain(code);
      });

      it(`${mode}, ${name}: refused at the same time`, async () => {
        const pod = preparedPod(mode);
        // All are on their way before the first is answered.
        world.emulator.faults.add({ kind: "delay", delayMs: 100 }, { kind: "token" });
        const right = Array.from({ length: 5 }, () => pod.mount(OBJECTS));
        const refused = Array.from({ length: 5 }, () => pod.mountError({ objects: OBJECTS, ...input(pod) }));
        for (const { files } of await Promise.all(right)) expect(files).to.have.property("size", 1);
        for (const { message } of await Promise.all(refused)) expect(message).to.contain(code);
      });

      it(`${mode}, ${name}: refused while the right one's secret is being read`, async () => {
        const pod = preparedPod(mode);
        const slow = world.emulator.faults.add(
          { kind: "delay", delayMs: 400 },
          { host: pod.vault.host, kind: "read" },
        );
        const right = pod.mount(OBJECTS);
        await waitUntil(() => slow.hits === 1, "the vault is asked");
        const { message } = await pod.mountError({ objects: OBJECTS, ...input(pod) });
        expect(message).to.contain(code);
        await right;
        const reads = world.emulator.requests.counts(({ vault }) => vault === pod.vault.name).read;
        expect(reads).to.equal(1);
      });
    }
  }

  function preparedPod(identity: "workload-identity" | "service-principal"): Pod {
    const pod = world.pod({ identity });
    pod.plantSecret("one");
    return pod;
  }
});

function withToken(pod: Pod, token: string): MountInput {
  return { objects: OBJECTS, volume: { serviceAccountTokens: pod.tokens(token) ?? {} } };
}
