import { expect } from "chai";
import type { Effect } from "../../emulator/emulator.js";
import { startNmi, type NmiDouble } from "../../emulator/nmi/nmi-double.js";
import { secretYaml } from "../support/objects-yaml.js";
import type { MountFailure, Pod } from "../support/pod.js";
import { waitUntil } from "../support/wait.js";
import { NodeWorld } from "./support/node-world.js";

const OBJECTS = secretYaml("one");
const PORT = 2579;

describe("AAD Pod Identity, by NMI at localhost:2579", () => {
  let node: NodeWorld;
  let nmi: NmiDouble;

  before(async () => {
    node = await NodeWorld.start();
    nmi = node.add(await startNodeNmi());
  });
  after(() => node.stop());
  afterEach(() => {
    nmi.faults.clear();
  });

  const startNodeNmi = (): Promise<NmiDouble> =>
    startNmi({ directory: node.world.emulator.entra, port: PORT });

  /** A pod whose identity is assigned to it, and may read its vault. */
  function boundPod(): Pod {
    const pod = unboundPod();
    nmi.assign(pod, pod.application.principal);
    return pod;
  }

  function unboundPod(): Pod {
    const pod = node.pod({ identity: "pod-identity" });
    pod.plantSecret("one");
    return pod;
  }

  const readers = (pod: Pod): (string | undefined)[] =>
    node.world.emulator.requests
      .filter(({ vault, kind }) => vault === pod.vault.name && kind === "read")
      .map(({ principal }) => principal?.clientId);

  it("signs in as the identity of the pod that the driver names", async () => {
    const pods = [boundPod(), boundPod()];
    const before = nmi.requests.length;
    await Promise.all(pods.map((pod) => pod.mount(OBJECTS)));
    for (const pod of pods) expect(readers(pod)).to.deep.equal([pod.clientId]);
    const questions = nmi.requests.slice(before);
    expect(questions).to.have.length(2);
    for (const question of questions) {
      expect(question).to.deep.include({
        method: "GET",
        host: `localhost:${PORT}`,
        path: "/host/token/",
        query: { resource: "https://vault.azure.net" },
        status: 200,
      });
    }
  });

  it("asks for the resource of the class's cloud", async () => {
    const pod = node.pod({ identity: "pod-identity", suffix: "vault.azure.cn" });
    nmi.assign(pod, pod.application.principal);
    // This node is in the public cloud, whose tokens that vault refuses.
    const input = { objects: secretYaml("one"), parameters: { cloudName: "AzureChinaCloud" } };
    expect((await pod.mountError(input)).message).to.contain("Invalid issuer");
    expect(nmi.requests.at(-1)?.query).to.deep.equal({ resource: "https://vault.azure.cn" });
  });

  it("asks NMI and the vault, and nobody else, whatever the environment names", async () => {
    const pod = boundPod();
    const contacts = await node.contactsDuring(() => pod.mount(OBJECTS));
    expect([...new Set(contacts.byProxy)]).to.deep.equal([`${pod.vault.name}.vault.azure.net`]);
    expect(contacts).to.deep.include({ names: [], elsewhere: 0 });
  });

  it("never serves a pod from what another one got", async () => {
    const pod = boundPod();
    await pod.mount(OBJECTS);
    const { status } = await pod.mountError({ objects: OBJECTS, volume: { podName: "thief" } });
    expect(status).to.equal("UNAUTHENTICATED");
    // Its namesake of later is another pod: what NMI said of the first is not said of it.
    nmi.unassign(pod);
    const namesake = { objects: OBJECTS, volume: { podUid: "0a1b2c3d-0000-4000-8000-000000000001" } };
    expect((await pod.mountError(namesake)).message).to.contain("status code: 403");
  });

  describe("tells what NMI says, and asks it once", () => {
    const answer = (status: number, body = ""): Effect => ({ kind: "answer", status, body });
    const cases: { name: string; effect?: Effect; status: string; says: string[] }[] = [
      {
        name: "no identity is assigned",
        status: "UNAUTHENTICATED",
        says: [
          "nmi response failed with status code: 403, err: getting assigned identities",
          "aadpodidbinding",
        ],
      },
      {
        name: "HTTP 404",
        effect: answer(404, "ASSIGNED"),
        status: "UNAUTHENTICATED",
        says: ["nmi response failed with status code: 404, err: ASSIGNED", "still being assigned"],
      },
      {
        name: "HTTP 429",
        effect: { kind: "throttled" },
        status: "INTERNAL",
        says: ["nmi response failed with status code: 429"],
      },
      {
        name: "HTTP 500",
        effect: answer(500, "out of order"),
        status: "INTERNAL",
        says: ["nmi response failed with status code: 500, err: out of order", "log of NMI"],
      },
      {
        name: "a redirect",
        effect: { kind: "redirect", location: "http://10.99.0.9/host/token/" },
        status: "INTERNAL",
        says: ["did not answer as itself"],
      },
      { name: "no JSON", effect: { kind: "garbage" }, status: "INTERNAL", says: ["not JSON"] },
    ];
    for (const { name, effect, status, says } of cases) {
      it(name, async () => {
        const pod = unboundPod();
        if (effect !== undefined) nmi.faults.add(effect);
        const before = nmi.requests.length;
        let failure: MountFailure | undefined;
        const contacts = await node.contactsDuring(async () => {
          failure = await pod.mountError(OBJECTS);
        });
        expect(failure?.status).to.equal(status);
        for (const words of says) expect(failure?.message).to.contain(words);
        expect(nmi.requests.length - before).to.equal(1);
        expect(contacts).to.deep.include({ names: [], byProxy: [], elsewhere: 0 });
      });
    }
  });

  it("waits no longer than the driver", async () => {
    const pod = boundPod();
    nmi.faults.add({ kind: "hang" });
    const before = nmi.requests.length;
    const { status } = await pod.mountError({ objects: OBJECTS, deadlineMs: 500 });
    expect(status).to.equal("INTERNAL");
    await waitUntil(() => nmi.requests.length === before + 1, "the question to NMI");
    nmi.faults.clear();
    await pod.mount(OBJECTS);
  });

  it("says what to do where there is no NMI, at once", async () => {
    const pod = boundPod();
    await nmi.close();
    let failure: MountFailure | undefined;
    const contacts = await node.contactsDuring(async () => {
      failure = await pod.mountError(OBJECTS);
    });
    nmi = node.add(await startNodeNmi());
    expect(failure?.status).to.equal("INTERNAL");
    expect(failure?.message).to.contain("cannot be reached").and.to.contain("hostNetwork");
    expect(contacts).to.deep.equal({ names: [], byProxy: [], direct: 0, elsewhere: 1 });
  });
});
