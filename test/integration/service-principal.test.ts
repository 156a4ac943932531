import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import type { MountInput, Pod } from "../support/pod.js";
import { plant } from "../support/secrecy.js";
import { World } from "../support/world.js";

describe("service principal", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  const withSecret = (data: Record<string, string>): MountInput => ({
    objects: secretYaml("one"),
    volume: { nodePublishSecret: data },
  });

  describe("signs in", () => {
    const cases: [string, (pod: Pod) => Record<string, string>][] = [
      [
        "with clientid and clientsecret",
        (pod) => ({ clientid: pod.clientId, clientsecret: pod.clientSecret }),
      ],
      ["with keys in odd case", (pod) => ({ ClientID: pod.clientId, CLIENTSECRET: pod.clientSecret })],
      [
        "with other keys beside them",
        (pod) => ({ tenant: "x", clientid: pod.clientId, clientsecret: pod.clientSecret, __proto: "y" }),
      ],
    ];
    for (const [name, data] of cases) {
      it(name, async () => {
        const pod = world.pod({ identity: "service-principal" });
        const value = pod.plantSecret("one");
        const { files } = await pod.mount(withSecret(data(pod)));
        expect(files.get("one")?.text).to.equal(value);
      });
    }

    it("also where the class carries a token but no clientID", async () => {
      const pod = world.pod({ identity: "service-principal" });
      pod.plantSecret("one");
      await pod.mount({
        objects: secretYaml("one"),
        volume: {
          serviceAccountTokens: pod.tokens(pod.serviceAccountToken()) ?? {},
          tokensInSecrets: true,
          nodePublishSecret: { clientid: pod.clientId, clientsecret: pod.clientSecret },
        },
      });
    });

    it("with a secret full of characters that forms and URLs use", async () => {
      const pod = world.pod({ identity: "service-principal" });
      const clientsecret = `${plant()}~&=+%?/ "'{}\\üñ`;
      pod.application.addSecret(clientsecret);
      pod.plantSecret("one");
      await pod.mount(withSecret({ clientid: pod.clientId, clientsecret }));
    });
  });

  describe("without what it needs is refused before anything is asked", () => {
    const cases: [string, MountInput, string][] = [
      [
        "null",
        { request: { secrets: "null" } },
        "failed to get credentials, nodePublishSecretRef secret is not set",
      ],
      [
        "{}",
        { request: { secrets: "{}" } },
        "failed to get credentials, nodePublishSecretRef secret is not set",
      ],
      [
        "nothing",
        { request: { secrets: "" } },
        "failed to get credentials, nodePublishSecretRef secret is not set",
      ],
      ["no clientid", withSecret({ clientsecret: plant() }), "could not find clientid in secrets"],
      [
        "an empty clientid",
        withSecret({ clientid: " ", clientsecret: plant() }),
        "could not find clientid in secrets",
      ],
      ["no clientsecret", withSecret({ clientid: randomUUID() }), "could not find clientsecret in secrets"],
      [
        "an empty clientsecret",
        withSecret({ clientid: randomUUID(), clientsecret: "" }),
        "could not find clientsecret in secrets",
      ],
      [
        "misspelt keys",
        withSecret({ "client-id": randomUUID(), client_secret: plant() }),
        "could not find clientid in secrets",
      ],
    ];
    for (const [name, input, says] of cases) {
      it(name, async () => {
        const pod = world.pod({ identity: "service-principal" });
        const { status, message } = await pod.mountError({ objects: secretYaml("one"), ...input });
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain(says);
        expect(world.emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).total).to.equal(0);
      });
    }
  });

  describe("that Entra ID does not accept is UNAUTHENTICATED, with its code", () => {
    const cases: [string, string, (pod: Pod) => MountInput][] = [
      [
        "a wrong secret",
        "AADSTS7000215",
        (pod) => withSecret({ clientid: pod.clientId, clientsecret: plant() }),
      ],
      [
        "an expired secret",
        "AADSTS7000222",
        (pod) => {
          const clientsecret = plant();
          pod.application.addSecret(clientsecret, Date.now() - 1000);
          return withSecret({ clientid: pod.clientId, clientsecret });
        },
      ],
      [
        "an unknown client",
        "AADSTS700016",
        (pod) => withSecret({ clientid: randomUUID(), clientsecret: pod.clientSecret }),
      ],
      [
        "a switched off application",
        "AADSTS7000112",
        (pod) => {
          pod.application.isDisabled = true;
          return {};
        },
      ],
      ["an unknown tenant", "AADSTS90002", () => ({ parameters: { tenantID: randomUUID() } })],
    ];
    for (const [name, code, input] of cases) {
      it(`${name}: ${code}`, async () => {
        const pod = world.pod({ identity: "service-principal" });
        pod.plantSecret("one");
        const { status, message } = await pod.mountError({ objects: secretYaml("one"), ...input(pod) });
        expect(status).to.equal("UNAUTHENTICATED");
        expect(message).to.contain(code);
        expect(world.emulator.requests.counts(({ vault }) => vault === pod.vault.name).total).to.equal(0);
      });
    }

    it("a wrong secret beside a right one that was accepted before", async () => {
      const pod = world.pod({ identity: "service-principal" });
      pod.plantSecret("one");
      await pod.mount(secretYaml("one"));
      const { message } = await pod.mountError(withSecret({ clientid: pod.clientId, clientsecret: plant() }));
      expect(message).to.contain("AADSTS7000215");
    });
  });

  it("a clientid that would change the request's address stays data", async () => {
    const pod = world.pod({ identity: "service-principal" });
    const { status } = await pod.mountError(
      withSecret({ clientid: `${pod.clientId}&client_id=other#`, clientsecret: pod.clientSecret }),
    );
    expect(status).to.be.oneOf(["UNAUTHENTICATED", "INVALID_ARGUMENT"]);
  });
});
