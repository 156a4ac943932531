import { inspect } from "node:util";
import { expect } from "chai";
import type { IdentityChoice } from "../../../src/model/identity-choice.js";
import { MAX_CLIENT_SECRET_LENGTH } from "../../../src/parameters/choose-service-principal.js";
import { MAX_IDENTIFIER_LENGTH } from "../../../src/model/entra-names.js";
import {
  type Attributes,
  BINDING_TOKEN,
  EXCHANGE_TOKEN,
  plan,
  type PlanOptions,
  problemsOf,
  TOKENS_KEY,
  tokensJson,
} from "./support.js";

const CLIENT = "66666666-7777-8888-9999-000000000000";
const SECRETS = { clientid: "app", clientsecret: "hush" };

const choose = (changes: Attributes, options?: PlanOptions): IdentityChoice =>
  plan(changes, options).identity;
const codesOf = (changes: Attributes, options?: PlanOptions): string[] =>
  problemsOf(() => plan(changes, options)).map(({ code }) => code);
const messagesOf = (changes: Attributes, options?: PlanOptions): string[] =>
  problemsOf(() => plan(changes, options)).map(({ message }) => message);

describe("parameters/choose-identity chooseIdentity, every combination", () => {
  type Tokens = readonly ("exchange" | "binding")[];
  const secretsCases = {
    none: null,
    "client id and secret": SECRETS,
    "a client id": { clientid: "app" },
  } as const;

  /** The rule in other words than the code's: a mode, or the code of the one problem. */
  function expected(
    flags: { pod: boolean; vm: boolean; proxy: boolean },
    hasClientId: boolean,
    tokens: Tokens,
    secrets: keyof typeof secretsCases,
  ): string {
    if (Number(flags.pod) + Number(flags.vm) + Number(flags.proxy) > 1) return "IDENTITY_CONFLICT";
    if (flags.proxy && !hasClientId) return "PARAMETER_MISSING";
    if (hasClientId && !tokens.includes(flags.proxy ? "binding" : "exchange"))
      return "IDENTITY_TOKEN_MISSING";
    if (flags.proxy) return "identity-binding";
    if (flags.pod) return "pod-identity";
    if (flags.vm) return "managed-identity";
    if (hasClientId) return "workload-identity";
    return secrets === "client id and secret" ? "service-principal" : "IDENTITY_SECRET_MISSING";
  }

  const tokenCases: readonly Tokens[] = [[], ["exchange"], ["binding"], ["exchange", "binding"]];
  for (const pod of [false, true])
    for (const vm of [false, true])
      for (const proxy of [false, true])
        for (const hasClientId of [false, true]) {
          const flags = { pod, vm, proxy };
          const on = Object.entries(flags).flatMap(([name, isOn]) => (isOn ? [name] : []));
          it(`${on.join(" and ") || "no mode"}, clientID ${hasClientId ? "set" : "missing"}, with any tokens and secrets`, () => {
            for (const tokens of tokenCases)
              for (const secrets of Object.keys(secretsCases) as (keyof typeof secretsCases)[]) {
                const changes: Attributes = {
                  usePodIdentity: String(pod),
                  useVMManagedIdentity: String(vm),
                  useAzureTokenProxy: String(proxy),
                  clientID: hasClientId ? CLIENT : undefined,
                  [TOKENS_KEY]: tokens.length === 0 ? undefined : tokensJson(...tokens),
                };
                const want = expected(flags, hasClientId, tokens, secrets);
                const where = `tokens ${tokens.join("+") || "none"}, secrets ${secrets}`;
                const options = { secrets: secretsCases[secrets] };
                if (/^[A-Z_]+$/.test(want)) {
                  expect(codesOf(changes, options), where).to.deep.equal([want]);
                } else {
                  expect(choose(changes, options).mode, where).to.equal(want);
                }
              }
          });
        }
});

