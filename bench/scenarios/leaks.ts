import { churn } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scale, type Scenario, USUAL_PLAN } from "../scenario.js";

const INTERVALS = 10;
const CONCURRENCY = 16;
const PRINCIPALS = 5;
const MOUNTS: Readonly<Record<Scale, number>> = { full: 10_000, quick: 200 };
const TEN_MINUTES_MS = 600_000;

/** Pods come, are mounted four times each, and go, over and over: what is remembered of them has to be bounded. */
const newPods: Scenario = leaks(
  "leaks-new-pods",
  "2,500 pods, each four times and never again",
  (mounts) => ({
    pods: mounts / 4,
    podsInInterval: mounts / 4 / INTERVALS,
  }),
);

/** The same pods again and again: nothing new is to be remembered. */
const samePods: Scenario = leaks("leaks-same-pods", "50 pods, over and over", (mounts) => {
  const pods = Math.min(50, mounts / INTERVALS);
  return { pods, podsInInterval: pods };
});

function leaks(
  name: string,
  who: string,
  podsOf: (mounts: number) => { readonly pods: number; readonly podsInInterval: number },
): Scenario {
  return {
    name,
    title: `10,000 mounts of 2 objects: ${who}`,
    plan: ({ scale }) => {
      const mounts = MOUNTS[scale];
      const { pods, podsInInterval } = podsOf(mounts);
      return {
        ...USUAL_PLAN,
        limitMs: TEN_MINUTES_MS,
        world: { objects: 2, objectBytes: 1024, principals: PRINCIPALS, podsPerPrincipal: pods / PRINCIPALS },
        behaviour: { delayMs: 0 },
        drive: async (session) => {
          const volumes = session.world.pods.map((pod) => volumeOf(session.world, pod));
          for (let interval = 0; interval < INTERVALS; interval += 1) {
            const first = (interval * podsInInterval) % pods;
            const some = volumes.slice(first, first + podsInInterval);
            await session.measure(
              `up to ${((interval + 1) * mounts) / INTERVALS} mounts`,
              (recorder) =>
                churn(recorder, some, {
                  times: mounts / INTERVALS / podsInInterval,
                  concurrency: CONCURRENCY,
                }),
              { watchHeap: true },
            );
          }
        },
      };
    },
  };
}

export const LEAKS: readonly Scenario[] = [newPods, samePods];
