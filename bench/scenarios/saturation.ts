import { again, atOnce } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scenario, USUAL_PLAN } from "../scenario.js";

/** As many remounts as it can do, 64 at a time. */
export const saturation: Scenario = {
  name: "saturation",
  title: "64 pods × 1 object come round without a pause",
  plan: ({ scale }) => ({
    ...USUAL_PLAN,
    world: { objects: 1, objectBytes: 32, principals: 4, podsPerPrincipal: 16 },
    behaviour: { delayMs: 0 },
    drive: async (session) => {
      const volumes = session.world.pods.map((pod) => volumeOf(session.world, pod));
      const isFull = scale === "full";
      await session.measure("first mounts", (recorder) => atOnce(recorder, volumes), { client: "bare" });
      // What it compiles while it warms up is no part of the rate.
      await session.measure("warm-up", (recorder) => again(recorder, volumes, isFull ? 3_000 : 300), {
        client: "bare",
      });
      await session.measure("remounts", (recorder) => again(recorder, volumes, isFull ? 10_000 : 700), {
        client: "bare",
      });
    },
  }),
};
