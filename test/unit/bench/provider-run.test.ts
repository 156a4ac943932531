import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { ProviderRun } from "../../../bench/provider/provider-run.js";

const NODE = `'${process.execPath}'`;
const CANNED = `${NODE} --import tsx bench/ceiling/canned-provider.ts`;

describe("bench/provider/provider-run ProviderRun", () => {
  const never = new AbortController().signal;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "provider-run-"));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** @returns the message that a start fails with */
  async function failure(template: string, signal: AbortSignal = never): Promise<string> {
    return await ProviderRun.start(template, {}, signal).then(
      async (run) => {
        await run.stop();
        return "no failure";
      },
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );
  }

  it("names a program that is not there", async () => {
    expect(await failure("/nowhere/provider")).to.equal("spawn /nowhere/provider ENOENT");
  });

  it("says how a program ended that does not serve, and its last words", async () => {
    const template = `${NODE} -e 'console.log("one"); console.error("two"); process.exit(3)' --`;
    expect(await failure(template)).to.equal("the provider has ended with code 3\none\ntwo\n");
  });

  it("ends a program that does not serve when it is told to give up", async () => {
    const pidFile = path.join(folder, "pid");
    const script = `require("fs").mkdirSync("${pidFile}" + process.pid); setInterval(() => {}, 60000)`;
    const controller = new AbortController();
    const failing = failure(`${NODE} -e '${script}' --`, controller.signal);
    let started: string | undefined;
    while (started === undefined) [started] = await readdir(folder);
    controller.abort(new Error("enough"));
    expect(await failing).to.equal("enough");
    expect(() => process.kill(Number(started.slice("pid".length)), 0)).to.throw("ESRCH");
  });

  it("knows start and memory of one that serves, and tells when it ends by itself", async () => {
    const run = await ProviderRun.start(CANNED, {}, never);
    try {
      expect(run.start.runtime).to.equal("canned 0.0.0");
      expect(run.start.servingMs).to.be.above(0);
      const { rssMiB, peakMiB, cpuMs } = await run.usage();
      expect(peakMiB).to.be.at.least(rssMiB);
      expect(cpuMs).to.be.at.least(run.start.cpuMs);
      expect(await run.heapMiB()).to.equal(undefined);
    } finally {
      await run.stop();
    }
    expect(run.ended.aborted).to.equal(true);
    const failed = await run.usage().catch((error: unknown) => error);
    expect(failed).to.be.an("error").with.property("message").that.includes("the provider has ended");
  });
});
