import path from "node:path";
import type { MountOptions } from "../../config/command-options.js";
import type { MountRequest } from "../../model/mount-request.js";
import type { MountResult } from "../../model/secret-file.js";
import { requestFor } from "../assume-request.js";
import { CommandError } from "../command-error.js";
import { readSource } from "../manifest/read-sources.js";
import type { Streams } from "../streams.js";
import { internalErrorWords } from "../validate/guard.js";
import { deskAdvice } from "./advice.js";
import { chooseClass } from "./choose-class.js";
import { gatherCredentials } from "./credentials.js";
import { jsonReport, type MountReport, reportedFiles, textReport } from "./report.js";
import { checkTarget } from "./target.js";
import { writeFiles } from "./write-files.js";

/** How one Mount ended. */
export type MountOutcome =
  | { readonly result: MountResult; readonly warnings: readonly string[] }
  /** The message that a pod's event would show, and the status it would be answered with. */
  | { readonly failure: { readonly message: string; readonly status: string; readonly code: string } };

export interface MountParts {
  readonly streams: Streams;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Does what the provider does with a request. */
  readonly mount: (request: MountRequest) => Promise<MountOutcome>;
}

/**
 * `mount FILE --target DIR`: mounts one class as the driver would have it mounted, and says what a pod would get.
 * @returns 0; 1 after an error that a pod would meet too; 2 when something cannot be read or written
 */
export async function mountCommand(options: MountOptions, parts: MountParts): Promise<number> {
  try {
    return await mount(options, parts);
  } catch (error) {
    if (!(error instanceof CommandError)) {
      // Node would print the line of the program that threw it, which of a built one is all of it.
      await parts.streams.complain(`mount: ${internalErrorWords(error)}; please report it\n`);
      return 2;
    }
    await parts.streams.complain(`${error.message}\n`);
    return error.exitCode;
  }
}

async function mount(options: MountOptions, { streams, env, mount: run }: MountParts): Promise<number> {
  const target = { folder: path.resolve(options.target), isForced: options.force };
  const chosen = chooseClass(
    await readSource(options.file, streams.input),
    options.class,
    options["provider-name"],
  );
  await checkTarget(target);
  const parameters = new Map([...chosen.parameters, ...options.attribute]);
  const credentials = await gatherCredentials(options, parameters, env, streams.input);
  const namespace = options.namespace || (chosen.namespace ?? "default");
  const outcome = await run(
    requestFor({
      parameters,
      podName: options["pod-name"],
      namespace,
      serviceAccount: options["service-account"],
      className: chosen.name,
      ...credentials,
      targetPath: target.folder,
    }),
  );
  if ("failure" in outcome) {
    const { message, status, code } = outcome.failure;
    const advice = deskAdvice(message, options["secrets-file"], env);
    if (options.output === "json") {
      const error = { status, code, message, ...(advice === "" ? {} : { advice }) };
      await streams.print(`${JSON.stringify({ error }, null, 2)}\n`);
    }
    await streams.complain(
      `rpc error: code = ${status} desc = ${message}\n${advice === "" ? "" : `${advice}\n`}`,
    );
    return 1;
  }
  await writeFiles(outcome.result.files, target);
  const report: MountReport = {
    class: chosen.name,
    namespace,
    target: target.folder,
    files: reportedFiles(outcome.result),
    warnings: outcome.warnings,
  };
  await streams.print(options.output === "json" ? jsonReport(report) : textReport(report));
  return 0;
}
