import os from "node:os";

/** Where the numbers were made. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** The Node of the load generator and of the emulator. */
  readonly nodeVersion: string;
}

export function describeMachine(): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    kernel: `${os.type()} ${os.release().split("-")[0] ?? ""}`,
    nodeVersion: process.version,
  };
}
