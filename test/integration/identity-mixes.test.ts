import { expect } from "chai";
import { codeSpans, readTable } from "../support/markdown-table.js";
import { secretYaml } from "../support/objects-yaml.js";
import { BINDING_AUDIENCE, WORKLOAD_AUDIENCE, type MountInput, type Pod } from "../support/pod.js";
import { plant } from "../support/secrecy.js";
import { World } from "../support/world.js";

const MODES = ["usePodIdentity", "useVMManagedIdentity", "useAzureTokenProxy"] as const;

/** A mix that is wrong; the pod brings neither token nor Secret unless `volume` says so. */
interface Mix {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly volume?: (pod: Pod) => NonNullable<MountInput["volume"]>;
}

const clientID = "2b1c7f3e-5a44-4c0e-9a57-0d9f6f1f7a10";
const otherToken = (pod: Pod): NonNullable<MountInput["volume"]> => ({
  serviceAccountTokens: pod.tokens(pod.serviceAccountToken({ audience: "vault" }), "vault") ?? {},
});
const bothTokens = (pod: Pod): NonNullable<MountInput["volume"]> => ({
  serviceAccountTokens: {
    ...pod.tokens(pod.serviceAccountToken(), WORKLOAD_AUDIENCE),
    ...pod.tokens(pod.serviceAccountToken({ audience: BINDING_AUDIENCE }), BINDING_AUDIENCE),
  },
});

/** By the first column of the table in docs/identity.md. */
const MIXES: Readonly<Record<string, readonly Mix[]>> = {
  "two or three of the `use…` booleans": [
    { parameters: { usePodIdentity: "true", useVMManagedIdentity: "true" } },
    { parameters: { usePodIdentity: "1", useAzureTokenProxy: "T" } },
    { parameters: { useVMManagedIdentity: "TRUE", useAzureTokenProxy: "t", clientID }, volume: bothTokens },
    { parameters: Object.fromEntries(MODES.map((name) => [name, "true"])) },
  ],
  "`useAzureTokenProxy` without `clientID`": [
    { parameters: { useAzureTokenProxy: "true" } },
    { parameters: { useAzureTokenProxy: "true", clientID: " " }, volume: bothTokens },
    {
      parameters: { useAzureTokenProxy: "true", userAssignedIdentityID: clientID },
      volume: bothTokens,
    },
  ],
  "`clientID`, or `useAzureTokenProxy`, and no token came for the pod": [
    { parameters: { clientID } },
    { parameters: { clientID, useAzureTokenProxy: "true" } },
    { parameters: { clientID, useVMManagedIdentity: "true" } },
    { parameters: { clientID, usePodIdentity: "true" } },
    {
      parameters: { clientID },
      volume: () => ({ nodePublishSecret: { clientid: clientID, clientsecret: plant() } }),
    },
  ],
  "tokens came, but for other audiences": [
    { parameters: { clientID }, volume: otherToken },
    { parameters: { clientID, useVMManagedIdentity: "true" }, volume: otherToken },
    {
      parameters: { clientID, useAzureTokenProxy: "true" },
      volume: (pod) => ({
        serviceAccountTokens: pod.tokens(pod.serviceAccountToken(), WORKLOAD_AUDIENCE) ?? {},
      }),
    },
    {
      parameters: { clientID },
      volume: (pod) => ({
        serviceAccountTokens: pod.tokens(pod.serviceAccountToken(), BINDING_AUDIENCE) ?? {},
      }),
    },
  ],
  "no `clientID`, no boolean, no `nodePublishSecretRef`": [
    {},
    { volume: bothTokens },
    { parameters: { userAssignedIdentityID: clientID } },
    { parameters: Object.fromEntries(MODES.map((name) => [name, "false"])) },
  ],
  "the Secret lacks a key": [
    { volume: () => ({ nodePublishSecret: { clientsecret: plant() } }) },
    { volume: () => ({ nodePublishSecret: { clientid: clientID } }) },
    { volume: () => ({ nodePublishSecret: { user: "shop", password: plant() } }) },
  ],
};

describe("a wrong mix of identities, as docs/identity.md has it", () => {
  let world: World;
  let rows: Record<string, string>[];
  before(async () => {
    rows = await readTable("docs/identity.md", "A wrong mix says so");
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  it("is each in the table", () => {
    expect(rows.map((row) => row["What is wrong"])).to.deep.equal(Object.keys(MIXES));
  });

  for (const [what, mixes] of Object.entries(MIXES)) {
    for (const { parameters = {}, volume } of mixes) {
      const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
      it(`${what}: ${given.join(" ") || "nothing"}${volume === undefined ? "" : ", and what the volume brings"}`, async () => {
        const row = rows.find((each) => each["What is wrong"] === what) ?? expect.fail("not in the table");
        const pod = world.pod({ identity: "pod-identity" });
        const { status, message } = await pod.mountError({
          objects: secretYaml("one"),
          parameters: { usePodIdentity: undefined, ...parameters },
          ...(volume === undefined ? {} : { volume: volume(pod) }),
        });
        expect(status).to.equal("INVALID_ARGUMENT");
        const words = codeSpans(row["The message holds"] ?? "");
        expect(
          words.some((text) => isIn(text, message)),
          message,
        ).to.equal(true);
        const [code = ""] = codeSpans(row["Error"] ?? "");
        const line = world.provider.output
          .split("\n")
          .find((text) => text.includes("Mount failed") && text.includes(`"${pod.name}"`));
        expect(line).to.contain(`error="${code}"`);
        expect(world.emulator.requests.counts(({ tenantId }) => tenantId === pod.tenantId).total).to.equal(0);
        expect(world.emulator.requests.connects).to.deep.equal([]);
      });
    }
  }
});

/** Whether the message holds the text, in which `…` stands for anything. */
function isIn(text: string, message: string): boolean {
  let at = 0;
  return text.split("…").every((part) => {
    const found = message.indexOf(part.trim(), at);
    at = found + part.trim().length;
    return found >= 0;
  });
}
