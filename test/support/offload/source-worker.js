// The worker of src/ from its TypeScript sources: on Node 20, `--import tsx` does not reach worker threads.
import { register } from "tsx/esm/api";

register();
await import("../../../src/offload/worker-main.ts");
