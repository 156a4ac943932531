import { quote } from "../model/quote.js";
import { type FlagValues, FLAGS, KLOG_FLAGS } from "./flags.js";
import { flagsHelp } from "./flags-help.js";
import { parseGoFlags } from "./go-flags.js";
import { readSubcommand, type Subcommand } from "./subcommands.js";

/** Everything that the flags and the environment decide, for the life of the process. */
export interface ProviderConfig extends FlagValues {
  /** AZURE_ENVIRONMENT_FILEPATH: environment file of AzureStackCloud for classes that name none. */
  readonly environmentFile: string | undefined;
  /** What was accepted but deserves a word in the log. */
  readonly warnings: readonly string[];
}

/** What the command line asks for. */
export type Command =
  { readonly kind: "serve"; readonly config: ProviderConfig } | { readonly kind: "version" } | Subcommand;

/**
 * Reads the command line and the environment.
 * @param argv - without the program's own name
 * @throws {UsageError} that says what is right
 */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  const subcommand = readSubcommand(argv);
  if (subcommand !== undefined) return subcommand;
  const { values, rest } = parseGoFlags(argv, { ...FLAGS, ...KLOG_FLAGS });
  const flags = withDefaults(values);
  if (flags.version) return { kind: "version" };
  if (flags.help) return { kind: "help", text: flagsHelp() };
  return { kind: "serve", config: configOf(flags, env, warningsFor(values, rest[0])) };
}

/**
 * The configuration of a process that serves no socket but mounts by itself: every flag at its default but these.
 * @param flags - values as the flags' types read them
 */
export function configWith(
  flags: Partial<FlagValues>,
  env: Readonly<Record<string, string | undefined>>,
): ProviderConfig {
  return configOf({ ...withDefaults(new Map()), ...flags }, env, []);
}

function configOf(
  flags: FlagValues,
  env: Readonly<Record<string, string | undefined>>,
  warnings: readonly string[],
): ProviderConfig {
  const environmentFile = env["AZURE_ENVIRONMENT_FILEPATH"];
  return Object.freeze({
    ...flags,
    environmentFile: environmentFile === "" ? undefined : environmentFile,
    warnings: Object.freeze(warnings),
  });
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
