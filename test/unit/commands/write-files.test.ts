import { expect } from "chai";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { CommandError } from "../../../src/commands/command-error.js";
import { writeFiles } from "../../../src/commands/try-mount/write-files.js";
import type { SecretFile } from "../../../src/model/secret-file.js";

const file = (name: string, text = "new", mode = 0o644): SecretFile => ({
  path: name,
  mode,
  contents: Buffer.from(text),
});

async function refusalOf(work: Promise<void>): Promise<CommandError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("commands/try-mount/write-files", () => {
  let root: string;
  let folder: string;
  const read = async (name: string): Promise<string> => await readFile(path.join(folder, name), "utf8");
  const modeOf = async (name: string): Promise<number> => (await stat(path.join(folder, name))).mode & 0o777;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), "azure-provider-write-"));
    folder = path.join(root, "made/target");
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  it("makes the folder for its owner alone, and the files in their own modes whatever the umask", async () => {
    const before = process.umask(0o077);
    try {
      await writeFiles([file("a/b/c", "x", 0o444), file("d", "y", 0o640)], { folder, isForced: false });
    } finally {
      process.umask(before);
    }
    expect(await read("a/b/c")).to.equal("x");
    expect([await modeOf("a/b/c"), await modeOf("d"), await modeOf(""), await modeOf("a")]).to.deep.equal([
      0o444, 0o640, 0o700, 0o700,
    ]);
    expect((await readdir(folder)).sort()).to.deep.equal(["a", "d"]);
  });

  it("refuses a folder that is not empty, unless it is told to; then it replaces what has its names", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "d"), "old");
    await writeFile(path.join(folder, "kept"), "old");
    const refusal = await refusalOf(writeFiles([file("d")], { folder, isForced: false }));
    expect(refusal.exitCode).to.equal(2);
    expect(refusal.message).to.include("not empty").and.to.include("--force");
    expect(await read("d")).to.equal("old");
    await writeFiles([file("d")], { folder, isForced: true });
    expect([await read("d"), await read("kept")]).to.deep.equal(["new", "old"]);
  });

  it("follows no link: not the folder, not a folder in it, not a file", async () => {
    const outside = path.join(root, "outside");
    await mkdir(outside);
    await writeFile(path.join(outside, "f"), "old");
    await symlink(outside, path.join(root, "link"));
    const through = await refusalOf(
      writeFiles([file("f")], { folder: path.join(root, "link"), isForced: true }),
    );
    expect(through.message).to.include("symbolic link");

    await mkdir(folder, { recursive: true });
    await symlink(outside, path.join(folder, "sub"));
    const below = await refusalOf(writeFiles([file("z"), file("sub/f")], { folder, isForced: true }));
    expect(below.message).to.include("no folder");
    expect(await readdir(folder), "nothing was begun").to.deep.equal(["sub"]);

    await symlink(path.join(outside, "f"), path.join(folder, "f"));
    await writeFiles([file("f")], { folder, isForced: true });
    expect([await read("f"), await readFile(path.join(outside, "f"), "utf8")]).to.deep.equal(["new", "old"]);
  });

  for (const name of ["../x", "/etc/x", "a/../../x", ""]) {
    it(`never writes to ${JSON.stringify(name)}`, async () => {
      const refusal = await refusalOf(writeFiles([file(name)], { folder, isForced: false }));
      expect(refusal.message).to.include("file name must");
      expect(await readdir(root)).to.deep.equal([]);
    });
  }

  it("says what is in the way", async () => {
    await writeFile(path.join(root, "made"), "a file");
    const refusal = await refusalOf(writeFiles([file("a")], { folder, isForced: false }));
    expect(refusal).to.include({ exitCode: 2 });
    expect(refusal.message).to.include("no folder");
  });
});
