import type { PfxContents } from "../content/pfx/read-pfx.js";
import { ProviderError } from "../errors/provider-error.js";
import type { ObjectsOutcome } from "../parameters/parse-objects.js";

/** The pure functions that may take long, by name: what goes in and what comes out, both structured-cloneable. */
export interface OffloadJobs {
  /** `parseObjects` of parameters/. */
  readonly "parse-objects": { readonly input: string; readonly output: ObjectsOutcome };
  /** `readPfx` of content/. */
  readonly "read-pfx": { readonly input: Uint8Array; readonly output: PfxContents };
}

export type JobName = keyof OffloadJobs;
export type JobInput<J extends JobName = JobName> = OffloadJobs[J]["input"];
export type JobOutput<J extends JobName = JobName> = OffloadJobs[J]["output"];

/** Why a job was stopped. */
export type Excess = { readonly kind: "time"; readonly limitMs: number } | { readonly kind: "memory" };

/** The error of a job that took more than it may: the fault of what it was given, in that thing's own words. */
export function excessError(job: JobName, excess: Excess): ProviderError {
  const what =
    excess.kind === "time" ? `took longer than ${excess.limitMs / 1000} s` : "needed too much memory";
  switch (job) {
    case "parse-objects":
      return new ProviderError(
        "OBJECTS_TOO_LARGE",
        `reading objects ${what} and was stopped; simplify parameters.objects, or split the class`,
      );
    case "read-pfx":
      return new ProviderError(
        "CONTENT_PFX_TOO_COSTLY",
        `reading the PFX ${what} and was stopped; export it with fewer iterations (OpenSSL writes 2048) ` +
          "and import it into the vault anew",
      );
  }
}

/** Memory that a waiting job holds on to, in bytes. */
export function sizeOf(input: JobInput): number {
  return typeof input === "string" ? input.length * 2 : input.byteLength;
}
