import type { Ceiling } from "./ceiling/ceiling.js";
import { measureCeiling } from "./ceiling/measure-ceiling.js";
import { EmulatorProcess } from "./emulator/emulator-process.js";
import type { BenchOptions } from "./options.js";
import { type BareNode, measureBareNode, nodeOfCommand } from "./provider/bare-node.js";
import { describeMachine } from "./report/machine.js";
import type { Report } from "./report/report.js";
import { runScenario, type ScenarioResult } from "./run.js";

const IDLE_MS = { full: 3_000, quick: 500 } as const;

/**
 * Runs everything that was asked for.
 * @param progress - told of every step
 * @param signal - ends it early, with what there is by then
 */
export async function bench(
  options: BenchOptions,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<Report> {
  const { providers, scenarios, scale, delayMs, repeat } = options;
  const ceilings: Ceiling[] = [];
  const bareNodes: BareNode[] = [];
  const results: ScenarioResult[] = [];
  const emulator = await EmulatorProcess.start();
  try {
    progress("the bench's own ceiling");
    ceilings.push(...(await measureCeiling(emulator, scale, signal)));
    for (const node of new Set(providers.flatMap((template) => nodeOfCommand(template) ?? []))) {
      bareNodes.push(await measureBareNode(node, IDLE_MS[scale]));
    }
    for (const scenario of scenarios) {
      if (signal.aborted) break;
      const setting = { providers, scale, delayMs, repeat, emulator, progress, signal };
      results.push(await runScenario(scenario, setting));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await emulator.stop();
  }
  return { machine: describeMachine(), providers, scale, repeat, ceilings, bareNodes, results };
}
