import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { MAX_SOURCE_BYTES, readSource, readSources } from "../../../src/commands/manifest/read-sources.js";

// eslint-disable-next-line @typescript-eslint/require-await
async function* input(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe("commands/manifest/read-sources", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-sources-"));
    await mkdir(at("some/inner"), { recursive: true });
    await mkdir(at("none"));
    for (const name of ["b.yaml", "a.yml", "c.JSON", "README.md", "inner/d.yaml"]) {
      await writeFile(at(`some/${name}`), `# ${name}`);
    }
    await writeFile(at("large.yaml"), Buffer.alloc(MAX_SOURCE_BYTES + 1, "a"));
    await writeFile(at("latin1.yaml"), Buffer.from([0x61, 0xe4, 0x0a]));
    await symlink(at("some/b.yaml"), at("link.yaml"));
    execFileSync("mkfifo", [at("fifo")]);
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("reads the manifests of a folder in order, and none below", async () => {
    const sources = await readSources([at("some")], input());
    expect(sources.map(({ name }) => path.relative(folder, name))).to.deep.equal([
      "some/a.yml",
      "some/b.yaml",
      "some/c.JSON",
    ]);
  });

  it("reads standard input, files and links", async () => {
    expect(await readSources(["-", at("link.yaml")], input("a: ", "1"))).to.deep.equal([
      { name: "standard input", text: "a: 1" },
      { name: at("link.yaml"), text: "# b.yaml" },
    ]);
  });

  const problems: readonly [name: string, words: string][] = [
    ["nowhere.yaml", "there is no such file"],
    ["large.yaml", "larger than"],
    ["latin1.yaml", "not UTF-8"],
    ["fifo", "not a regular file"],
    ["none", "has no file *.yaml"],
    ["some/b.yaml/x", "a part of its path is no folder"],
  ];
  for (const [name, words] of problems) {
    it(`says of ${name}: ${words}`, async () => {
      const [source] = await readSources([at(name)], input());
      expect(source).to.have.property("problem").that.includes(words);
    });
  }

  it("gives up a pipe that brings nothing", async () => {
    // Held open for reading and writing, it has a writer who writes nothing.
    const pipe = await open(at("fifo"), constants.O_RDWR | constants.O_NONBLOCK);
    try {
      expect(await readSource(`/proc/self/fd/${pipe.fd}`, input(), 50)).to.deep.equal({
        name: `/proc/self/fd/${pipe.fd}`,
        problem: "nothing came out of the pipe for 0.05 s",
      });
      await pipe.write("a: 1");
      expect(await readSource(`/dev/fd/${pipe.fd}`, input(), 50)).to.have.property("problem");
    } finally {
      await pipe.close();
    }
  });

  it("reads no more of standard input than its limit", async () => {
    const chunk = "a".repeat(MAX_SOURCE_BYTES / 2);
    let taken = 0;
    // eslint-disable-next-line @typescript-eslint/require-await
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        taken += 1;
        yield Buffer.from(chunk);
      }
    }
    expect(await readSource("-", endless()))
      .to.have.property("problem")
      .that.includes("larger than");
    expect(taken).to.equal(3);
  });
});
