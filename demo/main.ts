import { readFile } from "node:fs/promises";
import { runDemo } from "./demo.js";

const manifest = await readFile("manifests/examples/workload-identity/secretproviderclass.yaml", "utf8");
process.exitCode = await runDemo(manifest, (line) => {
  console.log(line);
});
