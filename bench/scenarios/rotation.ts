import { atOnce, spread } from "../load/patterns.js";
import type { Recorder } from "../load/recorder.js";
import { type Volume, volumeOf } from "../load/volume.js";
import { type Scenario, USUAL_PLAN } from "../scenario.js";

/** A node whose pods come round again and again while nothing changes in the vault. */
function rotation(
  name: string,
  title: string,
  rounds: { readonly full: number; readonly quick: number },
  round: (recorder: Recorder, volumes: readonly Volume[], isQuick: boolean) => Promise<void>,
): Scenario {
  return {
    name,
    title,
    plan: (scale) => ({
      ...USUAL_PLAN,
      world: { objects: 10, objectBytes: 32, principals: 5, podsPerPrincipal: scale === "full" ? 20 : 4 },
      drive: async (session) => {
        const isQuick = scale === "quick";
        const volumes = interleave(
          session.world.pods.map((pod) => volumeOf(session.world, pod)),
          5,
        );
        await session.measure("first round", (recorder) => round(recorder, volumes, isQuick));
        for (let count = 2; count <= rounds[scale]; count += 1) {
          await session.measure(`round ${count}`, (recorder) => round(recorder, volumes, isQuick));
        }
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
    "100 pods × 10 objects over 5 principals come round, all at the same moment",
    { full: 5, quick: 2 },
    atOnce,
  ),
  rotation(
    "rotation-spread",
    "100 pods × 10 objects over 5 principals come round, spread over 20 s",
    { full: 4, quick: 2 },
    (recorder, volumes, isQuick) => spread(recorder, volumes, isQuick ? 1_000 : 20_000),
  ),
];
