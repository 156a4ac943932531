import { expect } from "chai";
import { secretYaml } from "./objects-yaml.js";
import type { MountFailure } from "./pod.js";
import type { World } from "./world.js";

/** An ordinary mount takes some 50 ms; a loop that is blocked, or a process that is gone, takes for ever. */
const ORDINARY_LIMIT_MS = 4_000;

/**
 * Starts something harmful, and while it runs mounts for pods of another namespace, which must go well all along.
 * @param bomb - resolves when the harmful call has been refused
 * @returns how it was refused
 */
export async function othersGoOn(world: World, bomb: () => Promise<MountFailure>): Promise<MountFailure> {
  const neighbour = world.pod();
  const value = neighbour.plantSecret("ordinary");
  const state = { isOver: false };
  const ending = bomb().finally(() => {
    state.isOver = true;
  });
  ending.catch(() => undefined); // awaited below
  do {
    const { files } = await neighbour.mount({
      objects: secretYaml("ordinary"),
      deadlineMs: ORDINARY_LIMIT_MS,
    });
    expect(files.get("ordinary")?.text).to.equal(value);
  } while (!state.isOver);
  return await ending;
}
