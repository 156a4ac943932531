import { DriverWorld } from "./driver-world.js";

let started: DriverWorld | undefined;

// Root hooks: an API server takes seconds to start, so that all files share one.
before("starts an API server and the stock driver", async function () {
  this.timeout(180_000);
  started = await DriverWorld.start();
});
after("ends them", async function () {
  this.timeout(60_000);
  await started?.stop();
});

/** The one world of the run; to be asked for inside hooks and tests. */
export function sharedWorld(): DriverWorld {
  if (started === undefined) throw new Error("the world has not started");
  return started;
}
