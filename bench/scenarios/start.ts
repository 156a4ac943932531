import { inTurn } from "../load/patterns.js";
import { volumeOf } from "../load/volume.js";
import { type Scenario, USUAL_PLAN } from "../scenario.js";

/** Nothing but the start: time to serving, and memory after a while of rest. */
const start: Scenario = {
  name: "start",
  title: "start, and a rest of three seconds",
  plan: ({ scale }) => ({
    ...USUAL_PLAN,
    world: { objects: 1, objectBytes: 32, principals: 1, podsPerPrincipal: 1 },
    behaviour: { delayMs: 0 },
    starts: scale === "full" ? 10 : 2,
    idleMs: scale === "full" ? 3_000 : 500,
    drive: () => Promise.resolve(),
  }),
};

/** What is loaded after the start is waited for here, and nowhere else. */
const startMount: Scenario = {
  name: "start-mount",
  title: "20 objects are asked for the moment it serves",
  plan: ({ scale, delayMs }) => ({
    ...USUAL_PLAN,
    world: { objects: 20, objectBytes: 32, principals: 1, podsPerPrincipal: 1 },
    behaviour: { delayMs },
    starts: scale === "full" ? 10 : 1,
    drive: (session) =>
      session.measure("the moment it serves", (recorder) =>
        inTurn(
          recorder,
          session.world.pods.map((pod) => volumeOf(session.world, pod)),
        ),
      ),
  }),
};

export const STARTS: readonly Scenario[] = [start, startMount];
