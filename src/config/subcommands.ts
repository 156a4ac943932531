import { nearestName } from "../model/nearest-name.js";
import { quote } from "../model/quote.js";
import { MOUNT_FLAGS, type MountOptions, VALIDATE_FLAGS, type ValidateOptions } from "./command-options.js";
import type { Flag } from "./flags.js";
import { commandHelp } from "./flags-help.js";
import { parseGoFlags } from "./go-flags.js";
import { UsageError } from "./usage-error.js";

/** What the command line asks for beside serving. */
export type Subcommand =
  | { readonly kind: "validate"; readonly options: ValidateOptions }
  | { readonly kind: "mount"; readonly options: MountOptions }
  | { readonly kind: "help"; readonly text: string };

const NAMES = ["validate", "mount"] as const;

/**
 * Reads a command line that begins with the name of a command. Its flags may stand before and after its files.
 * @returns undefined when it begins with a flag, as that of a DaemonSet does
 * @throws {UsageError} that says what is right
 */
export function readSubcommand(argv: readonly string[]): Subcommand | undefined {
  const [name = "", ...rest] = argv;
  switch (name) {
    case "validate": {
      const { values, files } = readArguments(rest, VALIDATE_FLAGS);
      if (values["help"] === true) return help("validate");
      if (files.length === 0) throw new UsageError("validate needs a FILE; - is standard input");
      return { kind: "validate", options: { ...(values as unknown as ValidateOptions), files } };
    }
    case "mount": {
      const { values, files } = readArguments(rest, MOUNT_FLAGS);
      if (values["help"] === true) return help("mount");
      const [file, ...others] = files;
      if (file === undefined) throw new UsageError("mount needs a FILE; - is standard input");
      if (others.length > 0)
        throw new UsageError(`mount takes one FILE; ${quote(others[0] ?? "")} is too many`);
      if (values["target"] === "")
        throw new UsageError("mount needs --target DIR, the folder to write the files into");
      return { kind: "mount", options: { ...(values as unknown as MountOptions), file } };
    }
    default: {
      const meant = name.startsWith("-") ? undefined : nearestName(name, NAMES);
      if (meant === undefined || name === "") return undefined;
      throw new UsageError(`unknown command ${quote(name)}; did you mean ${meant}?`);
    }
  }
}

function help(name: (typeof NAMES)[number]): Subcommand {
  return { kind: "help", text: commandHelp(name) };
}

/** Every flag of the table with its value, and what is no flag. */
function readArguments(
  argv: readonly string[],
  table: Readonly<Record<string, Flag<unknown>>>,
): { readonly values: Readonly<Record<string, unknown>>; readonly files: string[] } {
  const given = new Map<string, unknown>();
  const files: string[] = [];
  let rest = argv;
  while (rest.length > 0) {
    const parsed = parseGoFlags(rest, table);
    for (const [name, value] of parsed.values) {
      const earlier = table[name]?.isRepeatable === true ? given.get(name) : undefined;
      const key = name === "o" ? "output" : name;
      given.set(key, Array.isArray(earlier) ? [...(earlier as unknown[]), ...(value as unknown[])] : value);
    }
    const [file, ...others] = parsed.rest;
    if (parsed.isEnded) {
      files.push(...parsed.rest);
      break;
    }
    if (file !== undefined) files.push(file);
    rest = others;
  }
  const values = Object.entries(table).map(([name, { type, defaultText, isRepeatable }]) => [
    name,
    given.has(name) ? given.get(name) : isRepeatable === true ? [] : type.parse(defaultText),
  ]);
  return { values: Object.fromEntries(values) as Readonly<Record<string, unknown>>, files };
}
