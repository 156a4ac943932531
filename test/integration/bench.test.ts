import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";

/** As much of the bench's JSON as is looked at here. */
interface Report {
  readonly ceilings: readonly { readonly perSecond: number }[];
  readonly bareNodes: readonly { readonly rssMiB: number }[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly providers: readonly {
      readonly starts: readonly { readonly servingMs: number; readonly runtime: string }[];
      readonly idle: readonly { readonly rssMiB: number }[];
      readonly failures: readonly string[];
      readonly phases: readonly Record<string, unknown>[];
    }[];
    readonly ratios: readonly Readonly<Record<string, unknown>>[];
  }[];
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const LIMIT_MS = 120_000;
const BUILT = `'${process.execPath}' dist/provider.js`;
const CANNED = `'${process.execPath}' --import tsx bench/ceiling/canned-provider.ts`;

describe("bench/main.ts", function () {
  this.timeout(LIMIT_MS);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "bench-test-"));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the bench to its end; everything that it makes is in this test's folder. */
  function start(argv: readonly string[], onProgress: (stop: () => void) => void = () => undefined) {
    return new Promise<Ended>((resolve) => {
      const child = execFile(
        process.execPath,
        ["--import", "tsx", "bench/main.ts", ...argv],
        {
          env: { PATH: process.env["PATH"] ?? "", TMPDIR: folder },
          timeout: LIMIT_MS,
          maxBuffer: 16 * 1024 ** 2,
        },
        (_error, stdout, stderr) => {
          resolve({ code: child.exitCode, stdout, stderr });
        },
      );
      child.stderr?.on("data", (text: string) => {
        if (text.includes("leaks-new-pods, 1 of 1")) onProgress(() => child.kill("SIGTERM"));
      });
    });
  }

  /** What a bench that has ended left behind: folders, and processes that know of this test's folder. */
  async function leftBehind(): Promise<string[]> {
    const folders = (await readdir(folder)).filter((name) => name.startsWith("azure-provider-bench"));
    const processes: string[] = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      if (environment.includes(folder)) processes.push(pid);
    }
    return [...folders, ...processes];
  }

  describe("two providers, the second of which asks nobody, until it is told to stop", () => {
    let ended: Ended;
    let report: Report;
    before(async () => {
      const json = path.join(folder, "report.json");
      const choice = ["--quick", "--scenario", "start,mount-1,saturation,leaks-new-pods", "--json", json];
      ended = await start([...choice, "--provider", BUILT, "--against", CANNED], (stop) => {
        stop();
      });
      report = JSON.parse(await readFile(json, "utf8")) as Report;
    });

    const scenario = (name: string) => report.scenarios.find((one) => one.name === name);
    const phases = (name: string, index: number) => scenario(name)?.providers[index]?.phases ?? [];

    it("counts every mount, and what was asked for it", () => {
      expect(phases("mount-1", 0).map(({ mounts, failedCalls }) => [mounts, failedCalls])).to.deep.equal([
        [1, 0],
        [3, 0],
        [3, 0],
        [3, 0],
      ]);
      const [cold] = phases("mount-1", 0);
      expect(cold).to.include({ name: "cold: nothing asked yet", reads: 1, signIns: 1, throttled: 0 });
      expect(cold?.["p50Ms"]).to.be.at.least(35, "a sign-in and a read at 20 ms each");
      for (const { reads, signIns } of phases("mount-1", 1)) expect([reads, signIns]).to.deep.equal([0, 0]);
    });

    it("saturates", () => {
      for (const index of [0, 1]) {
        const [first, , remounts] = phases("saturation", index);
        expect(first).to.include({ mounts: 64, failedCalls: 0 });
        expect(remounts?.["mounts"]).to.be.at.least(64);
        expect(remounts?.["failedCalls"]).to.equal(0);
      }
    });

    it("knows start, rest and peak", () => {
      const [built, canned] = scenario("start")?.providers ?? [];
      expect([built?.starts.length, built?.idle.length, canned?.starts.length]).to.deep.equal([2, 2, 2]);
      for (const { runtime } of built?.starts ?? []) {
        expect(runtime).to.match(/^secrets-store-csi-driver-provider-azure /);
      }
      for (const { rssMiB } of built?.idle ?? []) {
        expect(rssMiB).to.be.above(report.bareNodes[0]?.rssMiB ?? Number.NaN);
      }
      for (const { peakMiB, rssMiB } of phases("mount-1", 0)) {
        expect(peakMiB).to.be.at.least(rssMiB as number);
      }
    });

    it("puts the second in relation to the first, and measures itself", () => {
      expect(scenario("mount-1")?.ratios.map(({ phase, reads }) => ({ phase, reads }))).to.deep.include({
        phase: "cold: nothing asked yet",
        reads: { median: 0, lowest: 0, highest: 0 },
      });
      expect(report.ceilings).to.have.length(7);
      for (const { perSecond } of report.ceilings) expect(perSecond).to.be.above(0);
    });

    it("prints tables, and tells each step", () => {
      expect(ended.stdout).to.match(/^\| A +\| +\d \|/m);
      expect(ended.stdout).to.match(/^\| mount-1 +\| A +\| cold: nothing asked yet +\| +1 \|/m);
      expect(ended.stderr).to.include(`mount-1, 1 of 1: ${CANNED}`);
    });

    it("shows what there is when it is interrupted, and leaves nothing behind", async () => {
      expect(ended.code, ended.stderr).to.equal(130);
      expect(ended.stdout).to.include("leaks-new-pods, A: ended early by SIGTERM");
      expect(await leftBehind()).to.deep.equal([]);
    });
  });

  it("explains itself", async () => {
    const [help, wrong] = await Promise.all([start(["--help"]), start(["--scenario", "nothing"])]);
    expect([help.code, wrong.code]).to.deep.equal([0, 2]);
    expect(help.stdout).to.match(/^npm run bench -- \[options\]\n/);
    expect(wrong.stderr).to.match(/^no scenario is called "nothing"; there are start, /);
  });
});
