import { churn } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scenario, USUAL_PLAN } from "../scenario.js";

const INTERVALS = 10;
const TIMES = 4;
const CONCURRENCY = 16;

/** Pods come, are mounted four times each, and go, over and over. */
export const leaks: Scenario = {
  name: "leaks",
  title: "10,000 mounts of 2,500 pods × 2 objects, each four times and never again, vault at 0 ms",
  plan: (scale) => {
    const pods = scale === "full" ? 2_500 : 50;
    return {
      ...USUAL_PLAN,
      world: { objects: 2, objectBytes: 1024, principals: 5, podsPerPrincipal: pods / 5 },
      behaviour: { delayMs: 0 },
      drive: async (session) => {
        const each = Math.ceil(pods / INTERVALS);
        for (let interval = 0; interval < INTERVALS; interval += 1) {
          const some = session.world.pods.slice(interval * each, (interval + 1) * each);
          const volumes = some.map((pod) => volumeOf(session.world, pod));
          const upTo = Math.min(pods, (interval + 1) * each) * TIMES;
          await session.measure(
            `up to ${upTo} mounts`,
            (recorder) => churn(recorder, volumes, { times: TIMES, concurrency: CONCURRENCY }),
            { watchHeap: true },
          );
        }
      },
    };
  },
};
