import { atOnce, spread } from "../load/patterns.js";
import { type Volume, volumeOf } from "../load/volume.js";
import type { Session } from "../load/session.js";
import { type Scale, type Scenario, USUAL_PLAN } from "../scenario.js";

const PRINCIPALS = 5;
const TEN_MINUTES_MS = 600_000;

/** As often as an unchanged volume comes round with driver 1.6 at its stock settings. */
const ROUND_MS = 75_000;

/** A node whose pods come round again and again while nothing changes in the vault. */
function rotation(
  name: string,
  title: string,
  drive: (session: Session, volumes: readonly Volume[], scale: Scale) => Promise<void>,
): Scenario {
  return {
    name,
    title,
    plan: ({ scale, delayMs }) => ({
      ...USUAL_PLAN,
      limitMs: TEN_MINUTES_MS,
      world: {
        objects: 10,
        objectBytes: 32,
        principals: PRINCIPALS,
        podsPerPrincipal: scale === "full" ? 20 : 4,
      },
      behaviour: { delayMs },
      drive: async (session) => {
        const volumes = session.world.pods.map((pod) => volumeOf(session.world, pod));
        await drive(session, interleave(volumes, PRINCIPALS), scale);
      },
    }),
  };
}

/** Deals the parts of a list out in turn: neighbours are then of different principals. */
function interleave<Item>(items: readonly Item[], parts: number): Item[] {
  const size = Math.ceil(items.length / parts);
  return Array.from({ length: size }, (_, index) =>
    items.filter((_, position) => position % size === index),
  ).flat();
}

export const ROTATIONS: readonly Scenario[] = [
  rotation(
    "rotation-at-once",
    "100 pods × 10 objects over 5 principals come round, all at the same moment; the last time after 75 s",
    async (session, volumes, scale) => {
      const round = (name: string): Promise<void> =>
        session.measure(name, (recorder) => atOnce(recorder, volumes));
      await round("first round");
      await round("round 2");
      if (scale === "quick") return;
      await round("round 3");
      await session.rest(ROUND_MS);
      await round("75 s later");
    },
  ),
  rotation(
    "rotation-spread",
    "100 pods × 10 objects over 5 principals come round, spread over 75 s",
    async (session, volumes, scale) => {
      const [rounds, roundMs] = scale === "full" ? [3, ROUND_MS] : [2, 1_000];
      for (let count = 1; count <= rounds; count += 1) {
        await session.measure(count === 1 ? "first round" : `round ${count}`, (recorder) =>
          spread(recorder, volumes, roundMs),
        );
      }
    },
  ),
];
