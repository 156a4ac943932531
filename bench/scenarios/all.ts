import type { Scenario } from "../scenario.js";
import { DEPLOYMENTS } from "./deployment.js";
import { large } from "./large.js";
import { LEAKS } from "./leaks.js";
import { MOUNTS } from "./mounts.js";
import { ROTATIONS } from "./rotation.js";
import { saturation } from "./saturation.js";
import { STARTS } from "./start.js";

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  ...STARTS,
  ...MOUNTS,
  ...ROTATIONS,
  ...DEPLOYMENTS,
  saturation,
  large,
  ...LEAKS,
];
