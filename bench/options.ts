import { parseArgs } from "node:util";
import { fillCommand } from "./provider/command.js";
import type { Scale, Scenario } from "./scenario.js";
import { DEFAULT_DELAY_MS, DEFAULT_PROVIDER } from "./usage.js";

export interface BenchOptions {
  /** What is wanted: the bench, or a text in its place. */
  readonly action: "run" | "list" | "help";
  /** Command templates: one, or two that are run alternately. */
  readonly providers: readonly string[];
  readonly scenarios: readonly Scenario[];
  readonly scale: Scale;
  readonly delayMs: number;
  /** How often each scenario is run for each provider. */
  readonly repeat: number;
  /** File for the results as JSON; "-" prints them in the place of the tables. */
  readonly json?: string | undefined;
}

const MAX_REPEAT = 100;
const MAX_DELAY_MS = 10_000;

/** @throws {RangeError} that says what is right */
export function parseOptions(argv: readonly string[], all: readonly Scenario[]): BenchOptions {
  const values = readArguments(argv);
  const isQuick = values.quick === true;
  const providers = [
    values.provider ?? DEFAULT_PROVIDER,
    ...(values.against === undefined ? [] : [values.against]),
  ];
  for (const provider of providers) {
    fillCommand(provider, { endpoint: "unix:///azure.sock", healthzPort: 1, metricsPort: 2 });
  }
  const usualRepeat = isQuick ? 1 : providers.length;
  return {
    action: values.help === true ? "help" : values.list === true ? "list" : "run",
    providers,
    scenarios: chooseScenarios(values.scenario, all),
    scale: isQuick ? "quick" : "full",
    delayMs: readWhole("--delay-ms", values["delay-ms"], DEFAULT_DELAY_MS, { from: 0, to: MAX_DELAY_MS }),
    repeat: readWhole("--repeat", values.repeat, usualRepeat, { from: 1, to: MAX_REPEAT }),
    json: values.json,
  };
}

/** Scenarios by name or by the beginning of it, in their own order. @throws {RangeError} for a name of none */
function chooseScenarios(names: string | undefined, all: readonly Scenario[]): readonly Scenario[] {
  if (names === undefined) return all;
  const isMeant = names.split(",").map((name) => {
    const matches = ({ name: own }: Scenario): boolean =>
      name.endsWith("*") ? own.startsWith(name.slice(0, -1)) : own === name;
    if (!all.some(matches)) {
      throw new RangeError(
        `no scenario is called "${name}"; there are ${all.map((scenario) => scenario.name).join(", ")}`,
      );
    }
    return matches;
  });
  return all.filter((scenario) => isMeant.some((matches) => matches(scenario)));
}

function readWhole(
  flag: string,
  text: string | undefined,
  usual: number,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < from || value > to) {
    throw new RangeError(`${flag} takes a whole number from ${from} to ${to}, not "${text}"`);
  }
  return value;
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        provider: { type: "string" },
        against: { type: "string" },
        scenario: { type: "string" },
        "delay-ms": { type: "string" },
        repeat: { type: "string" },
        quick: { type: "boolean" },
        json: { type: "string" },
        list: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : "the options can't be read", {
      cause: error,
    });
  }
}