describe("parameters/choose-identity chooseIdentity, what the choice holds", () => {
  it("workload identity: the client and the exchange token", () => {
    const identity = choose({ [TOKENS_KEY]: tokensJson("binding", "exchange") });
    expect(identity).to.include({ mode: "workload-identity", clientId: CLIENT });
    expect("federatedToken" in identity && identity.federatedToken.reveal()).to.equal(EXCHANGE_TOKEN);
  });

  it("identity binding: the client and the binding token", () => {
    const identity = choose({ useAzureTokenProxy: "true", [TOKENS_KEY]: tokensJson("binding", "exchange") });
    expect(identity).to.include({ mode: "identity-binding", clientId: CLIENT });
    expect("federatedToken" in identity && identity.federatedToken.reveal()).to.equal(BINDING_TOKEN);
  });

  it("managed identity: the assigned one's client id, or none", () => {
    const changes = { clientID: undefined, useVMManagedIdentity: "true" };
    expect(choose(changes)).to.deep.equal({ mode: "managed-identity", userAssignedIdentityId: "" });
    expect(choose({ ...changes, userAssignedIdentityID: ` ${CLIENT} ` })).to.deep.equal({
      mode: "managed-identity",
      userAssignedIdentityId: CLIENT,
    });
  });

  it("service principal: the client id trimmed, the secret as it is", () => {
    const identity = choose(
      { clientID: undefined },
      { secrets: { clientid: " app\n", clientsecret: " s " } },
    );
    expect(identity).to.include({ mode: "service-principal", clientId: "app" });
    expect("clientSecret" in identity && identity.clientSecret.reveal()).to.equal(" s ");
  });

  it("no choice shows its token or secret", () => {
    const all = [choose({}), choose({ clientID: undefined }, { secrets: SECRETS })];
    expect(`${inspect(all, { depth: 9 })}${JSON.stringify(all)}`).not.to.match(/hush|token\.value/);
  });
});

describe("parameters/choose-identity chooseIdentity, keys of the Secret", () => {
  const without = { clientID: undefined };
  const cases: readonly { name: string; secrets: Record<string, string>; expected: readonly [string, string] }[] = [
    { name: "in lower case", secrets: { clientid: "a", clientsecret: "b" }, expected: ["a", "b"] },
    { name: "in any case", secrets: { ClientID: "a", CLIENTSECRET: "b" }, expected: ["a", "b"] },
    { name: "the lower-case one before others", secrets: { clientId: "x", clientid: "a", clientSecret: "y", clientsecret: "b" }, expected: ["a", "b"] },
    { name: "another where the lower-case one is empty", secrets: { clientid: "", clientID: "a", clientsecret: "b" }, expected: ["a", "b"] },
    { name: "the first of several others", secrets: { CLIENTID: "a", clientID: "x", clientsecret: "b" }, expected: ["a", "b"] },
    { name: "beside others", secrets: { tenant: "x", __proto__x: "y", clientid: "a", clientsecret: "b" }, expected: ["a", "b"] },
    { name: "beside the tokens of Kubernetes 1.35", secrets: { [TOKENS_KEY]: "{}", clientid: "a", clientsecret: "b" }, expected: ["a", "b"] },
  ]; // prettier-ignore
  for (const { name, secrets, expected } of cases) {
    it(`are found ${name}`, () => {
      const identity = choose(without, { secrets });
      expect(identity.mode).to.equal("service-principal");
      if (identity.mode !== "service-principal") return;
      expect([identity.clientId, identity.clientSecret.reveal()]).to.deep.equal(expected);
    });
  }

  const NOT_SET = /^failed to get credentials, nodePublishSecretRef secret is not set, /;
  const NO_ID = /^could not find clientid in secrets; /;
  const NO_SECRET = /^could not find clientsecret in secrets; /;
  const bad: readonly { name: string; secrets: Record<string, string> | null; says: readonly RegExp[] }[] = [
    { name: "no Secret", secrets: null, says: [NOT_SET] },
    { name: "an empty Secret", secrets: {}, says: [NOT_SET] },
    { name: "a Secret of Kubernetes 1.35 with tokens alone", secrets: { [TOKENS_KEY]: "{}" }, says: [NOT_SET] },
    { name: "a Secret of other keys", secrets: { user: "hush", password: "hush" }, says: [NO_ID, NO_SECRET] },
    { name: "no client id", secrets: { clientsecret: "hush" }, says: [NO_ID] },
    { name: "a blank client id", secrets: { clientid: " \n", clientsecret: "hush" }, says: [NO_ID] },
    { name: "no client secret", secrets: { clientid: "hush" }, says: [NO_SECRET] },
    { name: "an empty client secret", secrets: { clientid: "hush", clientsecret: "" }, says: [NO_SECRET] },
    { name: "a client id that is none", secrets: { clientid: "hush hush", clientsecret: "hush" }, says: [/^clientid in secrets is no client ID; /] },
    { name: "a secret in the place of the id", secrets: { clientid: "hush$%", clientsecret: "" }, says: [/^clientid in secrets is no client ID; /, NO_SECRET] },
    { name: "a client secret that is too long", secrets: { clientid: "a", clientsecret: "hush".repeat(MAX_CLIENT_SECRET_LENGTH) }, says: [/^clientsecret in secrets is longer than 4096 characters; /] },
  ]; // prettier-ignore
  for (const { name, secrets, says } of bad) {
    it(`are missed: ${name}; all at once, and nothing of the Secret is quoted`, () => {
      const messages = messagesOf(without, { secrets });
      expect(messages).to.have.length(says.length);
      for (const [i, words] of says.entries()) expect(messages[i]).to.match(words);
      expect(messages.join()).not.to.include("hush");
    });
  }

  it("may hold a secret of 4,096 characters, and not one more", () => {
    const secrets = (length: number) => ({ clientid: "a", clientsecret: "x".repeat(length) });
    expect(choose(without, { secrets: secrets(MAX_CLIENT_SECRET_LENGTH - 1) }).mode).to.equal(
      "service-principal",
    );
    expect(choose(without, { secrets: secrets(MAX_CLIENT_SECRET_LENGTH) }).mode).to.equal(
      "service-principal",
    );
    expect(codesOf(without, { secrets: secrets(MAX_CLIENT_SECRET_LENGTH + 1) })).to.deep.equal([
      "PARAMETER_INVALID",
    ]);
  });

  it("are warned of when the secret ends with a line break", () => {
    const { warnings } = plan(without, { secrets: { clientid: "a", clientsecret: "hush\n" } });
    expect(warnings).to.have.length(1);
    expect(warnings[0])
      .to.match(/^clientsecret in secrets ends with a line break/)
      .and.not.include("hush");
  });
});

