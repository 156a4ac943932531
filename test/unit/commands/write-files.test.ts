import { expect } from "chai";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { CommandError } from "../../../src/commands/command-error.js";
import { checkTarget } from "../../../src/commands/try-mount/target.js";
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

  for (const mode of [0o777, 0o1777, 0o770, 0o702]) {
    it(`refuses a folder of mode ${mode.toString(8)}, which others may write to, unless it is told to`, async () => {
      await mkdir(folder, { recursive: true });
      await chmod(folder, mode);
      const refusal = await refusalOf(checkTarget({ folder, isForced: false }));
      expect(refusal.exitCode).to.equal(2);
      expect(refusal.message)
        .to.include(`others may write into the folder (mode ${mode.toString(8).padStart(4, "0")})`)
        .and.to.include("--force");
      await refusalOf(writeFiles([file("d")], { folder, isForced: false }));
      expect(await readdir(folder)).to.deep.equal([]);
      await writeFiles([file("d")], { folder, isForced: true });
      expect(await read("d")).to.equal("new");
    });
  }

  it("takes an empty folder that others may only read", async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
    await writeFiles([file("d")], { folder, isForced: false });
    expect(await read("d")).to.equal("new");
  });

  it("refuses the folder of another user, unless it is told to", async () => {
    await mkdir(folder, { recursive: true });
    // As whoever owns nothing here: a test's own user is root or not.
    const { geteuid } = process;
    process.geteuid = () => 4_000_000;
    try {
      const refusal = await refusalOf(writeFiles([file("d")], { folder, isForced: false }));
      expect(refusal.message).to.match(/the folder is another user's \(\d+\); .* --force$/);
      await checkTarget({ folder, isForced: true });
    } finally {
      if (geteuid !== undefined) process.geteuid = geteuid;
    }
  });

  const inTheWay: readonly [name: string, prepare: () => Promise<unknown>, files: string[], words: string][] =
    [
      [
        "a folder in a file's place",
        () => mkdir(path.join(folder, "sub"), { recursive: true }),
        ["a", "sub"],
        "it is a folder",
      ],
      [
        "a file in a folder's place",
        () => writeFile(path.join(folder, "sub"), "x"),
        ["a", "sub/b"],
        "it is no folder",
      ],
      ["one of the files above another", () => Promise.resolve(), ["a", "a/b"], "it is no folder"],
    ];
  for (const [name, prepare, files, words] of inTheWay) {
    it(`has put no file when ${name} is in the way`, async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, "a"), "old");
      await prepare();
      const entries = await readdir(folder);
      const all = files.map((one) => file(one));
      const refusal = await refusalOf(writeFiles(all, { folder, isForced: true }));
      expect(refusal.message).to.include(words);
      expect([await readdir(folder), await read("a")]).to.deep.equal([entries, "old"]);
    });
  }

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
