import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { forge } from "../support/forge.js";
import { secretYaml } from "../support/objects-yaml.js";
import { WORKLOAD_AUDIENCE, type MountInput, type Pod } from "../support/pod.js";
import { World } from "../support/world.js";

describe("workload identity", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  it("signs in with the pod's own token as client assertion", async () => {
    const pod = world.pod();
    const value = pod.plantSecret("one");
    const { files } = await pod.mount(secretYaml("one"));
    expect(files.get("one")?.text).to.equal(value);
    const reads = world.emulator.requests.filter(
      ({ vault, kind }) => vault === pod.vault.name && kind === "read",
    );
    expect(reads.map(({ principal }) => principal)).to.deep.equal([
      { tenantId: pod.tenantId, clientId: pod.clientId, objectId: pod.application.objectId },
    ]);
  });

  it("picks the token of its audience among several", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    const other = pod.serviceAccountToken({ audience: "vault" });
    await pod.mount({
      objects: secretYaml("one"),
      volume: {
        serviceAccountTokens: {
          ...pod.tokens(other, "vault"),
          ...pod.tokens(pod.serviceAccountToken()),
          ...pod.tokens("", ""),
        },
      },
    });
  });

  it("wins over secrets that came beside it", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    await pod.mount({
      objects: secretYaml("one"),
      volume: { nodePublishSecret: { clientid: randomUUID(), clientsecret: "wrong" } },
    });
  });

  it("of the class's clientID, in any case of letters", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    await pod.mount({ objects: secretYaml("one"), parameters: { clientID: pod.clientId.toUpperCase() } });
  });

  describe("without a usable token is refused before anything is asked", () => {
    const cases: { name: string; input: (pod: Pod) => MountInput; says: string }[] = [
      {
        name: "no tokens",
        input: () => ({ request: {} }),
        says: "service account tokens not found",
      },
      {
        name: "tokens for another audience",
        input: (pod) => ({
          volume: { serviceAccountTokens: pod.tokens(pod.serviceAccountToken(), "vault") ?? {} },
        }),
        says: `token for audience ${WORKLOAD_AUDIENCE} not found`,
      },
      {
        name: "an empty token",
        input: (pod) => ({ volume: { serviceAccountTokens: pod.tokens("") ?? {} } }),
        says: WORKLOAD_AUDIENCE,
      },
      ...["not JSON hush-a-planted-value-x", "[]", "null", '"text"', "7"].map((tokens) => ({
        name: `tokens that are ${tokens.slice(0, 8)}`,
        input: (): MountInput => ({
          parameters: { "csi.storage.k8s.io/serviceAccount.tokens": tokens },
        }),
        says: "failed to parse workload identity tokens",
      })),
      ...[null, 7, {}, { token: 7 }, { token: null }, { token: "a b\nc" }].map((entry) => ({
        name: `an audience's entry that is ${JSON.stringify(entry)}`,
        input: (): MountInput => ({
          parameters: {
            "csi.storage.k8s.io/serviceAccount.tokens": JSON.stringify({ [WORKLOAD_AUDIENCE]: entry }),
          },
        }),
        says: WORKLOAD_AUDIENCE,
      })),
      {
        name: "an audience that is only inherited",
        input: (pod) => ({
          parameters: {
            "csi.storage.k8s.io/serviceAccount.tokens": `{"__proto__":${JSON.stringify(pod.tokens(pod.serviceAccountToken()))}}`,
          },
        }),
        says: `token for audience ${WORKLOAD_AUDIENCE} not found`,
      },
    ];
    for (const { name, input, says } of cases) {
      it(name, async () => {
        const pod = world.pod();
        const given = { objects: secretYaml("one"), ...input(pod) };
        const hasTokens = given.volume?.serviceAccountTokens !== undefined;
        const { status, message } = await pod.mountError(hasTokens ? given : withoutTokens(pod, given));
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain(says);
        expect(world.emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).total).to.equal(0);
      });
    }

    it("also beside useVMManagedIdentity", async () => {
      const pod = world.pod();
      const { message } = await pod.mountError(
        withoutTokens(pod, { objects: secretYaml("one"), parameters: { useVMManagedIdentity: "true" } }),
      );
      expect(message).to.contain("service account tokens not found");
    });
  });

  describe("that Entra ID does not accept is UNAUTHENTICATED, with its code", () => {
    const cases: { name: string; input: (pod: Pod) => MountInput; code: string }[] = [
      {
        name: "a token of another service account",
        code: "AADSTS700213",
        input: withToken({ serviceAccount: "thief" }),
      },
      {
        name: "a token of another namespace",
        code: "AADSTS700213",
        input: withToken({ namespace: "thieves" }),
      },
      {
        name: "a token of another cluster",
        code: "AADSTS700211",
        input: (pod) =>
          tokenOf(
            pod,
            issuer("https://other.example/").serviceAccountToken({
              namespace: pod.namespace,
              serviceAccount: pod.serviceAccount,
            }),
          ),
      },
      { name: "a token for another audience", code: "AADSTS700212", input: withToken({ audience: "vault" }) },
      { name: "an expired token", code: "AADSTS700024", input: withToken({ expiresInSeconds: -3600 }) },
      {
        name: "a token that somebody else has signed",
        code: "AADSTS50013",
        input: (pod) => tokenOf(pod, forge(pod.serviceAccountToken())),
      },
      {
        name: "a client ID that the tenant does not know",
        code: "AADSTS700016",
        input: () => ({ parameters: { clientID: randomUUID() } }),
      },
      {
        name: "another application's client ID",
        code: "AADSTS70021",
        input: (pod) => {
          const clientID = randomUUID();
          world.emulator.entra.tenant(pod.tenantId).application({ clientId: clientID });
          return { parameters: { clientID } };
        },
      },
      {
        name: "a tenant that does not exist",
        code: "AADSTS90002",
        input: () => ({ parameters: { tenantID: randomUUID() } }),
      },
    ];
    for (const { name, input, code } of cases) {
      it(`${name}: ${code}`, async () => {
        const pod = world.pod();
        pod.plantSecret("one");
        const { status, message } = await pod.mountError({ objects: secretYaml("one"), ...input(pod) });
        expect(status).to.equal("UNAUTHENTICATED");
        expect(message).to.contain(code);
        expect(world.emulator.requests.counts(({ vault }) => vault === pod.vault.name).total).to.equal(0);
      });
    }

    it("a token that is no token", async () => {
      const pod = world.pod();
      const { status } = await pod.mountError({ objects: secretYaml("one"), ...tokenOf(pod, "not.a.token") });
      expect(status).to.be.oneOf(["UNAUTHENTICATED", "INVALID_ARGUMENT"]);
    });
  });

  it("a forged token is not served from what a right one has brought before", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    await pod.mount(secretYaml("one"));
    const { status } = await pod.mountError({
      objects: secretYaml("one"),
      ...tokenOf(pod, forge(pod.serviceAccountToken())),
    });
    expect(status).to.equal("UNAUTHENTICATED");
  });

  it("of two pods at once each read as themselves", async () => {
    const pods = Array.from({ length: 10 }, () => world.pod());
    const values = pods.map((pod) => pod.plantSecret("one"));
    const mounts = await Promise.all(pods.map((pod) => pod.mount(secretYaml("one"))));
    expect(mounts.map(({ files }) => files.get("one")?.text)).to.deep.equal(values);
    for (const pod of pods) {
      const ids = world.emulator.requests
        .filter(({ vault, kind }) => vault === pod.vault.name && kind === "read")
        .map(({ principal }) => principal?.clientId);
      expect(ids).to.deep.equal([pod.clientId]);
    }
  });

  function issuer(url: string): ReturnType<typeof world.emulator.entra.issuer> {
    return world.emulator.entra.issuer(url);
  }
});

function tokenOf(pod: Pod, token: string): MountInput {
  return { volume: { serviceAccountTokens: pod.tokens(token) ?? {} } };
}

function withToken(changes: Parameters<Pod["serviceAccountToken"]>[0]): (pod: Pod) => MountInput {
  return (pod) => tokenOf(pod, pod.serviceAccountToken(changes));
}

/** As if the CSIDriver object asked for no tokens. */
function withoutTokens(pod: Pod, input: MountInput): MountInput {
  const request = pod.request(input);
  const attributes = JSON.parse(String(request.attributes)) as Record<string, string>;
  const key = "csi.storage.k8s.io/serviceAccount.tokens";
  const given = input.parameters?.[key];
  return {
    ...input,
    request: { ...request, attributes: JSON.stringify({ ...attributes, [key]: given }) },
  };
}
