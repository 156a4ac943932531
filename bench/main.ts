import { setMaxListeners } from "node:events";
import { writeFile } from "node:fs/promises";
import { bench } from "./bench.js";
import { type BenchOptions, parseOptions } from "./options.js";
import { reportJson } from "./report/json.js";
import { reportText } from "./report/text.js";
import { SCENARIOS } from "./scenarios/all.js";
import { USAGE } from "./usage.js";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = parseOptions(argv, SCENARIOS);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  switch (options.action) {
    case "help":
      console.log(USAGE);
      return 0;
    case "list":
      for (const { name, title } of options.scenarios) console.log(`${name.padEnd(22)} ${title}`);
      return 0;
    case "run":
      return await run(options);
  }
}

async function run(options: BenchOptions): Promise<number> {
  const interrupted = new AbortController();
  setMaxListeners(0, interrupted.signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      interrupted.abort(new Error(`ended early by ${signal}`));
    });
  }
  const progress = (line: string): void => {
    console.error(line);
  };
  const report = await bench(options, progress, interrupted.signal);
  if (options.json === "-") console.log(reportJson(report));
  else {
    console.log(reportText(report));
    if (options.json !== undefined) await writeFile(options.json, `${reportJson(report)}\n`);
  }
  if (interrupted.signal.aborted) return 130;
  const isGivenUp = report.results.some(({ providers }) =>
    providers.some(({ runs }) => runs.some(({ failure }) => failure !== undefined)),
  );
  return isGivenUp ? 1 : 0;
}
