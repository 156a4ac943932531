import { inTurn } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scenario, USUAL_PLAN } from "../scenario.js";

/** Pods of one principal, one after another, from the first call of a fresh provider to remounts. */
function mounts(objects: number, delayMs: number): Scenario {
  return {
    name: `mount-${objects}-${delayMs}ms`,
    title: `${objects === 1 ? "1 object" : `${objects} objects`}, vault at ${delayMs} ms, one call at a time`,
    plan: (scale) => ({
      ...USUAL_PLAN,
      world: { objects, objectBytes: 32, principals: 1, podsPerPrincipal: scale === "full" ? 21 : 4 },
      behaviour: { delayMs },
      starts: scale === "full" ? 10 : 2,
      drive: async (session) => {
        const volumes = session.world.pods.map((pod) => volumeOf(session.world, pod));
        const others = volumes.slice(1);
        const second = session.world.pods.slice(1).map((pod) => volumeOf(session.world, pod, 1));
        await session.measure("cold: a fresh provider", (recorder) => inTurn(recorder, volumes.slice(0, 1)));
        await session.measure("another pod, new token", (recorder) => inTurn(recorder, others));
        await session.measure("another volume, known token", (recorder) => inTurn(recorder, second));
        await session.measure("remount", (recorder) => inTurn(recorder, second));
      },
    }),
  };
}

export const MOUNTS: readonly Scenario[] = [mounts(1, 20), mounts(20, 20), mounts(1, 0), mounts(20, 0)];
