import { isMainThread } from "node:worker_threads";

// The bundle is one file and serves as its own worker: each thread loads only the half that it needs.
if (isMainThread) {
  const { run } = await import("./app.js");
  // Every line of the log is out by now, and nothing that is still open may keep the process.
  process.exit(await run(process.argv.slice(2), process.env));
} else {
  await import("./offload/worker-main.js");
}
