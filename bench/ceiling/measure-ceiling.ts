import type { EmulatorProcess } from "../emulator/emulator-process.js";
import type { Scale } from "../scenario.js";
import { measureMounts } from "./measure-mounts.js";
import { measureVault } from "./measure-vault.js";

/** What the bench itself gives and takes: no provider can look faster. */
export interface Ceiling {
  readonly what: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Shares of the time, 0 to 1. */
  readonly emulatorBusy: number;
  readonly clientBusy: number;
}

/**
 * Measures the bench's own parts. Also warms them up and makes the vault's certificates, so that the first provider
 * does not pay for that.
 */
export async function measureCeiling(
  emulator: EmulatorProcess,
  scale: Scale,
  signal: AbortSignal,
): Promise<Ceiling[]> {
  const forMs = scale === "full" ? 3_000 : 50;
  return [
    ...(await measureVault(emulator, forMs, signal)),
    ...(await measureMounts(emulator, forMs, signal)),
  ];
}
