import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { copyChart } from "../../charts/support/packed-chart.js";
import { SYSTEM } from "./diagnosis.js";

const run = promisify(execFile);
/** As install.sh names it. */
const NAME = "csi";
const LIMIT_MS = 400_000;

/** The chart's release that install.sh has made. */
export class Release {
  readonly #helm: string;

  private constructor(helm: string) {
    this.#helm = helm;
  }

  static async open(): Promise<Release> {
    const given = process.env["HELM"];
    if (given !== undefined) return new Release(given);
    const { stdout } = await run("tools/build.sh", ["helm"]);
    return new Release(path.join(stdout.trim(), "helm"));
  }

  async revision(): Promise<number> {
    const history = JSON.parse(await this.#run("history", NAME, "--max", "1", "--output", "json")) as {
      revision: number;
    }[];
    return history.at(-1)?.revision ?? 0;
  }

  /** Upgrades to this checkout's chart with the release's values and these, and waits until all is ready. */
  async upgrade(values: Readonly<Record<string, unknown>>): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), "chart-"));
    try {
      const chart = await copyChart(folder);
      const settings = Object.entries(values).map(
        ([name, value]) => `--set-json=${name}=${JSON.stringify(value)}`,
      );
      await this.#run(
        "upgrade",
        NAME,
        chart,
        "--reset-then-reuse-values",
        ...settings,
        "--wait",
        "--timeout=5m",
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async rollback(revision: number): Promise<void> {
    await this.#run("rollback", NAME, String(revision), "--wait", "--timeout=5m");
  }

  async #run(...args: readonly string[]): Promise<string> {
    const options = { timeout: LIMIT_MS, maxBuffer: 16 * 1024 * 1024 };
    return (await run(this.#helm, ["--namespace", SYSTEM, ...args], options)).stdout;
  }
}
