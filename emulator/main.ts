import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startEmulator } from "./emulator.js";
import type { LoggedRequest } from "./emulator.js";
import { readSeed } from "./seed/seed.js";
import type { Seed } from "./seed/seed.js";

/**
 * The emulator as a program: `tsx emulator/main.ts --config seed.yaml [--log]`. Prints one JSON line with its ports
 * once it serves, with `--log` one more for every request; SIGHUP reads the file again; SIGTERM and SIGINT end it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { config: { type: "string" }, log: { type: "boolean", default: false } },
  });
  const file = values.config;
  if (file === undefined) throw new Error("usage: emulator/main.ts --config seed.yaml [--log]");
  const load = async (): Promise<Seed> => readSeed(await readFile(file, "utf8"));
  const seed = await load();
  const emulator = await startEmulator({
    ...seed.options,
    ...(values.log ? { onRequest: printRequest } : {}),
  });
  seed.sow(emulator);
  if (seed.caFile !== undefined) await writeFile(seed.caFile, emulator.caPem);
  console.log(JSON.stringify({ port: emulator.port, proxyPort: emulator.proxyPort, caFile: seed.caFile }));

  process.on("SIGHUP", () => {
    load()
      .then((next) => {
        next.sow(emulator);
        console.log(JSON.stringify({ reloaded: true }));
      })
      .catch((error: unknown) => {
        console.error(messageOf(error));
      });
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      void emulator.close();
    });
  }
}

function printRequest(request: LoggedRequest): void {
  console.log(JSON.stringify({ request }));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown error";
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
