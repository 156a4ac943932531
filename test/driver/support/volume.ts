import { readFileSync } from "node:fs";
import { lstat, readdir, readFile, readlink, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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

/** What the kubelet knows of a volume. */
export interface VolumeParts {
  readonly volumeId: string;
  /** The driver that runs now. */
  readonly csi: () => CsiClient;
  /** What is sent now: tokens are made anew each time. */
  readonly request: () => Promise<Pick<PublishRequest, "secrets" | "volumeContext">>;
  /** How long a call may take, in milliseconds; default the kubelet's two minutes. */
  readonly deadlineMs: number | undefined;
  /** True when the driver misses a class that the API server has. */
  readonly isEarly: (message: string) => boolean;
}

/** How long the driver may take to hear of a class. */
const CLASS_LIMIT_MS = 20_000;

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error;
}

/** One volume of one pod: what the kubelet does with it, and what the pod sees in it. */
export class Volume {
  readonly targetPath: string;
  readonly #kubelet: VolumeParts;

  constructor(targetPath: string, kubelet: VolumeParts) {
    this.targetPath = targetPath;
    this.#kubelet = kubelet;
  }

  /**
   * Mounts, or asks again for what is mounted. The driver hears of a new class a moment after the API server does: as
   * long as it says that there is none, it is asked again, as the kubelet would.
   * @throws a gRPC error
   */
  async publish(): Promise<void> {
    const endMs = performance.now() + CLASS_LIMIT_MS;
    for (;;) {
      try {
        await this.#publishOnce();
        return;
      } catch (error) {
        const isEarly = isServiceError(error) && this.#kubelet.isEarly(error.details);
        if (!isEarly || performance.now() > endMs) throw error;
        await this.#clearUp(error.code);
        await sleep(50);
      }
    }
  }

  /** Expects that the driver refuses to mount, and clears up as the kubelet does. */
  async refusal(): Promise<Refusal> {
    try {
      await this.publish();
    } catch (error) {
      if (!isServiceError(error)) throw error;
      await this.#clearUp(error.code);
      return { status: status[error.code] as keyof typeof status, message: error.details };
    }
    throw new Error(`the driver mounted: ${(await this.list()).join(", ")}`);
  }

  async #publishOnce(): Promise<void> {
    const { csi, volumeId, request, deadlineMs } = this.#kubelet;
    const parts = { volumeId, targetPath: this.targetPath, readonly: true, ...(await request()) };
    await csi().publish(parts, deadlineMs);
  }

  async #clearUp(code: status): Promise<void> {
    if (!UNCERTAIN.has(code)) await rm(this.targetPath, { recursive: true, force: true });
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
    const { csi, volumeId } = this.#kubelet;
    await csi().unpublish(volumeId, this.targetPath);
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
