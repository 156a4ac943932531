import type { VaultBehaviour, WorldSpec } from "./emulator/protocol.js";
import type { Session } from "./load/session.js";

/** `quick`: as few as show that everything works; its numbers are not to be quoted. */
export type Scale = "full" | "quick";

export interface PlanSetting {
  readonly scale: Scale;
  /** Of the vault and of Entra ID, in the scenarios that have a delay. */
  readonly delayMs: number;
}

/** One scenario at one scale. */
export interface Plan {
  readonly world: WorldSpec;
  readonly behaviour: VaultBehaviour;
  /** How often a provider is started anew for it. */
  readonly starts: number;
  /** How long it is left alone after the start, before its idle memory is read; 0: not read. */
  readonly idleMs: number;
  /** When to give up on one start of it. */
  readonly limitMs: number;
  /** What is done with one provider that has just been started. */
  readonly drive: (session: Session) => Promise<void>;
}

export interface Scenario {
  readonly name: string;
  /** What happens at full scale, in a line. */
  readonly title: string;
  readonly plan: (setting: PlanSetting) => Plan;
}

const MINUTE_MS = 60_000;

/** What most plans have in common. */
export const USUAL_PLAN = { starts: 1, idleMs: 0, limitMs: 5 * MINUTE_MS } as const;
