import type { VaultBehaviour } from "../emulator/protocol.js";
import { untilAllRun } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scale, type Scenario, USUAL_PLAN } from "../scenario.js";

const LIMIT_MS = 180_000;
const QUICK_LIMIT_MS = 8_000;

/** All pods of one deployment start at once, on a node whose provider has just started too. */
function deployment(name: string, title: string, behaviourAt: (scale: Scale) => VaultBehaviour): Scenario {
  return {
    name,
    title,
    plan: (scale) => ({
      ...USUAL_PLAN,
      world: { objects: 10, objectBytes: 32, principals: 1, podsPerPrincipal: scale === "full" ? 50 : 8 },
      behaviour: behaviourAt(scale),
      drive: async (session) => {
        const volumes = session.world.pods.map((pod) => volumeOf(session.world, pod));
        await session.measure("until all are mounted", (recorder) =>
          untilAllRun(recorder, volumes, scale === "full" ? LIMIT_MS : QUICK_LIMIT_MS),
        );
      },
    }),
  };
}

/** Requests in ten seconds: fewer than half of what the pods would ask for one by one. */
const THROTTLE_LIMIT = { full: 200, quick: 40 } as const;

export const DEPLOYMENTS: readonly Scenario[] = [
  deployment("deployment", "50 pods of one deployment × 10 objects start at once, vault at 20 ms", () => ({
    delayMs: 20,
  })),
  deployment(
    "throttled",
    "the same; the vault takes 200 requests in 10 s, its 429s name no time",
    (scale) => ({ delayMs: 20, throttle: { limit: THROTTLE_LIMIT[scale] } }),
  ),
  deployment(
    "throttled-retry-after",
    "the same; the vault takes 200 requests in 10 s, its 429s say 5 s",
    (scale) => ({ delayMs: 20, throttle: { limit: THROTTLE_LIMIT[scale], retryAfterSeconds: 5 } }),
  ),
];
