import { readFileSync } from "node:fs";
import { lstat, readdir, readFile, readlink, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { status, type ServiceError } from "@grpc/grpc-js";
import type { CsiClient, PublishRequest } from "./csi-client.js";

/**
 * After these the kubelet takes it that the driver may be at work still, and leaves the folder where it is.
 * @see isFinalError in pkg/volume/csi/csi_client.go of Kubernetes
 */
const UNCERTAIN: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.UNAVAILABLE,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
]);

/** How the driver refused. */
export interface Refusal {
  readonly status: keyof typeof status;
  readonly message: string;
}

/** One volume of one pod: what the kubelet does with it, and what the pod sees in it. */
export class Volume {
  readonly targetPath: string;
  readonly #csi: () => CsiClient;
  readonly #volumeId: string;
  readonly #request: () => Promise<Pick<PublishRequest, "secrets" | "volumeContext">>;

  /**
   * @param csi - the driver that runs now
   * @param request - what the kubelet sends now: tokens are made anew each time
   */
  constructor(
    csi: () => CsiClient,
    targetPath: string,
    volumeId: string,
    request: () => Promise<Pick<PublishRequest, "secrets" | "volumeContext">>,
  ) {
    this.#csi = csi;
    this.targetPath = targetPath;
    this.#volumeId = volumeId;
    this.#request = request;
  }

  /** Mounts, or asks again for what is mounted. @throws a gRPC error */
  async publish(): Promise<void> {
    await this.#csi().publish({
      volumeId: this.#volumeId,
      targetPath: this.targetPath,
      readonly: true,
      ...(await this.#request()),
    });
  }

  /** Expects that the driver refuses to mount, and clears up as the kubelet does. */
  async refusal(): Promise<Refusal> {
    try {
      await this.publish();
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error)) throw error;
      const { code, details } = error as ServiceError;
      if (!UNCERTAIN.has(code)) await rm(this.targetPath, { recursive: true, force: true });
      return { status: status[code] as keyof typeof status, message: details };
    }
    throw new Error(`the driver mounted: ${(await this.list()).join(", ")}`);
  }

  /**
   * Asks again once the driver's rotation interval has passed: it counts from the time of the folder, which is put back
   * instead of waiting.
   */
  async rotate(): Promise<void> {
    const past = new Date(Date.now() - 3_600_000);
    await utimes(this.targetPath, past, past);
    await this.publish();
  }

  async unpublish(): Promise<void> {
    await this.#csi().unpublish(this.#volumeId, this.targetPath);
  }

  /** What a program in the pod reads. */
  async read(file: string): Promise<string> {
    return (await this.bytes(file)).toString("utf8");
  }

  async bytes(file: string): Promise<Buffer> {
    return await readFile(path.join(this.targetPath, file));
  }

  /** Permission bits of what the name leads to, in octal: "644". */
  async mode(file: string): Promise<string> {
    return ((await stat(path.join(this.targetPath, file))).mode & 0o777).toString(8);
  }

  /** Names that a pod sees at the top, sorted; not the driver's own, which begin with "..". */
  async list(): Promise<string[]> {
    return (await readdir(this.targetPath)).filter((name) => !name.startsWith("..")).sort();
  }

  /** The folder that `..data` leads to: another one after each change, and the only one of its kind. */
  async generation(): Promise<string> {
    const generations = (await readdir(this.targetPath)).filter((name) => /^\.\.\d/.test(name));
    const current = await readlink(path.join(this.targetPath, "..data"));
    if (generations.length !== 1 || generations[0] !== current) {
      throw new Error(`..data leads to ${current}, and there are ${generations.join(", ")}`);
    }
    return current;
  }

  /** The file system that is mounted there, as the kernel says; undefined when none is. */
  get mounted(): string | undefined {
    const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
    return mounts.map((line) => line.split(" ")).find(([, where]) => where === this.targetPath)?.[2];
  }

  /** True when neither a mount nor a folder is left. */
  async isGone(): Promise<boolean> {
    const isThere = await lstat(this.targetPath).then(
      () => true,
      () => false,
    );
    return this.mounted === undefined && !isThere;
  }
}
