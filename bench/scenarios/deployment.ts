import type { Throttle } from "../emulator/protocol.js";
import { untilAllRun } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scale, type Scenario, USUAL_PLAN } from "../scenario.js";

/** When the kubelet's further tries are no longer waited for. */
const LIMIT_MS = { full: 180_000, quick: 6_000 } as const;

/** All pods of one deployment start at once, on a node whose provider has just started too. */
function deployment(name: string, title: string, throttleAt?: (scale: Scale) => Throttle): Scenario {
  return {
    name,
    title,
    plan: ({ scale, delayMs }) => ({
      ...USUAL_PLAN,
      world: { objects: 10, objectBytes: 32, principals: 1, podsPerPrincipal: scale === "full" ? 50 : 8 },
      behaviour: { delayMs, ...(throttleAt === undefined ? {} : { throttle: throttleAt(scale) }) },
      drive: async (session) => {
        const volumes = session.world.pods.map((pod) => volumeOf(session.world, pod));
        await session.measure("until all are mounted", (recorder) =>
          untilAllRun(recorder, volumes, LIMIT_MS[scale]),
        );
      },
    }),
  };
}

/** Fewer than half of what the pods would ask for one by one. */
const THROTTLE = {
  full: { limit: 200, windowMs: 10_000 },
  quick: { limit: 40, windowMs: 2_000 },
} as const;
const RETRY_AFTER_SECONDS = { full: 5, quick: 1 } as const;

export const DEPLOYMENTS: readonly Scenario[] = [
  deployment("deployment", "50 pods of one deployment × 10 objects start at once"),
  deployment(
    "throttled",
    "the same before a vault that takes 200 requests in 10 s; its 429s name no time",
    (scale) => THROTTLE[scale],
  ),
  deployment(
    "throttled-retry-after",
    "the same before a vault that takes 200 requests in 10 s; its 429s say 5 s",
    (scale) => ({ ...THROTTLE[scale], retryAfterSeconds: RETRY_AFTER_SECONDS[scale] }),
  ),
];