describe("parameters/choose-identity chooseIdentity, tokens", () => {
  const bad: readonly (readonly [string, string | undefined, string])[] = [
    ["no tokens", undefined, "service account tokens not found"],
    ["blank tokens", " \n", "service account tokens not found"],
    [
      "tokens of another audience",
      tokensJson("binding"),
      "token for audience api://AzureADTokenExchange not found",
    ],
    ["broken tokens", '{"hush":', "service account tokens are not valid JSON"],
  ];
  for (const [name, tokens, problem] of bad) {
    it(`says of ${name} what is wrong and what to do`, () => {
      const [message, ...others] = messagesOf({ [TOKENS_KEY]: tokens });
      expect(others).to.deep.equal([]);
      expect(message).to.equal(
        `failed to parse workload identity tokens, error: ${problem}; clientID needs the pod's service account token: ` +
          "add the audience api://AzureADTokenExchange to tokenRequests of the CSIDriver object " +
          "secrets-store.csi.k8s.io (tokenRequests in the driver's chart), or remove clientID",
      );
    });
  }

  it("names the audience of identity binding", () => {
    const [message] = messagesOf({ useAzureTokenProxy: "true", [TOKENS_KEY]: tokensJson("exchange") });
    expect(message).to.include("token for audience api://AKSIdentityBinding not found");
    expect(message).to.include("add the audience api://AKSIdentityBinding");
  });

  it("takes tokens with white space around", () => {
    expect(choose({ [TOKENS_KEY]: ` ${tokensJson("exchange")}\n` }).mode).to.equal("workload-identity");
  });

  it("says at once that clientID is wrong and that there is no token for it", () => {
    expect(codesOf({ clientID: "my app", [TOKENS_KEY]: undefined })).to.deep.equal([
      "PARAMETER_INVALID",
      "IDENTITY_TOKEN_MISSING",
    ]);
  });
});

