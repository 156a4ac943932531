import type { ErrorCode } from "../errors/codes.js";
import type { JobInput, JobName, JobOutput } from "./jobs.js";

/** Main thread → worker; one at a time. */
export interface JobRequest {
  readonly job: JobName;
  readonly input: JobInput;
}

/** An error's words; classes do not survive the way between threads. */
export interface JobError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Worker → main thread: first that it has loaded, then one answer to each request. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "output"; readonly output: JobOutput }
  | { readonly kind: "error"; readonly error: JobError };
