import { setMaxListeners } from "node:events";
import type { EmulatorProcess } from "./emulator/emulator-process.js";
import { Session } from "./load/session.js";
import { mergePhases, type Phase } from "./measure/phase.js";
import { type ProviderUsage, ProviderRun, type StartSample } from "./provider/provider-run.js";
import type { Plan, PlanSetting, Scenario } from "./scenario.js";

/** What one start of a provider showed in one scenario. */
export interface Run {
  /** Undefined when it did not come to serve. */
  readonly start?: StartSample | undefined;
  /** After the rest that the plan gives; undefined when it gives none. */
  readonly idle?: ProviderUsage | undefined;
  readonly phases: readonly Phase[];
  /** Why it had to be given up. */
  readonly failure?: string | undefined;
}

/** What one provider showed in one scenario. */
export interface ProviderResult {
  readonly runs: readonly Run[];
  /** Those of all runs, merged. */
  readonly phases: readonly Phase[];
}

export interface ScenarioResult {
  readonly scenario: Pick<Scenario, "name" | "title">;
  readonly delayMs: number;
  /** In the order of the providers; the runs of the same position were made one after the other. */
  readonly providers: readonly ProviderResult[];
}

export interface RunSetting extends PlanSetting {
  readonly providers: readonly string[];
  readonly repeat: number;
  readonly emulator: EmulatorProcess;
  /** Told of every step. */
  readonly progress: (line: string) => void;
  /** Ends everything early. */
  readonly signal: AbortSignal;
}

/** Runs one scenario for every provider, alternately: A B, B A, A B, so that neither is always the first. */
export async function runScenario(scenario: Scenario, setting: RunSetting): Promise<ScenarioResult> {
  const { providers, repeat, progress, signal } = setting;
  const plan = scenario.plan(setting);
  const runs = providers.map((): Run[] => []);
  const rounds = repeat * plan.starts;
  for (let round = 1; round <= rounds; round += 1) {
    const pair = [...providers.entries()];
    for (const [index, template] of round % 2 === 1 ? pair : pair.reverse()) {
      if (signal.aborted) break;
      progress(`${scenario.name}, ${round} of ${rounds}: ${template}`);
      runs[index]?.push(await runOnce(plan, template, setting));
    }
  }
  return {
    scenario,
    delayMs: plan.behaviour.delayMs,
    providers: runs.map((own) => ({
      runs: own,
      phases: mergePhases(own.flatMap(({ phases }) => phases)),
    })),
  };
}

async function runOnce(plan: Plan, template: string, { emulator, signal }: RunSetting): Promise<Run> {
  const world = await emulator.openWorld(plan);
  const limit = AbortSignal.timeout(plan.limitMs);
  let provider: ProviderRun | undefined;
  let session: Session | undefined;
  let idle: ProviderUsage | undefined;
  try {
    provider = await ProviderRun.start(template, emulator.env, AbortSignal.any([signal, limit]));
    const until = AbortSignal.any([signal, limit, provider.ended]);
    setMaxListeners(0, until); // every call in flight listens
    session = new Session({ emulator, provider, world, signal: until });
    if (plan.idleMs > 0) {
      await session.rest(plan.idleMs);
      idle = await provider.usage();
    }
    await plan.drive(session);
    return { start: provider.start, idle, phases: session.phases };
  } catch (error) {
    const reason: unknown = [signal, provider?.ended, limit].find((why) => why?.aborted)?.reason ?? error;
    const failure =
      reason === limit.reason && limit.aborted
        ? `given up: it took longer than ${plan.limitMs / 1000} s`
        : messageOf(reason);
    return { start: provider?.start, idle, phases: session?.phases ?? [], failure };
  } finally {
    await provider?.stop();
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : "unknown";
}
