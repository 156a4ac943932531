import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { CommandError } from "../../../src/commands/command-error.js";
import { type Credentials, gatherCredentials } from "../../../src/commands/try-mount/credentials.js";

const EXCHANGE = "api://AzureADTokenExchange";
const BINDING = "api://AKSIdentityBinding";

// eslint-disable-next-line @typescript-eslint/require-await
async function* noInput(): AsyncGenerator<Buffer> {
  yield* [];
}

describe("commands/try-mount/credentials", () => {
  let folder: string;
  const at = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const gather = async (
    options: { token?: string; secrets?: string },
    env: Record<string, string> = {},
    parameters: Record<string, string> = {},
  ): Promise<Credentials> =>
    await gatherCredentials(
      { "token-file": options.token ?? "", "secrets-file": options.secrets ?? "" },
      new Map(Object.entries(parameters)),
      env,
      noInput(),
    );
  const refusalOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      if (error instanceof CommandError) return error.message;
      throw error;
    }
    throw new Error("nothing was refused");
  };
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-credentials-"));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("finds none where there is none", async () => {
    expect(await gather({})).to.deep.equal({ tokens: {}, secrets: null });
  });

  it("takes the token of the flag, else of the environment, for the audience that the class needs", async () => {
    const [flagged, named] = [await at("a.jwt", "one\n"), await at("b.jwt", " two ")];
    const env = { AZURE_FEDERATED_TOKEN_FILE: named };
    expect((await gather({ token: flagged }, env)).tokens).to.deep.equal({ [EXCHANGE]: "one" });
    expect((await gather({}, env)).tokens).to.deep.equal({ [EXCHANGE]: "two" });
    expect((await gather({}, env, { useAzureTokenProxy: " T " })).tokens).to.deep.equal({ [BINDING]: "two" });
  });

  it("takes a service principal from the environment only with its secret", async () => {
    expect((await gather({}, { AZURE_CLIENT_ID: "app" })).secrets).to.equal(null);
    expect((await gather({}, { AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "s" })).secrets).to.deep.equal({
      clientid: "app",
      clientsecret: "s",
    });
  });

  it("takes the Secret of a manifest, encoded or not, before the environment", async () => {
    const secrets = await at(
      "secret.yaml",
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  clientid: YXBw\nstringData:\n  clientsecret: "5"\n',
    );
    const env = { AZURE_CLIENT_ID: "other", AZURE_CLIENT_SECRET: "other" };
    expect((await gather({ secrets }, env)).secrets).to.deep.equal({ clientid: "app", clientsecret: "5" });
  });

  const wrong: readonly [name: string, text: string, words: string][] = [
    ["no Secret", "kind: ConfigMap\napiVersion: v1\n", "holds 0 Secrets"],
    ["two Secrets", "kind: Secret\n---\nkind: Secret\n", "holds 2 Secrets"],
    ["a value that is no text", "kind: Secret\nstringData:\n  clientsecret: 987654\n", "is no text"],
    ["no YAML", 'kind: "Secret\nhush: [', "secret.yaml:"],
  ];
  for (const [name, text, words] of wrong) {
    it(`refuses a --secrets-file with ${name}, and quotes nothing of it`, async () => {
      const message = await refusalOf(gather({ secrets: await at("secret.yaml", text) }));
      expect(message).to.include(words);
      expect(message).to.not.match(/hush|987654/);
    });
  }

  it("refuses a token file that is empty, or is not there", async () => {
    expect(await refusalOf(gather({ token: await at("empty", "\n") }))).to.include("not a token");
    expect(await refusalOf(gather({ token: path.join(folder, "nowhere") }))).to.include("no such file");
  });
});
