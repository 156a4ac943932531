import { quote } from "../model/quote.js";
import { type FlagValues, FLAGS, KLOG_FLAGS } from "./flags.js";
import { flagsHelp } from "./flags-help.js";
import { parseGoFlags } from "./go-flags.js";

/** Everything that the flags and the environment decide, for the life of the process. */
export interface ProviderConfig extends FlagValues {
  /** AZURE_ENVIRONMENT_FILEPATH: environment file of AzureStackCloud for classes that name none. */
  readonly environmentFile: string | undefined;
  /** What was accepted but deserves a word in the log. */
  readonly warnings: readonly string[];
}

/** What the command line asks for. */
export type Command =
  | { readonly kind: "serve"; readonly config: ProviderConfig }
  | { readonly kind: "version" }
  | { readonly kind: "help"; readonly text: string };

/**
 * Reads the command line and the environment.
 * @param argv - without the program's own name
 * @throws {UsageError} that says what is right
 */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  const { values, firstIgnored } = parseGoFlags(argv, { ...FLAGS, ...KLOG_FLAGS });
  const flags = withDefaults(values);
  if (flags.version) return { kind: "version" };
  if (flags.help) return { kind: "help", text: flagsHelp() };
  const environmentFile = env["AZURE_ENVIRONMENT_FILEPATH"];
  return {
    kind: "serve",
    config: Object.freeze({
      ...flags,
      environmentFile: environmentFile === "" ? undefined : environmentFile,
      warnings: Object.freeze(warningsFor(values, firstIgnored)),
    }),
  };
}

function withDefaults(values: ReadonlyMap<string, unknown>): FlagValues {
  const all = Object.entries(FLAGS).map(([name, { type, defaultText }]) => [
    name,
    values.has(name) ? values.get(name) : type.parse(defaultText),
  ]);
  return Object.fromEntries(all) as FlagValues;
}

function warningsFor(values: ReadonlyMap<string, unknown>, firstIgnored: string | undefined): string[] {
  const warnings: string[] = [];
  if (firstIgnored !== undefined) {
    warnings.push(
      `the arguments from ${quote(firstIgnored)} on are ignored, because it is no flag; ` +
        "give a boolean its value with an equals sign, for example --log-format-json=true",
    );
  }
  const idle = [...values.keys()].filter((name) => Object.hasOwn(KLOG_FLAGS, name));
  if (idle.length > 0) {
    warnings.push(
      `accepted, and without effect in this provider: ${idle.map((name) => `--${name}`).join(", ")}`,
    );
  }
  return warnings;
}
