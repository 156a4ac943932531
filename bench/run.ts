import { setTimeout as sleep } from "node:timers/promises";
import type { EmulatorProcess } from "./emulator/emulator-process.js";
import { Session } from "./load/session.js";
import { mergePhases, type Phase } from "./measure/phase.js";
import { type ProviderUsage, ProviderRun, type StartSample } from "./provider/provider-run.js";
import type { Plan, Scale, Scenario } from "./scenario.js";

/** What one provider showed in one scenario, all runs together. */
export interface ProviderResult {
  readonly starts: readonly StartSample[];
  /** Memory after the rest that the plan gives; empty when it gives none. */
  readonly idle: readonly ProviderUsage[];
  readonly phases: readonly Phase[];
  /** Why a run had to be given up. */
  readonly failures: readonly string[];
}

export interface ScenarioResult {
  readonly scenario: Scenario;
  /** In the order of the providers. */
  readonly providers: readonly ProviderResult[];
}

export interface RunSetting {
  readonly providers: readonly string[];
  readonly scale: Scale;
  readonly repeat: number;
  readonly emulator: EmulatorProcess;
  /** Told of every step. */
  readonly progress: (line: string) => void;
  /** Ends everything early. */
  readonly signal: AbortSignal;
}

/** Runs one scenario for every provider, alternately: A B A B. */
export async function runScenario(scenario: Scenario, setting: RunSetting): Promise<ScenarioResult> {
  const { providers, repeat, progress, signal } = setting;
  const plan = scenario.plan(setting.scale);
  const seen = providers.map((): ProviderResult[] => []);
  for (let round = 1; round <= repeat * plan.starts; round += 1) {
    for (const [index, template] of providers.entries()) {
      signal.throwIfAborted();
      progress(`${scenario.name}, ${round} of ${repeat * plan.starts}: ${template}`);
      seen[index]?.push(await runOnce(plan, template, setting));
    }
  }
  return {
    scenario,
    providers: seen.map((results) => ({
      starts: results.flatMap(({ starts }) => starts),
      idle: results.flatMap(({ idle }) => idle),
      phases: mergePhases(results.flatMap(({ phases }) => phases)),
      failures: results.flatMap(({ failures }) => failures),
    })),
  };
}

async function runOnce(plan: Plan, template: string, setting: RunSetting): Promise<ProviderResult> {
  const { emulator, signal } = setting;
  const world = await emulator.openWorld(plan);
  const provider = await ProviderRun.start(template, emulator.env);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(plan.limitMs)]);
  try {
    const idle =
      plan.idleMs === 0 ? [] : [await sleep(plan.idleMs, undefined, { signal }).then(() => provider.usage())];
    const session = new Session(emulator, provider, world);
    const failure = await Promise.race([
      plan.drive(session).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : "unknown"),
      ),
      aborted(limit),
    ]);
    return {
      starts: [provider.start],
      idle,
      phases: session.phases,
      failures: failure === undefined ? [] : [failure],
    };
  } finally {
    await provider.stop();
  }
}

function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const tell = (): void => {
      resolve("given up: it took longer than its limit");
    };
    if (signal.aborted) tell();
    else signal.addEventListener("abort", tell, { once: true });
  });
}
