import { type Scenario, USUAL_PLAN } from "../scenario.js";

/** Nothing but the start: time to serving, and memory after a while of rest. */
export const start: Scenario = {
  name: "start",
  title: "start, and a rest of three seconds",
  plan: (scale) => ({
    ...USUAL_PLAN,
    world: { objects: 1, objectBytes: 32, principals: 1, podsPerPrincipal: 1 },
    starts: scale === "full" ? 10 : 2,
    idleMs: scale === "full" ? 3_000 : 500,
    drive: () => Promise.resolve(),
  }),
};
