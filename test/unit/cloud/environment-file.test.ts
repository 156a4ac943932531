import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_ENVIRONMENT_FILE_BYTES, readEnvironmentFile } from "../../../src/cloud/environment-file.js";

describe("cloud/environment-file readEnvironmentFile", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "environment-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const write = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  it("reads a file", async () => {
    expect(await readEnvironmentFile(await write("a.json", "{ü}"))).to.deep.equal({ ok: true, text: "{ü}" });
  });

  it("reads a file of a mounted ConfigMap, which is a link to a link", async () => {
    await mkdir(join(folder, "..2024"));
    await write("..2024/a.json", "{}");
    await symlink("..2024", join(folder, "..data"));
    await symlink("..data/a.json", join(folder, "a.json"));
    expect(await readEnvironmentFile(join(folder, "a.json"))).to.deep.equal({ ok: true, text: "{}" });
  });

  for (const [size, isRead] of [
    [MAX_ENVIRONMENT_FILE_BYTES - 1, true],
    [MAX_ENVIRONMENT_FILE_BYTES, true],
    [MAX_ENVIRONMENT_FILE_BYTES + 1, false],
    [100 * 1024 * 1024, false],
  ] as const) {
    it(`${isRead ? "reads" : "refuses"} ${String(size)} bytes`, async () => {
      const path = await write("big", "");
      execFileSync("truncate", ["-s", String(size), path]);
      const result = await readEnvironmentFile(path);
      if (result.ok) expect(result.text).to.have.length(size);
      expect(result.ok).to.equal(isRead);
      if (!result.ok) expect(result.problem).to.equal("is larger than 64 KiB");
    });
  }

  const ORDINARY = "does not lead to an ordinary file";
  const refused: { name: string; make: () => string | Promise<string>; problem: string }[] = [
    { name: "a relative path", make: () => "etc/environment.json", problem: "is not an absolute path" },
    { name: "an empty path", make: () => "", problem: "is not an absolute path" },
    {
      name: "a missing file",
      make: () => join(folder, "absent"),
      problem: "does not exist in the provider's container",
    },
    {
      name: "a path through a file",
      make: async () => `${await write("a", "")}/b`,
      problem: "does not exist in the provider's container",
    },
    { name: "a folder", make: () => folder, problem: ORDINARY },
    { name: "an endless device", make: () => "/dev/zero", problem: ORDINARY },
    { name: "a device that waits", make: () => "/dev/tty", problem: ORDINARY },
    { name: "the process's own environment", make: () => "/proc/self/environ", problem: ORDINARY },
    { name: "the process's memory", make: () => "/proc/self/mem", problem: ORDINARY },
    { name: "the kernel's log", make: () => "/proc/kmsg", problem: ORDINARY },
    { name: "a kernel setting", make: () => "/sys/kernel/uevent_seqnum", problem: ORDINARY },
    { name: "a device behind dots", make: () => "/tmp/../dev/zero", problem: ORDINARY },
    {
      name: "a FIFO",
      make: () => {
        execFileSync("mkfifo", [join(folder, "fifo")]);
        return join(folder, "fifo");
      },
      problem: ORDINARY,
    },
    {
      name: "a link to a device",
      make: async () => {
        await symlink("/dev/zero", join(folder, "link"));
        return join(folder, "link");
      },
      problem: ORDINARY,
    },
    {
      name: "a circle of links",
      make: async () => {
        await symlink("link", join(folder, "link"));
        return join(folder, "link");
      },
      problem: "is a circle of links",
    },
    { name: "an over-long path", make: () => `/${"a".repeat(5_000)}`, problem: "is too long" },
    { name: "a NUL in the path", make: () => "/tmp/a\0b", problem: "cannot be read" },
  ];
  for (const { name, make, problem } of refused) {
    it(`refuses ${name}, at once`, async () => {
      const path = await make();
      const startedAtMs = performance.now();
      expect(await readEnvironmentFile(path)).to.deep.equal({ ok: false, problem });
      expect(performance.now() - startedAtMs).to.be.lessThan(1_000);
    });
  }
});
