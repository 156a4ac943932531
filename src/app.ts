import { versionLine } from "./config/build-info.js";
import { type Command, readConfig } from "./config/provider-config.js";
import { UsageError } from "./config/usage-error.js";

/** What Go's flag package ends with when a flag is wrong. */
const USAGE_EXIT_CODE = 2;

/**
 * The program: does what the command line asks for and tells the code to exit with. Serving ends when SIGTERM or
 * SIGINT has come and every running mount has been answered.
 * @param argv - without the program's own name
 * @returns 0 when it did, 1 when it cannot serve as it is configured, 2 when the command line is wrong; of the commands,
 * see docs/validate.md
 */
export async function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let command: Command;
  try {
    command = readConfig(argv, env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return USAGE_EXIT_CODE;
  }
  switch (command.kind) {
    case "version":
      process.stdout.write(`${versionLine()}\n`);
      return 0;
    case "help":
      process.stdout.write(`${command.text}\n`);
      return 0;
    case "validate": {
      const { validate } = await import("./commands/validate/validate.js");
      const { processStreams } = await import("./commands/streams.js");
      return await validate(command.options, processStreams());
    }
    case "mount": {
      const { tryMount } = await import("./try-mount.js");
      return await tryMount(command.options, env);
    }
    case "serve": {
      const { serve } = await import("./serve.js");
      return await serve(command.config, env);
    }
  }
}
