import type { MountPlan } from "../model/mount-plan.js";
import type { MountRequest } from "../model/mount-request.js";
import type { OffloadPool } from "../offload/offload-pool.js";
import { DRIVER_ATTRIBUTE } from "../parameters/attributes.js";
import { decodeMountRequest, objectsText } from "../parameters/decode-mount-request.js";
import {
  MAX_INLINE_OBJECTS_LENGTH,
  MAX_OBJECTS_LENGTH,
  type ObjectsOutcome,
  parseObjects,
} from "../parameters/parse-objects.js";
import { type PlanDefaults, planMount } from "../parameters/plan-mount.js";
import type { RememberedObjects } from "../parameters/remembered-objects.js";

/** With what the flags decide for classes that leave it out. */
export interface PlanningParts extends PlanDefaults {
  readonly pool: OffloadPool;
  readonly rememberedObjects: RememberedObjects;
}

/**
 * Turns a request into its plan. `objects` is read once for each class; a short text at once, a long one in another
 * thread, since a hostile one of the same length takes long.
 * @throws {ProviderError} as decodeMountRequest and planMount do, and what the pool throws
 */
export async function planRequest(
  request: MountRequest,
  parts: PlanningParts,
  signal: AbortSignal,
): Promise<MountPlan> {
  const { pool, rememberedObjects } = parts;
  const decoded = decodeMountRequest(request);
  const text = objectsText(decoded);
  const remembered = rememberedObjects.get(text);
  const owner = decoded.attributes.get(DRIVER_ATTRIBUTE.podNamespace) ?? "";
  const objects = remembered ?? (await readObjects(text, pool, owner, signal));
  if (remembered === undefined) rememberedObjects.set(text, objects);
  return planMount(decoded, objects, parts);
}

async function readObjects(
  text: string,
  pool: OffloadPool,
  owner: string,
  signal: AbortSignal,
): Promise<ObjectsOutcome> {
  const isCheap = text.length <= MAX_INLINE_OBJECTS_LENGTH || text.length > MAX_OBJECTS_LENGTH;
  return isCheap ? parseObjects(text) : await pool.run("parse-objects", text, { owner, signal });
}
