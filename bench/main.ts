import { writeFile } from "node:fs/promises";
import { measureCeiling } from "./ceiling/measure-ceiling.js";
import { EmulatorProcess } from "./emulator/emulator-process.js";
import { parseOptions, USAGE } from "./options.js";
import { measureBareNode, nodeOfCommand } from "./provider/bare-node.js";
import { describeMachine } from "./report/machine.js";
import { reportJson } from "./report/json.js";
import { reportText } from "./report/text.js";
import { runScenario, type ScenarioResult } from "./run.js";
import { SCENARIOS } from "./scenarios/all.js";

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted.abort(new Error(`ended by ${signal}`));
  });
}
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  let options;
  try {
    options = parseOptions(argv, SCENARIOS);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (options.list) {
    for (const { name, title } of SCENARIOS) console.log(`${name.padEnd(22)} ${title}`);
    return 0;
  }
  const { providers, scenarios, scale, repeat } = options;
  const progress = (line: string): void => {
    console.error(line);
  };
  const emulator = await EmulatorProcess.start();
  try {
    progress("the bench's own ceiling");
    const ceilings = await measureCeiling(emulator, scale);
    const nodes = [...new Set(providers.map(nodeOfCommand))].filter((node) => node !== undefined);
    const bareNodes = [];
    for (const node of nodes) bareNodes.push(await measureBareNode(node, scale === "full" ? 3_000 : 500));
    const results: ScenarioResult[] = [];
    for (const scenario of scenarios) {
      results.push(
        await runScenario(scenario, {
          providers,
          scale,
          repeat,
          emulator,
          progress,
          signal: interrupted.signal,
        }),
      );
    }
    const report = { machine: describeMachine(), providers, scale, repeat, ceilings, bareNodes, results };
    if (options.json === "-") console.log(reportJson(report));
    else {
      console.log(reportText(report));
      if (options.json !== undefined) await writeFile(options.json, `${reportJson(report)}\n`);
    }
    return results.some(({ providers: seen }) => seen.some(({ failures }) => failures.length > 0)) ? 1 : 0;
  } finally {
    await emulator.stop();
  }
}
