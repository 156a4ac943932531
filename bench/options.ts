import { parseArgs } from "node:util";
import { fillCommand } from "./provider/command.js";
import type { Scale, Scenario } from "./scenario.js";

export interface BenchOptions {
  /** Command templates: one, or two that are run alternately. */
  readonly providers: readonly string[];
  readonly scenarios: readonly Scenario[];
  readonly scale: Scale;
  /** How often each scenario is run for each provider. */
  readonly repeat: number;
  /** File for the results as JSON; "-" prints them in the place of the tables. */
  readonly json?: string | undefined;
  readonly list: boolean;
}

const DEFAULT_PROVIDER = "node dist/provider.js";
const MAX_REPEAT = 100;

export const USAGE = `npm run bench -- [options]

  --provider <command>   what to measure; default "${DEFAULT_PROVIDER}"
                         {endpoint}, {healthzPort} and {metricsPort} are filled in; without {endpoint}, the flags
                         --endpoint, --healthz-port and --prometheus-port are put behind the command
  --against <command>    a second one: the two are run alternately, and ratios are printed
  --scenario <a,b,…>     only these; a name ending in * stands for all that begin so
  --repeat <n>           runs of each scenario for each provider; default 1, with --against 2
  --quick                few pods and short times: shows that all works, its numbers are not to be quoted
  --json <file>          results as JSON too; - prints them in the place of the tables
  --list                 names the scenarios, and ends
`;

/** @throws {RangeError} that says what is right */
export function parseOptions(argv: readonly string[], all: readonly Scenario[]): BenchOptions {
  const { values } = readArguments(argv);
  const providers = [
    values.provider ?? DEFAULT_PROVIDER,
    ...(values.against === undefined ? [] : [values.against]),
  ];
  for (const provider of providers) {
    fillCommand(provider, { endpoint: "unix:///azure.sock", healthzPort: 1, metricsPort: 2 });
  }
  return {
    providers,
    scenarios: chooseScenarios(values.scenario, all),
    scale: values.quick === true ? "quick" : "full",
    repeat: readRepeat(values.repeat ?? String(providers.length)),
    json: values.json,
    list: values.list ?? false,
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

function readRepeat(text: string): number {
  const repeat = Number(text);
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > MAX_REPEAT) {
    throw new RangeError(`--repeat takes a whole number from 1 to ${MAX_REPEAT}, not "${text}"`);
  }
  return repeat;
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        provider: { type: "string" },
        against: { type: "string" },
        scenario: { type: "string" },
        repeat: { type: "string" },
        quick: { type: "boolean" },
        json: { type: "string" },
        list: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : "the options can't be read", {
      cause: error,
    });
  }
}
