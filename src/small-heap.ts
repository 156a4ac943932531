import v8 from "node:v8";
import vm from "node:vm";

/**
 * V8 chooses its limits by the machine's memory: on a node with 24 GiB it lets the young generation grow to 32 MiB and
 * some 50 MiB of garbage lie in the old one before it looks, where all that lives is 15 MiB. These two are read whenever
 * the heap grows, so they can be set without a command line, and they forbid nothing: a heap that needs more gets it.
 */
const FLAGS = [
  "--semi-space-growth-factor=1", // stays at the megabyte it starts with
  "--heap-growing-percent=20", // collects when a fifth of what lived the last time has been added
] as const;

/**
 * Keeps the heap small from now on. To be called again whenever a worker thread has started: V8 then sets the young
 * generation's growth back.
 */
export function keepHeapSmall(): void {
  for (const flag of FLAGS) v8.setFlagsFromString(flag);
}

/** Collects all garbage now: what is kept from growing is measured by what lived then. Takes some 20 ms of CPU. */
export function collectGarbage(): void {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  v8.setFlagsFromString("--no-expose-gc");
  collect();
}
