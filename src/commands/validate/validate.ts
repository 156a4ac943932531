import type { ValidateOptions } from "../../config/command-options.js";
import { readSources } from "../manifest/read-sources.js";
import type { Streams } from "../streams.js";
import { checkManifests } from "./check-manifests.js";
import { internalErrorWords } from "./guard.js";
import { jsonReport, tally, textReport } from "./report.js";

/**
 * `validate FILE…`: says of SecretProviderClasses everything that is wrong with them, before any pod hangs.
 * @returns 0 when nothing is wrong; 1 when something is (with `--strict`: or only looks so); 2 when a file cannot be read
 */
export async function validate(options: ValidateOptions, streams: Streams): Promise<number> {
  try {
    return await check(options, streams);
  } catch (error) {
    // Node would print the line of the program that threw it, which of a built one is all of it.
    await streams.complain(`validate: ${internalErrorWords(error)}; please report it\n`);
    return 2;
  }
}

async function check(options: ValidateOptions, streams: Streams): Promise<number> {
  const sources = await readSources(options.files, streams.input);
  const checked = checkManifests(sources, {
    defaults: {
      cloudName: options["cloud-name"],
      defaultTenantId: options["default-tenant-id"],
      defaultClientId: options["default-client-id"],
    },
    providerName: options["provider-name"],
    withSeparateFiles: options["write-cert-and-key-in-separate-files"],
  });
  await streams.print(options.output === "json" ? jsonReport(checked) : textReport(checked));
  if (sources.some((source) => "problem" in source)) return 2;
  const { errors, warnings } = tally(checked.findings);
  return errors > 0 || (options.strict && warnings > 0) ? 1 : 0;
}
