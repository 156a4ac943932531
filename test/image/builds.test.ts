import { open } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { Image } from "./support/image.js";

/** Of an ELF file's header: `e_machine`. @see elf(5) */
const AARCH64 = 183;

describe("builds of the image", () => {
  it("from another folder: the same layers, the same image", async () => {
    const [one, another] = await Promise.all([Image.open("provider"), Image.open("provider-again")]);
    expect(another.config.rootfs.diff_ids).to.deep.equal(one.config.rootfs.diff_ids);
    expect(another.id).to.equal(one.id);
  });

  describe("for arm64, on amd64 (it is not run here)", () => {
    let image: Image;
    before(async () => {
      image = await Image.open("provider-arm64");
    });

    it("says so, and has the labels and the environment of the other", async () => {
      const { config } = await Image.open("provider");
      expect(image.config).to.include({ os: "linux", architecture: "arm64" });
      expect(image.config.config).to.deep.equal(config.config);
    });

    it("every program and library in it is one for arm64", async () => {
      const machines = new Map<string, number>();
      for (const { name, mode } of image.files) {
        if (!mode.startsWith("-")) continue;
        const machine = await elfMachine(path.join(image.rootfs, name));
        if (machine !== undefined) machines.set(name, machine);
      }
      expect([...machines.keys()]).to.include.members(["/usr/local/bin/node", "/usr/lib/libatomic.so.1"]);
      expect([...machines].filter(([, machine]) => machine !== AARCH64)).to.deep.equal([]);
    });

    it("has the same program, and no compiled code of another processor", async () => {
      expect(await image.read("provider.mjs")).to.equal(
        await (await Image.open("provider")).read("provider.mjs"),
      );
      expect(image.files.filter(({ name }) => name.startsWith("/compile-cache/"))).to.deep.equal([]);
    });

    it("its bill of materials names packages for arm64", async () => {
      const sbom = await image.read("sbom.spdx.json");
      expect(sbom)
        .to.match(/pkg:deb\/debian\/libc6@[^"]*\?arch=arm64"/)
        .and.to.not.include("arch=amd64");
    });
  });
});

async function elfMachine(file: string): Promise<number | undefined> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0);
    const isElf = bytesRead === 20 && buffer.subarray(0, 4).equals(Buffer.from("\x7fELF", "latin1"));
    return isElf ? buffer.readUInt16LE(18) : undefined;
  } finally {
    await handle.close();
  }
}
