import { OffloadPool } from "../../../src/offload/offload-pool.js";

/** Does one job and leaves the pool open: the process must end all the same. */
const pool = new OffloadPool({
  program: new URL("scripted-worker.js", import.meta.url),
  idleMs: 3_600_000,
});
await pool.run("parse-objects", "echo", { owner: "a" });
process.stdout.write(`done, ${pool.load.threads} thread\n`);
