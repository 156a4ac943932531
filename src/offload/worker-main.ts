import { parentPort } from "node:worker_threads";
import { ProviderError } from "../errors/provider-error.js";
import type { JobName, OffloadJobs } from "./jobs.js";
import type { JobRequest, WorkerMessage } from "./messages.js";

type JobFunction<J extends JobName> = (input: OffloadJobs[J]["input"]) => OffloadJobs[J]["output"];

/** Each job's code is loaded when it is first asked for: a worker that reads PFX files needs no YAML parser. */
const JOBS: { readonly [J in JobName]: () => Promise<JobFunction<J>> } = {
  "parse-objects": async () => (await import("../parameters/parse-objects.js")).parseObjects,
  "read-pfx": async () => (await import("../content/pfx/read-pfx.js")).readPfx,
};

async function answer({ job, input }: JobRequest): Promise<WorkerMessage> {
  try {
    // The pool sends each job with its own input; which one this is, types cannot follow through the port.
    const run = (await JOBS[job]()) as (input: JobRequest["input"]) => OffloadJobs[JobName]["output"];
    return { kind: "output", output: run(input) };
  } catch (error) {
    if (error instanceof ProviderError) {
      return { kind: "error", error: { code: error.code, message: error.message } };
    }
    // An unforeseen error's own message may quote what was read.
    const kind = error instanceof Error ? error.name : typeof error;
    return { kind: "error", error: { code: "INTERNAL", message: `${job} failed unexpectedly (${kind})` } };
  }
}

/** Serves the pool that started this thread, until the pool ends it. Importing this file is what starts it. */
function serve(): void {
  const port = parentPort;
  if (port === null) throw new Error("worker-main runs in a worker thread only");
  port.on("message", (request: JobRequest) => {
    void answer(request).then((message) => {
      port.postMessage(message);
    });
  });
  port.postMessage({ kind: "ready" } satisfies WorkerMessage);
}

serve();
