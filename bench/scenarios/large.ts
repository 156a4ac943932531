import { inTurn } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scenario, USUAL_PLAN } from "../scenario.js";

/** A volume of a megabyte: what a Kubernetes Secret can just hold. */
export const large: Scenario = {
  name: "large",
  title: "200 objects × 5 KiB, one call at a time",
  plan: ({ scale, delayMs }) => ({
    ...USUAL_PLAN,
    world: {
      objects: 200,
      objectBytes: 5 * 1024,
      principals: 1,
      podsPerPrincipal: scale === "full" ? 11 : 2,
    },
    behaviour: { delayMs },
    drive: async (session) => {
      const volumes = session.world.pods.map((pod) => volumeOf(session.world, pod));
      const others = volumes.slice(1);
      await session.measure("cold: nothing asked yet", (recorder) => inTurn(recorder, volumes.slice(0, 1)));
      await session.measure("another pod, new token", (recorder) => inTurn(recorder, others));
      await session.measure("remount", (recorder) => inTurn(recorder, others));
    },
  }),
};
