import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { SeenRequest } from "../../emulator/cluster/double-server.js";
import type { Effect } from "../../emulator/emulator.js";
import { startImds, type ImdsDouble } from "../../emulator/imds/imds-double.js";
import { secretYaml } from "../support/objects-yaml.js";
import type { MountFailure, MountInput, Pod } from "../support/pod.js";
import { NodeWorld } from "./support/node-world.js";

const OBJECTS = secretYaml("one");
const SYSTEM_ASSIGNED: MountInput = { objects: OBJECTS, parameters: { userAssignedIdentityID: undefined } };

describe("VM managed identity, by IMDS at 169.254.169.254:80", () => {
  let node: NodeWorld;
  let imds: ImdsDouble;

  before(async () => {
    node = await NodeWorld.start();
    imds = node.add(await startNodeImds());
  });
  after(() => node.stop());
  afterEach(() => {
    imds.faults.clear();
    imds.identities.removeSystem();
  });

  const startNodeImds = (): Promise<ImdsDouble> =>
    startImds({ directory: node.world.emulator.entra, listenOn: "169.254.169.254", port: 80 });

  /** A pod whose identity, which may read its vault, is assigned to the node. */
  function podOfNode(): Pod {
    const pod = podWithout();
    imds.identities.assignUser(pod.application.principal, pod.name);
    return pod;
  }

  function podWithout(): Pod {
    const pod = node.pod({ identity: "managed-identity" });
    pod.plantSecret("one");
    return pod;
  }

  /** What IMDS was asked for this pod's identity. */
  const questions = (pod: Pod): SeenRequest[] =>
    imds.requests.filter(({ query }) => query["client_id"] === pod.clientId);

  const readers = (pod: Pod): (string | undefined)[] =>
    node.world.emulator.requests
      .filter(({ vault, kind }) => vault === pod.vault.name && kind === "read")
      .map(({ principal }) => principal?.clientId);

  describe("signs in", () => {
    it("as the user-assigned identity of the class", async () => {
      const pod = podOfNode();
      imds.identities.assignSystem(podWithout().application.principal);
      await pod.mount(OBJECTS);
      expect(readers(pod)).to.deep.equal([pod.clientId]);
      const [question, ...others] = questions(pod);
      expect(others).to.deep.equal([]);
      expect(question).to.deep.include({
        method: "GET",
        host: "169.254.169.254",
        path: "/metadata/identity/oauth2/token",
        query: { "api-version": "2018-02-01", resource: "https://vault.azure.net", client_id: pod.clientId },
        status: 200,
      });
    });

    it("as the system-assigned identity where the class names none", async () => {
      const pod = podWithout();
      imds.identities.assignSystem(pod.application.principal);
      const before = imds.requests.length;
      await pod.mount(SYSTEM_ASSIGNED);
      expect(readers(pod)).to.deep.equal([pod.clientId]);
      expect(imds.requests.slice(before).map(({ query }) => query)).to.deep.equal([
        { "api-version": "2018-02-01", resource: "https://vault.azure.net" },
      ]);
    });

    it("with an id in upper case and blanks around it", async () => {
      const pod = podOfNode();
      const userAssignedIdentityID = ` ${pod.clientId.toUpperCase()} `;
      await pod.mount({ objects: OBJECTS, parameters: { userAssignedIdentityID } });
      expect(readers(pod)).to.deep.equal([pod.clientId]);
    });

    it("of two classes at once each as its own", async () => {
      const pods = Array.from({ length: 8 }, podOfNode);
      await Promise.all(pods.map((pod) => pod.mount(OBJECTS)));
      for (const pod of pods) expect(readers(pod)).to.deep.equal([pod.clientId]);
    });

    it("beside a clientID whose token is there, which is ignored", async () => {
      const pod = podOfNode();
      const federated = node.pod({ identity: "workload-identity" });
      await pod.mount({
        objects: OBJECTS,
        parameters: { clientID: federated.clientId },
        volume: { serviceAccountTokens: federated.tokens(federated.serviceAccountToken()) ?? {} },
      });
      expect(readers(pod)).to.deep.equal([pod.clientId]);
    });
  });

  it("asks IMDS and the vault, and nobody else, whatever the environment names", async () => {
    const pod = podOfNode();
    const contacts = await node.contactsDuring(() => pod.mount(OBJECTS));
    const [vaultHost = ""] = contacts.byProxy;
    expect(vaultHost).to.equal(`${pod.vault.name}.vault.azure.net`);
    expect(new Set(contacts.byProxy)).to.have.property("size", 1);
    expect(contacts).to.deep.include({ names: [], elsewhere: 0 });
    expect(questions(pod)).to.have.length(1);
  });

  describe("that IMDS refuses for good is asked for once, and no vault is", () => {
    const invalid = (description: string): Effect => ({
      kind: "answer",
      status: 400,
      body: { error: "invalid_request", error_description: description },
    });
    const cases: { name: string; effect?: Effect; input?: MountInput; says: string[] }[] = [
      {
        name: "an identity that the node does not have",
        says: ["HTTP 400 invalid_request (Identity not found)", "check userAssignedIdentityID"],
      },
      {
        name: "a system-assigned identity on a node without one",
        input: SYSTEM_ASSIGNED,
        effect: invalid("Multiple user assigned identities exist, please specify the clientId"),
        says: ["HTTP 400", "Multiple user assigned identities exist", "set userAssignedIdentityID"],
      },
      {
        name: "a cloud that the node is not in",
        effect: {
          kind: "answer",
          status: 400,
          body: { error: "invalid_resource", error_description: "AADSTS500011: The resource principal" },
        },
        says: ["AADSTS500011", "check cloudName"],
      },
      { name: "HTTP 403", effect: { kind: "answer", status: 403, body: "" }, says: ["HTTP 403"] },
    ];
    for (const { name, effect, input, says } of cases) {
      it(name, async () => {
        const pod = podWithout();
        if (effect !== undefined) imds.faults.add(effect);
        const before = imds.requests.length;
        const { status, message } = await pod.mountError(input ?? OBJECTS);
        expect(status).to.equal("UNAUTHENTICATED");
        for (const words of says) expect(message).to.contain(words);
        expect(imds.requests.length - before).to.equal(1);
        expect(node.world.emulator.requests.counts(({ vault }) => vault === pod.vault.name).total).to.equal(
          0,
        );
      });
    }
  });

  it("asks for the resource of the class's cloud", async () => {
    const pod = podOfNode();
    const { message } = await pod.mountError({
      objects: OBJECTS,
      parameters: { cloudName: "AzureUSGovernmentCloud" },
    });
    expect(questions(pod).map(({ query }) => query["resource"])).to.deep.equal([
      "https://vault.usgovcloudapi.net",
    ]);
    expect(message).to.contain("AADSTS500011").and.to.contain("https://vault.usgovcloudapi.net");
  });

  describe("does not believe just anything", () => {
    const cases: [name: string, effect: Effect, status: string, says: string][] = [
      [
        "a redirect, which is not followed",
        { kind: "redirect", location: "http://10.99.0.9/metadata/identity/oauth2/token" },
        "INTERNAL",
        "did not answer as itself",
      ],
      ["an answer that is no JSON", { kind: "garbage" }, "INTERNAL", "not JSON"],
      [
        "another identity's token",
        {
          kind: "rewrite",
          change: (body) => ({ ...(body as object), client_id: randomUUID() }),
        },
        "INTERNAL",
        "another identity",
      ],
      ["an answer without an end", { kind: "hugeBody" }, "INTERNAL", "did not answer as itself"],
    ];
    for (const [name, effect, status, says] of cases) {
      it(name, async () => {
        const pod = podOfNode();
        imds.faults.add(effect);
        let failure: MountFailure | undefined;
        const contacts = await node.contactsDuring(async () => {
          failure = await pod.mountError(OBJECTS);
        });
        expect(failure?.status).to.equal(status);
        expect(failure?.message).to.contain(says);
        expect(contacts).to.deep.include({ names: [], byProxy: [], elsewhere: 0 });
      });
    }
  });

  /** Each waits for seconds, as the service's documentation asks; so all wait at the same time. */
  describe("asks again while IMDS is busy", () => {
    const answer = (status: number, headers: Record<string, string> = {}): Effect => ({
      kind: "answer",
      status,
      headers,
      body: { error: "unknown", error_description: "try again" },
    });
    /** `waits`: the least that lies between two questions, in seconds (2, 4, 8 … less a fifth). */
    const cases: { name: string; effects: Effect[]; waits: number[]; ends: "well" | MountFailure }[] = [
      { name: "HTTP 404", effects: [answer(404)], waits: [1.6], ends: "well" },
      { name: "HTTP 410", effects: [answer(410), answer(410)], waits: [1.6, 3.2], ends: "well" },
      { name: "HTTP 429", effects: [answer(429)], waits: [1.6], ends: "well" },
      {
        name: "HTTP 429 with a Retry-After of 4 s",
        effects: [answer(429, { "Retry-After": "4" })],
        waits: [4],
        ends: "well",
      },
      { name: "HTTP 500, then 503", effects: [answer(500), answer(503)], waits: [1.6, 3.2], ends: "well" },
      { name: "a broken connection", effects: [{ kind: "reset" }], waits: [1.6], ends: "well" },
      {
        name: "a connection that breaks a third time, and then not",
        effects: [{ kind: "reset" }, { kind: "reset" }, { kind: "reset" }],
        waits: [1.6, 3.2],
        ends: { status: "INTERNAL", message: "the node's metadata service (IMDS) cannot be reached" },
      },
      {
        name: "HTTP 429, and ends with HTTP 400",
        effects: [answer(429), answer(400)],
        waits: [1.6],
        ends: { status: "UNAUTHENTICATED", message: "HTTP 400 unknown (try again)" },
      },
    ];
    const outcomes = new Map<string, { pod: Pod; failure: MountFailure | undefined }>();

    before(async () => {
      const runs = cases.map(async ({ name, effects, ends }) => {
        const pod = podOfNode();
        effects.forEach((effect) => {
          imds.faults.add(effect, { query: { client_id: pod.clientId }, times: 1 });
        });
        outcomes.set(name, {
          pod,
          failure: ends === "well" ? (await pod.mount(OBJECTS), undefined) : await pod.mountError(OBJECTS),
        });
      });
      await Promise.all(runs);
    });

    for (const { name, waits, ends } of cases) {
      it(name, () => {
        const { pod, failure } = outcomes.get(name) ?? expect.fail("it did not run");
        const times = questions(pod).map(({ atMs }) => atMs);
        expect(times).to.have.length(waits.length + 1);
        waits.forEach((seconds, i) => {
          // The clock that stamps a request may tick between the timer's end and its arrival, never before.
          expect((times[i + 1] ?? 0) - (times[i] ?? 0)).to.be.at.least(seconds * 1_000 - 5);
        });
        if (ends === "well") return;
        expect(failure?.status).to.equal(ends.status);
        expect(failure?.message).to.contain(ends.message);
      });
    }
  });

  it("asks no more once the driver has given up", async () => {
    const pod = podOfNode();
    imds.faults.add({ kind: "unavailable" });
    const { status } = await pod.mountError({ objects: OBJECTS, deadlineMs: 700 });
    expect(status).to.equal("INTERNAL");
    await sleep(2_500); // the first wait is 2.4 s at most
    expect(questions(pod)).to.have.length(1);
  });

  it("says what to do where there is no IMDS", async () => {
    const pod = podOfNode();
    await imds.close();
    let failure: MountFailure | undefined;
    const contacts = await node.contactsDuring(async () => {
      failure = await pod.mountError(OBJECTS);
    });
    imds = node.add(await startNodeImds());
    expect(failure?.status).to.equal("INTERNAL");
    expect(failure?.message).to.contain("cannot be reached").and.to.contain("Azure virtual machines only");
    // Three tries at the one address, and no other way is looked for.
    expect(contacts).to.deep.equal({ names: [], byProxy: [], direct: 0, elsewhere: 3 });
  });
});
