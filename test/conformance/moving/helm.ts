import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { installedProvider } from "../support/second-provider.js";

const run = promisify(execFile);
const LIMIT_MS = 300_000;

/** Helm against the suite's cluster: that of `HELM`, or built from its Go module. */
export async function helm(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(await helmProgram(), [...args], { timeout: LIMIT_MS });
  return stdout;
}

let built: Promise<string> | undefined;
function helmProgram(): Promise<string> {
  built ??= (async () => {
    const given = process.env["HELM"];
    if (given !== undefined) return given;
    const { stdout } = await run("tools/build.sh", ["helm"], { timeout: LIMIT_MS });
    return path.join(stdout.trim(), "helm");
  })();
  return built;
}

/** This project's chart, packed with the driver's in it. */
export class PackedChart {
  readonly file: string;
  readonly #folder: string;

  private constructor(file: string, folder: string) {
    this.file = file;
    this.#folder = folder;
  }

  static async pack(): Promise<PackedChart> {
    const folder = await mkdtemp(path.join(tmpdir(), "packed-chart-"));
    const { stdout } = await run("npx", ["tsx", "test/charts/package.ts", folder], {
      env: { ...process.env, HELM: await helmProgram() },
      timeout: LIMIT_MS,
    });
    return new PackedChart(stdout.trim(), folder);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Settings with which a chart runs the suite's image. */
export async function imageSettings(): Promise<string[]> {
  const image = (await installedProvider()).containers[0]?.image ?? "";
  const colon = image.lastIndexOf(":");
  return [
    "--set",
    `linux.image.repository=${image.slice(0, colon)},linux.image.tag=${image.slice(colon + 1)}`,
  ];
}

/** Further settings with which our chart finds the embedded vault, beside a driver that is there already. */
export const VAULT_VALUES = [
  "--values",
  "manifests/embedded-vault/provider-values.yaml",
  "--set",
  "secrets-store-csi-driver.install=false,objectCacheTTL=0s",
];
