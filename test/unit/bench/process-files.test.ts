import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { readCpuMs, readMemory } from "../../../bench/provider/process-files.js";

describe("bench/provider/process-files readCpuMs", () => {
  const tail = "S 1 2 3 0 -1 4194304 100 0 5 0 37 5 9 9 20 0 11 0 12345 1000000 2000";
  for (const name of ["node", "a b", "x) S 1 (y", "()"]) {
    it(`adds user and system time of a program called "${name}"`, () => {
      expect(readCpuMs(`42 (${name}) ${tail}`)).to.equal(420);
    });
  }

  it("reads this process's own file", async () => {
    const stat = await readFile("/proc/self/stat", "utf8");
    expect(readCpuMs(stat)).to.be.within(
      10,
      process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
    );
  });

  for (const text of [
    "",
    "42 (node) S 1 2",
    "42 node S 1 2 3 0 -1 4194304 100 0 5 0 37 5",
    `42 (node) ${tail.replace("37", "x")}`,
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => readCpuMs(text)).to.throw(RangeError, "not a /proc/<pid>/stat");
    });
  }
});

describe("bench/provider/process-files readMemory", () => {
  const status =
    "Name:\tnode\nVmHWM:\t  102400 kB\nVmRSS:\t   51200 kB\nRssAnon:\t   10240 kB\nRssFile:\t 40960 kB\n";

  it("reads resident, anonymous and peak memory in MiB", () => {
    expect(readMemory(status)).to.deep.equal({ rssMiB: 50, anonymousMiB: 10, peakMiB: 100 });
  });

  for (const name of ["VmHWM", "VmRSS", "RssAnon"]) {
    it(`refuses a status without ${name}, as that of a process that has ended`, () => {
      const without = status.replace(new RegExp(`^${name}.*\n`, "m"), "");
      expect(() => readMemory(without)).to.throw(RangeError, `/proc/<pid>/status has no ${name}`);
    });
  }
});
