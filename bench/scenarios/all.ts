import type { Scenario } from "../scenario.js";
import { DEPLOYMENTS } from "./deployment.js";
import { large } from "./large.js";
import { leaks } from "./leaks.js";
import { MOUNTS } from "./mounts.js";
import { ROTATIONS } from "./rotation.js";
import { saturation } from "./saturation.js";
import { start } from "./start.js";

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  start,
  ...MOUNTS,
  ...ROTATIONS,
  ...DEPLOYMENTS,
  saturation,
  large,
  leaks,
];
