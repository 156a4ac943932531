import { inTurn } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scenario, USUAL_PLAN } from "../scenario.js";

/** Long enough for a provider to load what it has left for later. */
const REST_MS = { full: 1_000, quick: 250 } as const;

/** Pods of one principal, one after another, from the first call of a fresh provider to remounts. */
function mounts(objects: number, hasDelay: boolean): Scenario {
  return {
    name: `mount-${objects}${hasDelay ? "" : "-no-delay"}`,
    title: `${objects === 1 ? "1 object" : `${objects} objects`}, one call at a time`,
    plan: ({ scale, delayMs }) => ({
      ...USUAL_PLAN,
      world: { objects, objectBytes: 32, principals: 1, podsPerPrincipal: scale === "full" ? 21 : 4 },
      behaviour: { delayMs: hasDelay ? delayMs : 0 },
      starts: scale === "full" ? 10 : 1,
      drive: async (session) => {
        const volumes = session.world.pods.map((pod) => volumeOf(session.world, pod));
        const others = volumes.slice(1);
        const second = session.world.pods.slice(1).map((pod) => volumeOf(session.world, pod, 1));
        await session.rest(REST_MS[scale]);
        await session.measure("cold: nothing asked yet", (recorder) => inTurn(recorder, volumes.slice(0, 1)));
        await session.measure("another pod, new token", (recorder) => inTurn(recorder, others));
        await session.measure("another volume, known token", (recorder) => inTurn(recorder, second));
        await session.measure("remount", (recorder) => inTurn(recorder, second));
      },
    }),
  };
}

export const MOUNTS: readonly Scenario[] = [
  mounts(1, true),
  mounts(20, true),
  mounts(1, false),
  mounts(20, false),
];
