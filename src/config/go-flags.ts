import { nearestName } from "../model/nearest-name.js";
import { quote } from "../model/quote.js";
import type { Flag } from "./flags.js";
import { UsageError } from "./usage-error.js";

export interface ParsedArguments {
  /** Name → value as its type reads it, of the flags that were given; the last of a repeated one. */
  readonly values: ReadonlyMap<string, unknown>;
  /** The first argument that is no flag; it and all after it are passed over, as Go does. */
  readonly firstIgnored: string | undefined;
}

/**
 * Reads a command line as Go's `flag` package does: `-name`, `--name`, `--name=value`, `--name value`; a boolean takes
 * a value by `=` only; `--` or the first argument that is no flag ends the flags.
 *
 * Not util.parseArgs: it takes `-name` for a row of one-letter flags, and gives booleans no value.
 * @throws {UsageError} an unknown flag (with the nearest known one), a missing or a wrong value
 * @see https://pkg.go.dev/flag#hdr-Command_line_flag_syntax
 */
export function parseGoFlags(
  argv: readonly string[],
  table: Readonly<Record<string, Flag<unknown>>>,
): ParsedArguments {
  const values = new Map<string, unknown>();
  const known = new Map(Object.entries(table));
  let i = 0;
  for (; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (argument === "--") {
      i++;
      break;
    }
    if (!argument.startsWith("-") || argument === "-") break;

    const [, name = "", inline] = /^--?([^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    const flag = known.get(name === "h" ? "help" : name); // Go's flag package knows both
    if (flag === undefined) throw unknownFlag(argument, name, [...known.keys()]);
    let text = inline;
    if (text === undefined) {
      if (flag.type.isBoolean === true) text = "true";
      else {
        i++;
        text = argv[i];
        if (text === undefined) {
          throw new UsageError(
            `flag --${name} needs a value, for example --${name}=${flag.defaultText || "…"}`,
          );
        }
      }
    }
    const value = flag.type.parse(text);
    if (value === undefined) {
      // A URL may hold a password, and what is written here ends up in the pod's log.
      const shown = text.includes("@") ? "its value" : quote(text);
      throw new UsageError(`flag --${name}: ${shown} is not right; it must be ${flag.type.expected}`);
    }
    values.set(name === "h" ? "help" : name, value);
  }
  return { values, firstIgnored: argv[i] };
}

function unknownFlag(argument: string, name: string, known: readonly string[]): UsageError {
  const nearest = nearestName(name, known);
  const advice = nearest === undefined ? "--help lists those there are" : `did you mean --${nearest}?`;
  return new UsageError(`unknown flag ${quote(argument.split("=", 1)[0] ?? argument)}; ${advice}`);
}
