import type { MountOptions } from "../../config/command-options.js";
import { parseGoBoolean } from "../../model/go-scalars.js";
import { PARAMETER } from "../../parameters/attributes.js";
import { BINDING_AUDIENCE, EXCHANGE_AUDIENCE } from "../../parameters/choose-identity.js";
import { CommandError } from "../command-error.js";
import { entryAt, type ManifestNode, textAt } from "../manifest/node.js";
import { readSource, type Source } from "../manifest/read-sources.js";
import { objectsOf } from "./choose-class.js";

/** What the kubelet would hand to the driver for the pod to sign in with. */
export interface Credentials {
  /** Audience → token. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Data of the Secret of nodePublishSecretRef; null when there is none. */
  readonly secrets: Readonly<Record<string, string>> | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Gathers what is at hand. Which of it counts is decided by the class, as ever; the identities of the machine need none.
 * @throws {CommandError} that quotes nothing of what it read
 */
export async function gatherCredentials(
  options: Pick<MountOptions, "token-file" | "secrets-file">,
  parameters: ReadonlyMap<string, string>,
  env: Environment,
  input: AsyncIterable<Buffer>,
): Promise<Credentials> {
  const tokenFile = options["token-file"] || (env["AZURE_FEDERATED_TOKEN_FILE"] ?? "");
  const token = tokenFile === "" ? "" : textOf(await readSource(tokenFile, input)).trim();
  if (tokenFile !== "" && token === "")
    throw new CommandError(2, `${tokenFile}: it is empty, and not a token`);
  const useProxy = parseGoBoolean((parameters.get(PARAMETER.useAzureTokenProxy) ?? "").trim()) === true;
  return {
    // A token has one audience; whether it is the right one, the service says that is shown it.
    tokens: token === "" ? {} : { [useProxy ? BINDING_AUDIENCE : EXCHANGE_AUDIENCE]: token },
    secrets:
      options["secrets-file"] === ""
        ? secretsOfEnvironment(env)
        : secretsOfManifest(await readSource(options["secrets-file"], input)),
  };
}

function textOf(source: Source): string {
  if ("problem" in source) throw new CommandError(2, `${source.name}: ${source.problem}`);
  return source.text;
}

function secretsOfEnvironment(env: Environment): Credentials["secrets"] {
  const [clientid = "", clientsecret = ""] = [env["AZURE_CLIENT_ID"], env["AZURE_CLIENT_SECRET"]];
  // The client alone is what the webhook of workload identity sets.
  return clientsecret === "" ? null : { clientid, clientsecret };
}

/** The data of the one Secret of a manifest. */
function secretsOfManifest(source: Source): Record<string, string> {
  const secrets = objectsOf(source).filter(({ kind }) => kind === "Secret");
  const [secret, ...others] = secrets;
  if (secret === undefined || others.length > 0) {
    throw new CommandError(
      1,
      `${source.name} holds ${secrets.length} Secrets; --secrets-file needs a manifest with the one of nodePublishSecretRef`,
    );
  }
  const data: Record<string, string> = {};
  for (const [key, value] of textsOf(secret.node, "data", source)) {
    data[key] = Buffer.from(value, "base64").toString("utf8");
  }
  for (const [key, value] of textsOf(secret.node, "stringData", source)) data[key] = value;
  return data;
}

function textsOf(secret: ManifestNode, field: string, source: Source): [string, string][] {
  const entry = entryAt(secret, field);
  if (entry?.value.kind !== "map") return [];
  return [...entry.value.entries.keys()].map((key) => {
    const text = textAt(entry.value, key);
    if (text === undefined) {
      throw new CommandError(
        1,
        `${source.name}:${entry.line}: a value of ${field} is no text; put it in quotes`,
      );
    }
    return [key, text];
  });
}
