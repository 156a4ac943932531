import { parentPort } from "node:worker_threads";

/**
 * Speaks the pool's protocol and does what a job's text says, so that tests can have a thread hang, die or answer at
 * their word.
 */
const DEEDS = {
  echo: (text) => parentPort.postMessage({ kind: "output", output: text }),
  fail: () =>
    parentPort.postMessage({
      kind: "error",
      error: { code: "OBJECTS_NOT_YAML", message: "not YAML: line 1" },
    }),
  hang: () => {
    for (;;);
  },
  exit: () => process.exit(3),
  throw: () => {
    throw new Error("hush: what was read");
  },
  memory: () => {
    const all = [];
    for (;;) all.push(Array.from({ length: 10_000 }, () => ({ all })));
  },
  environment: () => parentPort.postMessage({ kind: "output", output: Object.keys(process.env).length }),
};

parentPort.on("message", ({ input }) => {
  const [deed] = input.split(" ");
  DEEDS[deed](input);
});
parentPort.postMessage({ kind: "ready" });
