import { ProviderError } from "../errors/provider-error.js";
import type { Cloud, CloudSelection } from "../model/cloud.js";
import { printable } from "../model/quote.js";
import { readEnvironmentFile } from "./environment-file.js";
import { parseStackEnvironment } from "./stack-environment.js";
import { WELL_KNOWN_CLOUDS } from "./well-known-clouds.js";

/** Enough of a path to find it by, in characters. */
const MAX_SHOWN_PATH = 200;

/**
 * Where the chosen cloud's authority and vaults are. For AzureStackCloud, the class's own environment file counts, else
 * the one of the provider; it is read anew each time, so that concurrent classes never see each other's and
 * a changed file counts at once.
 * @param providersFile - AZURE_ENVIRONMENT_FILEPATH: the file for classes that name none
 * @throws {ProviderError} CLOUD_FILE_INVALID
 */
export async function resolveCloud(
  selection: CloudSelection,
  providersFile: string | undefined,
): Promise<Cloud> {
  if (selection.name !== "AzureStackCloud") return WELL_KNOWN_CLOUDS[selection.name];
  const [source, path] =
    selection.environmentFile === ""
      ? ["AZURE_ENVIRONMENT_FILEPATH", providersFile ?? ""]
      : ["cloudEnvFileName", selection.environmentFile];
  if (path === "") {
    throw new ProviderError(
      "CLOUD_FILE_INVALID",
      "cloudName AzureStackCloud needs an environment file; name it in parameters.cloudEnvFileName, or for the whole " +
        "provider in AZURE_ENVIRONMENT_FILEPATH",
    );
  }
  const file = await readEnvironmentFile(path);
  if (!file.ok) throw invalid(source, path, file.problem);
  const environment = parseStackEnvironment(file.text);
  if (!environment.ok) throw invalid(source, path, environment.problem);
  return environment.cloud;
}

/**
 * The address of a vault, for example `https://name.vault.azure.net/`.
 * @param vaultName - as the class names it: letters, digits and hyphens
 */
export function vaultUrl(cloud: Cloud, vaultName: string): string {
  return `https://${vaultName.toLowerCase()}.${cloud.vaultDnsSuffix}/`;
}

function invalid(source: string, path: string, problem: string): ProviderError {
  return new ProviderError(
    "CLOUD_FILE_INVALID",
    `the environment file "${printable(path, MAX_SHOWN_PATH)}" of ${source} ${problem}; it must be the JSON of the Azure Stack ` +
      "environment, mounted into the provider's pod",
  );
}
