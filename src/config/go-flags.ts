import { nearestName } from "../model/nearest-name.js";
import { quote } from "../model/quote.js";
import type { Flag } from "./flags.js";
import { UsageError } from "./usage-error.js";

export interface ParsedArguments {
  /** Name → value as its type reads it, of the flags that were given; the last of a repeated one, or all if it is repeatable. */
  readonly values: ReadonlyMap<string, unknown>;
  /** What follows the flags: the first argument that is none, and all after it. Serving passes over them, as Go does. */
  readonly rest: readonly string[];
  /** Whether `--` ended the flags, so that nothing of the rest can be one. */
  readonly isEnded: boolean;
}

/**
 * Reads a command line as Go's `flag` package does: `-name`, `--name`, `--name=value`, `--name value`; a boolean takes
 * a value by `=` only; `--` or the first argument that is no flag ends the flags.
 *
 * Not util.parseArgs: it takes `-name` for a row of one-letter flags, and gives booleans no value.
 * @param table - by name; a flag of one letter may stand for a long one, whose value it then sets
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
  let isEnded = false;
  for (; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (argument === "--") {
      i++;
      isEnded = true;
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
    const key = name === "h" ? "help" : name;
    const earlier =
      flag.isRepeatable === true ? (values.get(key) as readonly unknown[] | undefined) : undefined;
    values.set(key, flag.isRepeatable === true ? [...(earlier ?? []), value] : value);
  }
  return { values, rest: argv.slice(i), isEnded };
}

function unknownFlag(argument: string, name: string, known: readonly string[]): UsageError {
  const nearest = nearestName(name, known);
  const advice = nearest === undefined ? "--help lists those there are" : `did you mean --${nearest}?`;
  return new UsageError(`unknown flag ${quote(argument.split("=", 1)[0] ?? argument)}; ${advice}`);
}