describe("parameters/choose-identity chooseIdentity, identifiers", () => {
  const good = [CLIENT, "urn:example:app", "https://adfs.example/app", "a", "x".repeat(MAX_IDENTIFIER_LENGTH - 1), "x".repeat(MAX_IDENTIFIER_LENGTH)]; // prettier-ignore
  for (const clientID of good) {
    it(`takes ${clientID.slice(0, 40)} of ${clientID.length} characters`, () => {
      expect(choose({ clientID })).to.include({ clientId: clientID });
    });
  }
  const bad = ["my app", "<client id>", "a\nb", "a&b", "a?b", "a#b", "a%20b", "ä", "x".repeat(MAX_IDENTIFIER_LENGTH + 1)]; // prettier-ignore
  for (const clientID of bad) {
    it(`refuses ${JSON.stringify(clientID.slice(0, 40))} of ${clientID.length} characters`, () => {
      const [message, ...others] = messagesOf({ clientID });
      expect(others).to.deep.equal([]);
      expect(message).to.match(/^clientID ".*; write the ID of the application or identity, mostly a UUID$/s);
    });
    it(`refuses it as userAssignedIdentityID too: ${JSON.stringify(clientID.slice(0, 40))}`, () => {
      const [message] = messagesOf({
        clientID: undefined,
        useVMManagedIdentity: "1",
        userAssignedIdentityID: clientID,
      });
      expect(message).to.match(/^userAssignedIdentityID ".* is no client ID/);
    });
  }

  const RESOURCE_ID =
    "/subscriptions/1/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";

  it("says of a resource ID that the client ID is wanted", () => {
    expect(
      problemsOf(() =>
        plan({ clientID: undefined, useVMManagedIdentity: "true", userAssignedIdentityID: RESOURCE_ID }),
      ),
    ).to.deep.equal([
      {
        code: "PARAMETER_INVALID",
        message:
          `userAssignedIdentityID "${RESOURCE_ID.slice(0, 80)}…" (${RESOURCE_ID.length} characters) is a resource ID; ` +
          "write the client ID of that identity, a UUID (az identity show --ids <resource ID> --query clientId)",
      },
    ]);
  });

  /** The old provider does not look at these, so that a class which leaves a sample's words there mounts. */
  for (const userAssignedIdentityID of [RESOURCE_ID, "<your identity>", CLIENT]) {
    it(`passes over userAssignedIdentityID ${userAssignedIdentityID.slice(0, 20)} where it means nothing, with a word`, () => {
      const warning =
        "userAssignedIdentityID is ignored, because useVMManagedIdentity is not true; set that, or remove it";
      for (const [changes, options] of [
        [{}, {}],
        [{ clientID: undefined }, { secrets: SECRETS }],
        [{ clientID: undefined, usePodIdentity: "true" }, {}],
        [{ useAzureTokenProxy: "true", [TOKENS_KEY]: tokensJson("binding") }, {}],
      ] as const) {
        expect(plan({ ...changes, userAssignedIdentityID }, options).warnings).to.deep.equal([warning]);
      }
    });
  }

  for (const flag of ["usePodIdentity", "useVMManagedIdentity"]) {
    it(`passes over any clientID beside ${flag}, with a word, if there is a token for it`, () => {
      for (const clientID of [CLIENT, "<your client>"]) {
        const { warnings } = plan({ [flag]: "true", clientID });
        expect(warnings).to.deep.equal([`clientID is ignored, because ${flag} is true; remove one of them`]);
        expect(codesOf({ [flag]: "true", clientID, [TOKENS_KEY]: undefined })).to.deep.equal([
          "IDENTITY_TOKEN_MISSING",
        ]);
      }
    });
  }

  it("finds a clientID in another case, where one is missed", () => {
    expect(messagesOf({ clientID: undefined, clientId: CLIENT })[0]).to.include(
      '("clientId" is set; write clientID)',
    );
    expect(messagesOf({ clientID: undefined, ClientID: CLIENT, useAzureTokenProxy: "1" })[0]).to.match(
      /^clientID is required for identity binding \("ClientID" is set; write clientID\); set it beside useAzureTokenProxy$/,
    );
  });
});
