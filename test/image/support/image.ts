import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly created: string;
  readonly config: {
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
    readonly User?: string;
  };
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

/** A line of `tar -tv`, without what differs between machines. */
export interface ImageFile {
  /** Absolute. */
  readonly name: string;
  /** Such as `-rwxr-xr-x`. */
  readonly mode: string;
}

/** An image as `scripts/image/build.sh` writes it, unpacked. */
export class Image {
  static readonly #opened = new Map<string, Promise<Image>>();
  readonly config: ImageConfig;
  /** Of its config: what names the image, and all that is in it. */
  readonly id: string;
  /** Folder with its files. */
  readonly rootfs: string;
  /** Every file of every layer. */
  readonly files: readonly ImageFile[];

  private constructor(config: ImageConfig, id: string, rootfs: string, files: readonly ImageFile[]) {
    this.config = config;
    this.id = id;
    this.rootfs = rootfs;
    this.files = files;
  }

  /** @param name - of a file in the folder that run.sh has built into, without `.tar` */
  static async open(name: string): Promise<Image> {
    const opened = Image.#opened.get(name) ?? Image.#unpack(name);
    Image.#opened.set(name, opened);
    return await opened;
  }

  static async #unpack(name: string): Promise<Image> {
    const folder = imageFolder();
    const unpacked = await mkdtemp(path.join(folder, `${name}-`));
    await run("tar", ["-xf", path.join(folder, `${name}.tar`), "-C", unpacked]);
    const [manifest] = JSON.parse(await readFile(path.join(unpacked, "manifest.json"), "utf8")) as {
      Config: string;
      Layers: string[];
    }[];
    if (manifest === undefined) throw new Error(`${name}.tar holds no image`);
    const rootfs = path.join(unpacked, "rootfs");
    await mkdir(rootfs);
    const files: ImageFile[] = [];
    for (const layer of manifest.Layers) {
      const file = path.join(unpacked, layer);
      const { stdout } = await run("tar", ["-tvf", file], { maxBuffer: 64 * 1024 * 1024 });
      files.push(...stdout.split("\n").filter(Boolean).map(fileOf));
      await run("tar", ["-xpf", file, "-C", rootfs]);
    }
    const config = JSON.parse(await readFile(path.join(unpacked, manifest.Config), "utf8")) as ImageConfig;
    return new Image(config, path.basename(manifest.Config, ".json"), rootfs, files);
  }

  async read(file: string): Promise<string> {
    return await readFile(path.join(this.rootfs, file), "utf8");
  }
}

/** Where run.sh has built the images. */
export function imageFolder(): string {
  const folder = process.env["IMAGE_FOLDER"];
  if (folder === undefined) throw new Error("run these tests with `npm run test:image`");
  return folder;
}

function fileOf(line: string): ImageFile {
  const [, mode, name] = /^(\S+)\s+\S+\s+\S+\s+\S+\s+\S+\s+(.*?)(?: -> .*| link to .*)?$/.exec(line) ?? [];
  if (mode === undefined || name === undefined) throw new Error(`tar says: ${line}`);
  return { mode, name: `/${name.replace(/^\.?\//, "").replace(/\/$/, "")}` };
}
