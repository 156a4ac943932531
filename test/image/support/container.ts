import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { imageFolder } from "./image.js";

export interface ContainerOptions {
  /** The image's files. */
  readonly rootfs: string;
  /** What the process is: the image's entry point and its arguments. */
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly uid: number;
  readonly gid: number;
  /** Folders and files of this machine, by their place in the container. */
  readonly mounts?: readonly {
    readonly source: string;
    readonly target: string;
    readonly isWritable?: boolean;
  }[];
}

/**
 * Starts a process as a hardened pod would: its root file system is read-only, all capabilities are dropped, no privilege
 * can be gained, and it is process 1 of its own. The network is this machine's, so that it reaches the doubles.
 */
export async function startContainer(options: ContainerOptions): Promise<ChildProcess> {
  const bundle = path.join(imageFolder(), `bundle-${randomUUID()}`);
  await mkdir(bundle);
  await writeFile(path.join(bundle, "config.json"), JSON.stringify(specOf(options)));
  return spawn(
    "runc",
    ["--root", path.join(imageFolder(), "runc"), "run", "--bundle", bundle, path.basename(bundle)],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
}

/** @see https://github.com/opencontainers/runtime-spec/blob/main/config.md */
function specOf({ rootfs, args, env, uid, gid, mounts = [] }: ContainerOptions): object {
  const none: string[] = [];
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: { uid, gid },
      args,
      env,
      cwd: "/",
      capabilities: { bounding: none, effective: none, permitted: none, inheritable: none, ambient: none },
      noNewPrivileges: true,
    },
    root: { path: rootfs, readonly: true },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755", "size=64k"] },
      ...mounts.map(({ source, target, isWritable = false }) => ({
        destination: target,
        type: "bind",
        source,
        options: ["bind", "nosuid", "nodev", "noexec", isWritable ? "rw" : "ro"],
      })),
    ],
    linux: {
      namespaces: ["pid", "mount", "ipc", "uts"].map((type) => ({ type })),
      maskedPaths: ["/proc/kcore", "/proc/keys", "/proc/sched_debug"],
      readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    },
  };
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Waits for its end. @returns the exit code, and all that it wrote */
export async function endOf(child: ChildProcess): Promise<Ended> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  return { code, output };
}
