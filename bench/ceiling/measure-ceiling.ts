import type { EmulatorProcess } from "../emulator/emulator-process.js";
import type { Scale } from "../scenario.js";
import type { Ceiling } from "./ceiling.js";
import { measureMounts } from "./measure-mounts.js";
import { measureVault } from "./measure-vault.js";

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
