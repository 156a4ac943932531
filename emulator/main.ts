import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { playCustomCloud } from "./clouds.js";
import { openControlPort } from "./control/control-port.js";
import { startEmulator } from "./emulator.js";
import type { Emulator, EmulatorOptions, LoggedRequest } from "./emulator.js";
import { startImds } from "./imds/imds-double.js";
import type { ImdsDouble } from "./imds/imds-double.js";
import { followClusterIssuer, readClusterIssuer } from "./in-cluster/cluster-issuer.js";
import { readSeed } from "./seed/seed.js";
import type { Seed } from "./seed/seed.js";

const USAGE =
  "usage: emulator/main.ts --config seed.yaml [--log] [--cluster] [--control-port N] [--imds-port N]";

/**
 * The emulator as a program. Prints one JSON line with its ports once it serves, with `--log` one more for every
 * request; SIGHUP reads the file again; SIGTERM and SIGINT end it. With `--cluster` it runs in a pod and trusts the
 * service-account tokens of its cluster; `--control-port` opens the port of docs/emulator.md, for tests; `--imds-port` that
 * of a node's metadata service, whose identities are those of the same directory.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      log: { type: "boolean", default: false },
      cluster: { type: "boolean", default: false },
      "control-port": { type: "string" },
      "imds-port": { type: "string" },
    },
  });
  const file = values.config;
  if (file === undefined) throw new Error(USAGE);
  const controlPort = readPort(values, "control-port");
  const imdsPort = readPort(values, "imds-port");
  const cluster = values.cluster ? await readClusterIssuer() : undefined;
  const load = async (): Promise<Seed> => readSeed(await readFile(file, "utf8"), cluster?.url);
  const seed = await load();
  const emulator = await startEmulator({
    ...seed.options,
    ...(await readAuthority(seed)),
    ...(values.log ? { onRequest: printRequest } : {}),
  });
  const ending = new AbortController();
  if (cluster !== undefined) {
    followClusterIssuer(emulator.entra, cluster, { signal: ending.signal, onProblem: printProblem });
  }
  seed.sow(emulator);
  if (seed.caFile !== undefined) await writeFile(seed.caFile, emulator.caPem);
  const imds = imdsPort === undefined ? undefined : await openImds(emulator, seed.options, imdsPort);
  const control =
    controlPort === undefined
      ? undefined
      : await openControlPort(emulator, {
          port: controlPort,
          ...(seed.options.listenOn === undefined ? {} : { listenOn: seed.options.listenOn }),
          suffix: seed.options.clouds?.[0]?.vaultSuffix,
          clusterIssuer: cluster?.url,
          imds,
        });
  console.log(
    JSON.stringify({
      port: emulator.port,
      proxyPort: emulator.proxyPort,
      controlPort: control?.port,
      imdsPort: imds?.port,
      caFile: seed.caFile,
    }),
  );

  process.on("SIGHUP", () => {
    load()
      .then((next) => {
        next.sow(emulator);
        console.log(JSON.stringify({ reloaded: true }));
      })
      .catch(printProblem);
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      ending.abort();
      void emulator.close();
      void control?.close();
      void imds?.close();
    });
  }
}

async function readAuthority({ authorityFiles }: Seed): Promise<Pick<EmulatorOptions, "authority">> {
  if (authorityFiles === undefined) return {};
  const [certificatePem, keyPem] = await Promise.all([
    readFile(authorityFiles.certificate, "utf8"),
    readFile(authorityFiles.key, "utf8"),
  ]);
  return { authority: { certificatePem, keyPem } };
}

/** Gives out tokens of the first cloud of one's own, else of the public one. */
function openImds(emulator: Emulator, options: EmulatorOptions, port: number): Promise<ImdsDouble> {
  const [cloud] = options.clouds ?? [];
  return startImds({
    directory: emulator.entra,
    port,
    ...(cloud === undefined ? {} : { cloud: playCustomCloud(cloud) }),
    ...(options.listenOn === undefined ? {} : { listenOn: options.listenOn }),
  });
}

function readPort<Name extends string>(
  values: Partial<Record<Name, string | boolean>>,
  name: Name,
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const port = typeof text === "string" && /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new Error(`--${name} must be a port`);
  return port;
}

function printRequest(request: LoggedRequest): void {
  console.log(JSON.stringify({ request }));
}

function printProblem(error: unknown): void {
  console.error(messageOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown error";
}

main().catch((error: unknown) => {
  printProblem(error);
  process.exitCode = 1;
});
