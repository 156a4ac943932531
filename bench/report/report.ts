import type { Ceiling } from "../ceiling/ceiling.js";
import type { BareNode } from "../provider/bare-node.js";
import type { ScenarioResult } from "../run.js";
import type { Scale } from "../scenario.js";
import type { Machine } from "./machine.js";

/** Everything that one run of the bench has found out. */
export interface Report {
  readonly machine: Machine;
  /** Command templates. */
  readonly providers: readonly string[];
  readonly scale: Scale;
  readonly repeat: number;
  readonly ceilings: readonly Ceiling[];
  /** Of each Node that runs a provider. */
  readonly bareNodes: readonly BareNode[];
  readonly results: readonly ScenarioResult[];
}

/** How providers are called in tables: A, B. */
export function letterOf(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}
